#include "load/record_watch.h"

#include <algorithm>

namespace livetape::bench {

void RecordWatch::OnPayload(size_t subscriber, std::string_view event, int64_t now_us) {
  if (const auto id = RecordIdOf(event)) {
    orders_[subscriber].Take(id->seq);
  } else {
    ++without_id_;
  }
  const auto sent_us = send_time_.Read(event);
  if (!sent_us || *sent_us < start_us_ || *sent_us >= end_us_) return;
  latency_us_.Add(static_cast<uint64_t>(std::max<int64_t>(now_us - *sent_us, 0)));
}

uint64_t RecordWatch::missed() const {
  uint64_t furthest = 0;
  for (const RecordOrder& order : orders_) furthest = std::max(furthest, order.last());
  uint64_t missed = 0;
  for (const RecordOrder& order : orders_) missed += order.missed() + furthest - order.last();
  return missed;
}

uint64_t RecordWatch::repeated() const {
  uint64_t repeated = 0;
  for (const RecordOrder& order : orders_) repeated += order.repeated();
  return repeated;
}

}  // namespace livetape::bench
