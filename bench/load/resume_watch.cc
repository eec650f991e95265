#include "load/resume_watch.h"

#include <algorithm>

namespace livetape::bench {
namespace {

OrderFaults SumOf(const std::vector<RecordOrder>& orders) {
  OrderFaults faults;
  for (const RecordOrder& order : orders) {
    faults.missed += order.missed();
    faults.repeated += order.repeated();
  }
  return faults;
}

}  // namespace

LiveWatch::LiveWatch(size_t subscribers, size_t deliveries_max)
    : deliveries_max_(deliveries_max), orders_(subscribers) {
  deliveries_.reserve(deliveries_max);
}

void LiveWatch::OnPayload(size_t subscriber, std::string_view event, int64_t now_us) {
  const auto id = RecordIdOf(event);
  const auto sent_us = send_time_.Read(event);
  if (!id || !sent_us) {
    ++unkept_;
    return;
  }
  orders_[subscriber].Take(id->seq);
  if (newest_.load(std::memory_order_relaxed) == 0) epoch_ = id->epoch;
  if (id->seq > newest_.load(std::memory_order_relaxed)) {
    newest_.store(id->seq, std::memory_order_release);
  }
  if (deliveries_.size() == deliveries_max_) {
    ++unkept_;
    return;
  }
  deliveries_.push_back({*sent_us, std::max<int64_t>(now_us - *sent_us, 0)});
}

LatencyHistogram LiveWatch::Between(int64_t from_us, int64_t to_us) const {
  LatencyHistogram latency;
  for (const Delivery& delivery : deliveries_) {
    if (delivery.sent_us < from_us || delivery.sent_us >= to_us) continue;
    latency.Add(static_cast<uint64_t>(delivery.took_us));
  }
  return latency;
}

OrderFaults LiveWatch::faults() const { return SumOf(orders_); }

CatchUpWatch::CatchUpWatch(size_t subscribers, uint64_t after, uint64_t target, int64_t start_us)
    : target_(target), start_us_(start_us), orders_(subscribers, RecordOrder(after)) {}

void CatchUpWatch::OnPayload(size_t subscriber, std::string_view event, int64_t now_us) {
  const auto id = RecordIdOf(event);
  if (!id) return;
  RecordOrder& order = orders_[subscriber];
  const bool before = order.last() < target_;
  order.Take(id->seq);
  if (before && order.last() >= target_) {
    time_us_.Add(static_cast<uint64_t>(std::max<int64_t>(now_us - start_us_, 0)));
  }
}

OrderFaults CatchUpWatch::faults() const { return SumOf(orders_); }

}  // namespace livetape::bench
