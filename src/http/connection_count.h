#pragma once

// ConnectionCount: how many connections one loop has, of any kind, under a limit that all loops of
// the process share. Owned by the loop's thread; only the shared number is touched by others.

#include <atomic>
#include <cstddef>
#include <functional>
#include <utility>

#include "base/assert.h"
#include "http/loop_metrics.h"

namespace livetape::http {

class ConnectionCount {
 public:
  ConnectionCount(std::atomic<size_t>& of_process, size_t limit, LoopMetrics& metrics)
      : of_process_(of_process), limit_(limit), metrics_(metrics) {}

  // False, and counted as refused, at the limit.
  bool Add() {
    if (of_process_.fetch_add(1, std::memory_order_relaxed) >= limit_) {
      of_process_.fetch_sub(1, std::memory_order_relaxed);
      metrics_.connections_refused.Add();
      return false;
    }
    metrics_.connections.Set(static_cast<int64_t>(++count_));
    return true;
  }

  void Remove() {
    LT_ASSERT(count_ > 0);
    of_process_.fetch_sub(1, std::memory_order_relaxed);
    metrics_.connections.Set(static_cast<int64_t>(--count_));
    TellIfNone();
  }

  size_t count() const { return count_; }

  // Calls `task` once, when the loop has no connection: now, or with the last Remove.
  void WhenNone(std::function<void()> task) {
    when_none_ = std::move(task);
    TellIfNone();
  }

 private:
  void TellIfNone() {
    if (count_ == 0 && when_none_) std::exchange(when_none_, nullptr)();
  }

  std::atomic<size_t>& of_process_;
  const size_t limit_;
  LoopMetrics& metrics_;
  size_t count_ = 0;
  std::function<void()> when_none_;
};

}  // namespace livetape::http
