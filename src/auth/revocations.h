#pragma once

// RevokedSessions: the sessions (`sid`) whose tokens count no more. Any thread, many readers.
//
// Holds at most `limit` sessions; Add says so at the limit, and the caller refuses the request
// rather than forget an older revocation. Nothing leaves the set: when an old one may be forgotten
// is decided by who fills it at start.

#include <atomic>
#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace livetape::auth {

class RevokedSessions {
 public:
  static constexpr size_t kLimit = 1'000'000;

  explicit RevokedSessions(size_t limit = kLimit) : limit_(limit) {}

  // False: the set is full, and the session is not in it. One that is in it already is true.
  [[nodiscard]] bool Add(std::string_view session);
  // An empty `session`, which is that of a token without `sid`, is never revoked.
  bool Contains(std::string_view session) const;
  size_t size() const { return size_.load(std::memory_order_acquire); }

 private:
  struct Hash {
    // NOLINTNEXTLINE(readability-identifier-naming): the standard library's name
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  const size_t limit_;
  std::atomic<size_t> size_ = 0;  // so that a server that revoked nothing takes no lock
  mutable std::shared_mutex mutex_;
  std::unordered_set<std::string, Hash, std::equal_to<>> sessions_;
};

}  // namespace livetape::auth
