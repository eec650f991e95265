#include "auth/token_verifier.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>

#include "auth/base64.h"
#include "auth/strict_json.h"
#include "base/assert.h"

namespace livetape::auth {
namespace {

namespace json = boost::json;
using Reason = std::string;

struct Parts {
  std::string_view header, payload, signature;
  std::string_view signed_text;  // header.payload
};

std::optional<Parts> Split(std::string_view token) {
  if (std::ranges::count(token, '.') != 2) return std::nullopt;
  const size_t first = token.find('.');
  const size_t second = token.rfind('.');
  return Parts{.header = token.substr(0, first),
               .payload = token.substr(first + 1, second - first - 1),
               .signature = token.substr(second + 1),
               .signed_text = token.substr(0, second)};
}

std::optional<json::object> DecodeObject(std::string_view part) {
  const auto text = DecodeBase64Url(part);
  return text ? ParseStrictObject(*text) : std::nullopt;
}

std::expected<Claims, Reason> ReadPayload(const Parts& parts, base::WallTime now) {
  const auto payload = DecodeObject(parts.payload);
  if (!payload) return std::unexpected("malformed payload");
  return ReadClaims(*payload, now);
}

struct Header {
  std::string key_id;  // empty: none
};

std::expected<Header, Reason> ReadHeader(std::string_view part, Algorithm algorithm) {
  const auto object = DecodeObject(part);
  if (!object) return std::unexpected("malformed header");
  const json::value* alg = object->if_contains("alg");
  if (alg == nullptr || !alg->is_string() || alg->get_string() != Name(algorithm)) {
    return std::unexpected("wrong algorithm");
  }
  // It names extensions that whoever does not know them must not pass over (RFC 7515, 4.1.11).
  if (object->contains("crit")) return std::unexpected("unknown critical header");
  Header header;
  if (const json::value* kid = object->if_contains("kid"); kid != nullptr) {
    if (!kid->is_string()) return std::unexpected("kid is not a string");
    header.key_id.assign(kid->get_string().data(), kid->get_string().size());
  }
  return header;
}

std::expected<void, Reason> CheckSignature(const KeySet& set, const Header& header,
                                           const Parts& parts) {
  const auto signature = DecodeBase64Url(parts.signature);
  if (!signature) return std::unexpected("malformed signature");
  bool tried = false;
  for (const NamedKey& named : set.keys) {
    if (!header.key_id.empty() && !named.id.empty() && header.key_id != named.id) continue;
    tried = true;
    if (named.key.Verify(parts.signed_text, *signature)) return {};
  }
  return std::unexpected(tried ? "bad signature" : "unknown key");
}

}  // namespace

base::Result<std::unique_ptr<TokenVerifier>> TokenVerifier::Open(KeySource source) {
  const FileVersion version = VersionOf(source.file);
  auto keys = ReadKeys(source);
  if (!keys) return std::unexpected(keys.error());
  return std::unique_ptr<TokenVerifier>(
      new TokenVerifier(std::move(source), version, std::move(*keys)));
}

TokenVerifier::TokenVerifier(KeySet keys) : keys_(std::make_shared<const KeySet>(std::move(keys))) {
  LT_ASSERT(!keys_->keys.empty());
}

TokenVerifier::TokenVerifier(KeySource source, FileVersion version, KeySet keys)
    : source_(std::move(source)),
      seen_(version),
      keys_(std::make_shared<const KeySet>(std::move(keys))) {
  LT_ASSERT(!keys_->keys.empty());
}

std::shared_ptr<const KeySet> TokenVerifier::keys() const {
  const std::scoped_lock lock(mutex_);
  return keys_;
}

TokenVerifier::FileVersion TokenVerifier::VersionOf(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return {};
  constexpr int64_t kSecond = 1'000'000'000;
  return {.changed_ns = status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec,
          .size = status.st_size,
          .inode = status.st_ino};
}

std::expected<Claims, std::string> TokenVerifier::Verify(std::string_view token,
                                                         base::WallTime now) const {
  if (token.size() > kTokenBytesMax) return std::unexpected("token too long");
  const auto parts = Split(token);
  if (!parts) return std::unexpected("malformed token");
  const auto set = keys();
  const auto header = ReadHeader(parts->header, set->keys.front().key.algorithm());
  if (!header) return std::unexpected(header.error());
  if (const auto right = CheckSignature(*set, *header, *parts); !right) {
    return std::unexpected(right.error());
  }
  return ReadPayload(*parts, now);
}

std::expected<Claims, std::string> TokenVerifier::Read(std::string_view token, base::WallTime now) {
  if (token.size() > kTokenBytesMax) return std::unexpected("token too long");
  const auto parts = Split(token);
  if (!parts) return std::unexpected("malformed token");
  return ReadPayload(*parts, now);
}

base::Result<bool> TokenVerifier::ReloadIfChanged() {
  if (!source_) return false;
  // Before it is read: a file that changes meanwhile is another one the next time.
  const FileVersion version = VersionOf(source_->file);
  if (version == seen_) return false;
  seen_ = version;
  auto read = ReadKeys(*source_);
  if (!read) {
    return base::Fail(read.error().message + "; the keys read before stay in use");
  }
  auto keys = std::make_shared<const KeySet>(std::move(*read));
  const std::scoped_lock lock(mutex_);
  keys_ = std::move(keys);
  return true;
}

}  // namespace livetape::auth
