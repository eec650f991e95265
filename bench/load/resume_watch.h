#pragma once

// The two observers of a resume: those who listen live all the while, and those who come back.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load/fleet.h"
#include "load/histogram.h"
#include "load/record_order.h"
#include "load/send_time.h"

namespace livetape::bench {

// Sums of what RecordOrder found at each subscriber.
struct OrderFaults {
  uint64_t missed = 0, repeated = 0;
};

// LiveWatch: when each record was sent and how long it took, for every live subscriber, so that
// the latencies of any span of time can be told afterwards. The live thread owns it; newest() and
// epoch() are for any thread, the results for whoever has joined it.
class LiveWatch : public PayloadObserver {
 public:
  // Keeps at most `deliveries_max`; those beyond are counted in unkept().
  LiveWatch(size_t subscribers, size_t deliveries_max);

  void OnPayload(size_t subscriber, std::string_view event, int64_t now_us) override;

  // Number of the newest record that anybody got; 0 before the first.
  uint64_t newest() const { return newest_.load(std::memory_order_acquire); }
  // Of the records' ids; to be read once newest() is not 0.
  const std::string& epoch() const { return epoch_; }

  // Latencies of the records sent from `from_us` until `to_us`, exclusive.
  LatencyHistogram Between(int64_t from_us, int64_t to_us) const;
  OrderFaults faults() const;
  uint64_t unkept() const { return unkept_; }

 private:
  struct Delivery {
    int64_t sent_us = 0;
    int64_t took_us = 0;
  };

  const size_t deliveries_max_;
  std::vector<Delivery> deliveries_;
  std::vector<RecordOrder> orders_;
  SendTimeReader send_time_;
  std::string epoch_;  // written once, before newest_ is not 0
  std::atomic<uint64_t> newest_ = 0;
  uint64_t unkept_ = 0;
};

// CatchUpWatch: how far those who came back have come, and whether they got each record once. They
// have caught up with the record `target`, the newest when they came. Owned by one thread.
class CatchUpWatch : public PayloadObserver {
 public:
  CatchUpWatch(size_t subscribers, uint64_t after, uint64_t target, int64_t start_us);

  void OnPayload(size_t subscriber, std::string_view event, int64_t now_us) override;

  size_t caught_up() const { return static_cast<size_t>(time_us_.count()); }
  bool all_caught_up() const { return caught_up() == orders_.size(); }
  // From the start until a subscriber had caught up.
  const LatencyHistogram& time_us() const { return time_us_; }
  OrderFaults faults() const;

 private:
  const uint64_t target_;
  const int64_t start_us_;
  std::vector<RecordOrder> orders_;
  LatencyHistogram time_us_;
};

}  // namespace livetape::bench
