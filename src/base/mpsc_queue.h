#pragma once

// MpscQueue: a bounded queue of values from many threads to one.
//
// A mutex held for one move: producers are request handlers and jobs, thousands a second, not
// market data (that is SpscQueue's). The consumer takes all that is there in one go.

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace livetape::base {

template <typename T>
class MpscQueue {
 public:
  explicit MpscQueue(size_t capacity) : capacity_(capacity) { LT_ASSERT(capacity > 0); }

  // Any thread. False, and `value` untouched, when full.
  bool Push(T&& value) {
    const std::scoped_lock lock(mutex_);
    if (values_.size() >= capacity_) return false;
    values_.push_back(std::move(value));
    return true;
  }

  // Consumer: replaces `out` by everything queued, in order of arrival.
  void PopAll(std::vector<T>& out) {
    out.clear();
    const std::scoped_lock lock(mutex_);
    values_.swap(out);
  }

  size_t Size() const {
    const std::scoped_lock lock(mutex_);
    return values_.size();
  }
  size_t capacity() const { return capacity_; }

 private:
  const size_t capacity_;
  mutable std::mutex mutex_;
  std::vector<T> values_;
};

}  // namespace livetape::base
