#pragma once

// TokenVerifier: says who a token's bearer is, or why the token counts for nothing. JSON Web Tokens
// (RFC 7519) in compact form (RFC 7515), signed with HS256, RS256 or ES256 (RFC 7518).
//
// Any thread, several at once; new keys are taken over while others verify with the old ones.
//
// Invariants
//   1. The algorithm is the configured one; what a token's header says can only refuse it.
//   2. Nothing of a token but its header is looked at before its signature has been found right.
//   3. There is always a usable set of keys: a broken new file changes nothing.

#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/claims.h"
#include "auth/key_file.h"
#include "base/clock.h"
#include "base/result.h"

namespace livetape::auth {

inline constexpr size_t kTokenBytesMax = 8192;  // a longer one is refused: "token too long"

class TokenVerifier {
 public:
  // Reads the keys. The error names the file and what it must hold.
  static base::Result<std::unique_ptr<TokenVerifier>> Open(KeySource source);
  // With keys that never change.
  explicit TokenVerifier(KeySet keys);

  // The reason is short, ASCII, tells nothing of the key or the token's content, and may stand
  // between quotes in WWW-Authenticate.
  std::expected<Claims, std::string> Verify(std::string_view token, base::WallTime now) const;
  // The same of a token whose signature the caller has made.
  static std::expected<Claims, std::string> Read(std::string_view token, base::WallTime now);

  // Looks whether the file is another one (its time of change, size or inode), and if so reads it:
  // true, new keys are in use. If it cannot be used the error is told once for each change and the
  // old keys stay. To be called now and then, by any one thread.
  base::Result<bool> ReloadIfChanged();

  // How the keys were read, for the log.
  std::vector<std::string> notes() const { return keys()->notes; }

 private:
  // What tells one content of a file from another.
  struct FileVersion {
    int64_t changed_ns = 0;
    int64_t size = -1;  // no file
    uint64_t inode = 0;
    friend bool operator==(const FileVersion&, const FileVersion&) = default;
  };

  TokenVerifier(KeySource source, FileVersion version, KeySet keys);
  static FileVersion VersionOf(const std::filesystem::path& file);
  std::shared_ptr<const KeySet> keys() const;

  const std::optional<KeySource> source_;
  FileVersion seen_;  // ReloadIfChanged only
  mutable std::mutex mutex_;
  std::shared_ptr<const KeySet> keys_;  // under mutex_; never empty
};

}  // namespace livetape::auth
