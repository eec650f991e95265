#include "auth/revocations.h"

#include <mutex>

namespace livetape::auth {

bool RevokedSessions::Add(std::string_view session) {
  if (session.empty()) return true;
  const std::unique_lock lock(mutex_);
  if (sessions_.contains(session)) return true;
  if (sessions_.size() >= limit_) return false;
  sessions_.emplace(session);
  size_.store(sessions_.size(), std::memory_order_release);
  return true;
}

bool RevokedSessions::Contains(std::string_view session) const {
  if (session.empty() || size() == 0) return false;
  const std::shared_lock lock(mutex_);
  return sessions_.contains(session);
}

}  // namespace livetape::auth
