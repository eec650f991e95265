#pragma once

// DeliveryTally: what was delivered of the events sent in one window of time, and what was lost.
//
// All subscribers listen to the same topic, so each should get each event once, in order. An
// event is known by its send time: two events of one topic never carry the same microsecond.
// What one subscriber got and another did not is lost. Owned by the load loop's thread.
//
// Invariants:
//  1. Between deliveries, got() <= distinct() * subscribers.
//  2. A subscriber's count only holds events sent inside the window, each once.

#include <cstdint>
#include <unordered_set>

#include "load/histogram.h"

namespace livetape::bench {

// One subscriber's part of the tally.
struct Receipts {
  int64_t newest_us = INT64_MIN;  // send time of the newest event it got
};

class DeliveryTally {
 public:
  // `one_topic` false: the stream mixes topics whose events may share a send time, so loss and
  // order cannot be told from it; deliveries and latencies can.
  explicit DeliveryTally(bool one_topic) : one_topic_(one_topic) {}

  // Events sent from `start_us` on count; before Open none does. Then until `end_us`, exclusive.
  void Open(int64_t start_us) { start_us_ = start_us; }
  void Close(int64_t end_us) { end_us_ = end_us; }

  // A subscriber got, at `now_us`, the event sent at `sent_us`.
  void Deliver(Receipts& receipts, int64_t sent_us, int64_t now_us);

  uint64_t got() const { return got_; }
  uint64_t distinct() const { return sent_.size(); }
  // Deliveries that `subscribers` should have had and did not get; 0 with several topics.
  uint64_t Lost(uint64_t subscribers) const;
  // Deliveries of an event that was not newer than the subscriber's last one.
  uint64_t repeated() const { return repeated_; }
  // Deliveries before they were sent: the machine's clock was set back.
  uint64_t from_future() const { return from_future_; }
  const LatencyHistogram& latency_us() const { return latency_us_; }

 private:
  const bool one_topic_;
  int64_t start_us_ = INT64_MAX;
  int64_t end_us_ = INT64_MAX;
  std::unordered_set<int64_t> sent_;
  int64_t last_sent_us_ = INT64_MIN;
  uint64_t got_ = 0;
  uint64_t repeated_ = 0;
  uint64_t from_future_ = 0;
  LatencyHistogram latency_us_;
};

}  // namespace livetape::bench
