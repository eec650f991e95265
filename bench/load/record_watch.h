#pragma once

// RecordWatch: whether every subscriber of one stream of records gets each record once and in order,
// by the numbers in the ids, and how long those that carry their send time took. Owned by one thread.

#include <cstdint>
#include <string_view>
#include <vector>

#include "load/fleet.h"
#include "load/histogram.h"
#include "load/record_order.h"
#include "load/send_time.h"

namespace livetape::bench {

class RecordWatch final : public PayloadObserver {
 public:
  explicit RecordWatch(size_t subscribers) : orders_(subscribers) {}

  void OnPayload(size_t subscriber, std::string_view event, int64_t now_us) override;

  // Send times from `start_us` on count for the latency; before Open none does.
  void Open(int64_t start_us) { start_us_ = start_us; }
  void Close(int64_t end_us) { end_us_ = end_us; }

  // Holes in the numbers of all subscribers together, and what the one that has come furthest has and
  // others have not. So 0 once all have all.
  uint64_t missed() const;
  uint64_t repeated() const;
  uint64_t without_id() const { return without_id_; }
  const LatencyHistogram& latency_us() const { return latency_us_; }

 private:
  std::vector<RecordOrder> orders_;
  SendTimeReader send_time_;
  LatencyHistogram latency_us_;
  int64_t start_us_ = INT64_MAX, end_us_ = INT64_MAX;
  uint64_t without_id_ = 0;
};

}  // namespace livetape::bench
