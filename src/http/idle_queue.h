#pragma once

// IdleQueue: work of one event loop that gives way to all other work of it, such as requests whose
// body is so large that to read it takes a millisecond. First come, first served. Owned by the loop's
// thread.
//
// The next task runs when the loop has gone round once without anything else to do, and after
// kPatience at the latest, one task at a time: others then wait for one task and not for the queue.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>

#include "base/clock.h"
#include "http/loop_metrics.h"

namespace boost::asio {
class io_context;
}

namespace livetape::http {

class IdleQueue {
 public:
  static constexpr std::chrono::milliseconds kPatience{10};

  // The references outlive it; it outlives the loop's run.
  IdleQueue(boost::asio::io_context& io, const base::Clock& clock, LoopMetrics& metrics)
      : io_(io), clock_(clock), metrics_(metrics) {}
  IdleQueue(const IdleQueue&) = delete;
  IdleQueue& operator=(const IdleQueue&) = delete;

  void Put(std::function<void()> task);
  // Drops what waits.
  void Clear() { tasks_.clear(); }

 private:
  void GoRound();

  boost::asio::io_context& io_;
  const base::Clock& clock_;
  LoopMetrics& metrics_;
  std::deque<std::function<void()>> tasks_;
  bool going_round_ = false;
  uint64_t turns_seen_ = 0;
  base::MonoTime last_run_;  // or when the first of those that wait came
};

}  // namespace livetape::http
