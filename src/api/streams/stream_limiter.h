#pragma once

// StreamLimiter: how many streams one client address, or one token's subject, may hold open (API
// section 4).

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace livetape::api {

// The owner of streams that were opened with a token: its subject, wherever they come from. Others
// count for their http::AddressKey.
uint64_t SubjectKey(std::string_view subject);

// Thread-safe.
class StreamLimiter {
 public:
  // One counted stream; counted no more when it is destroyed.
  class Ticket {
   public:
    Ticket(StreamLimiter& limiter, uint64_t owner) : limiter_(limiter), owner_(owner) {}
    ~Ticket() { limiter_.Release(owner_); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

   private:
    StreamLimiter& limiter_;
    const uint64_t owner_;
  };

  // 0 means no limit.
  StreamLimiter(size_t per_address, size_t total) : per_address_(per_address), total_(total) {}

  // Counts one more stream; null, and not counted, when a limit is reached. The limiter outlives
  // the ticket.
  std::shared_ptr<Ticket> Acquire(uint64_t owner);

 private:
  void Release(uint64_t owner);

  const size_t per_address_, total_;
  std::mutex mutex_;
  std::unordered_map<uint64_t, size_t> open_;
  size_t open_in_all_ = 0;
};

}  // namespace livetape::api
