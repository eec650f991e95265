#include "load/delivery_tally.h"

#include "base/assert.h"

namespace livetape::bench {

void DeliveryTally::Deliver(Receipts& receipts, int64_t sent_us, int64_t now_us) {
  const bool newer = sent_us > receipts.newest_us;
  if (newer) receipts.newest_us = sent_us;
  if (sent_us < start_us_ || sent_us >= end_us_) return;
  if (one_topic_) {
    if (!newer) {
      ++repeated_;
      return;
    }
    if (sent_us != last_sent_us_) {
      sent_.insert(sent_us);
      last_sent_us_ = sent_us;
    }
  }
  ++got_;
  if (now_us < sent_us) {
    ++from_future_;
    now_us = sent_us;
  }
  latency_us_.Add(static_cast<uint64_t>(now_us - sent_us));
}

uint64_t DeliveryTally::Lost(uint64_t subscribers) const {
  if (!one_topic_) return 0;
  const uint64_t expected = distinct() * subscribers;
  LT_ASSERT(got_ <= expected, "got {} of {}", got_, expected);
  return expected - got_;
}

}  // namespace livetape::bench
