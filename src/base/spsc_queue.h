#pragma once

// SpscQueue: a bounded queue of values from one thread to one other, without locks.
//
// Invariants: (1) head_ <= tail_ <= head_ + capacity; (2) only the producer writes tail_, only
// the consumer head_; (3) a slot between head_ and tail_ holds a live value, every other none.

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "base/assert.h"

namespace livetape::base {

inline constexpr size_t kCacheLine = 64;

template <typename T>
class SpscQueue {
 public:
  // Holds at least `capacity` values (rounded up to a power of two).
  explicit SpscQueue(size_t capacity)
      : mask_(std::bit_ceil(capacity) - 1), slots_(new Slot[mask_ + 1]) {
    LT_ASSERT(capacity > 0);
  }
  SpscQueue(const SpscQueue&) = delete;
  SpscQueue& operator=(const SpscQueue&) = delete;
  ~SpscQueue() {
    while (Pop()) {
    }
  }

  // Producer. False, and `value` untouched, when full.
  bool Push(T&& value) {
    const size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - seen_head_ > mask_) {
      seen_head_ = head_.load(std::memory_order_acquire);
      if (tail - seen_head_ > mask_) return false;
    }
    ::new (slots_[tail & mask_].bytes) T(std::move(value));
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Consumer. Nothing when empty.
  std::optional<T> Pop() {
    const size_t head = head_.load(std::memory_order_relaxed);
    if (head == seen_tail_) {
      seen_tail_ = tail_.load(std::memory_order_acquire);
      if (head == seen_tail_) return std::nullopt;
    }
    T* const slot = std::launder(reinterpret_cast<T*>(slots_[head & mask_].bytes));
    std::optional<T> value(std::move(*slot));
    slot->~T();
    head_.store(head + 1, std::memory_order_release);
    return value;
  }

  // Any thread; exact only when both sides stand still.
  size_t Size() const {
    const size_t head = head_.load(std::memory_order_acquire);
    const size_t tail = tail_.load(std::memory_order_acquire);
    return tail - head;
  }
  bool Empty() const { return Size() == 0; }
  size_t capacity() const { return mask_ + 1; }

 private:
  struct Slot {
    alignas(T) std::byte bytes[sizeof(T)];
  };

  const size_t mask_;
  const std::unique_ptr<Slot[]> slots_;
  alignas(kCacheLine) std::atomic<size_t> head_ = 0;
  size_t seen_tail_ = 0;  // consumer's last look at tail_
  alignas(kCacheLine) std::atomic<size_t> tail_ = 0;
  size_t seen_head_ = 0;  // producer's last look at head_
};

}  // namespace livetape::base
