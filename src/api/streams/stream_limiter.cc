#include "api/streams/stream_limiter.h"

#include <functional>

#include "base/assert.h"

namespace livetape::api {
uint64_t SubjectKey(std::string_view subject) {
  // No address in use has such a key (http/address_key.h).
  return std::hash<std::string_view>()(subject) | uint64_t{0xfe} << 56;
}

std::shared_ptr<StreamLimiter::Ticket> StreamLimiter::Acquire(uint64_t owner) {
  const std::scoped_lock lock(mutex_);
  if (total_ != 0 && open_in_all_ >= total_) return nullptr;
  const auto at = open_.find(owner);
  if (per_address_ != 0 && at != open_.end() && at->second >= per_address_) return nullptr;
  ++open_[owner];
  ++open_in_all_;
  return std::make_shared<Ticket>(*this, owner);
}

void StreamLimiter::Release(uint64_t owner) {
  const std::scoped_lock lock(mutex_);
  const auto at = open_.find(owner);
  LT_ASSERT(at != open_.end(), "owner {:x}", owner);
  --open_in_all_;
  if (--at->second == 0) open_.erase(at);
}

}  // namespace livetape::api
