#include "load/equity_watch.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.h"
#include "base/decimal.h"
#include "load/equity_event.h"

namespace livetape::bench {

uint64_t TickOf(std::string_view price) {
  constexpr int64_t kFirst = 1000 * base::kDecimalScale;
  const auto units = base::ParseDecimalUnits(price);
  if (!units || *units <= kFirst || *units >= kFirst + base::kDecimalScale) return 0;
  return static_cast<uint64_t>(*units - kFirst);
}

EquityWatch::EquityWatch(size_t streams, size_t ticks_max, std::string probe)
    : probe_(std::move(probe)), sent_us_(ticks_max), streams_(streams) {}

void EquityWatch::OnSending(uint64_t number, int64_t now_us) {
  LT_ASSERT(number == sent_ + 1 && number <= sent_us_.size(), "tick {}", number);
  sent_us_[number - 1] = now_us;
  sent_.store(number, std::memory_order_release);
}

void EquityWatch::OnPayload(size_t stream, std::string_view event, int64_t now_us) {
  ++events_;
  const auto read = ReadEquityEvent(event, probe_);
  if (!read) return CountStrange(event);
  if (!read->probe) {
    // A stream begins with what was told last, which may be older than the last order.
    if (!streams_[stream].empty()) CountStrange(event);
    return;
  }
  // Sums of a few hundred thousands, in doubles here.
  if (std::abs(read->balance + read->market_value - read->equity) > 1e-6) ++inconsistent_;
  const uint64_t tick = TickOf(*read->probe);
  if (tick > sent_.load(std::memory_order_acquire)) return CountStrange(event);
  std::vector<Arrival>& arrivals = streams_[stream];
  if (tick == 0 || (!arrivals.empty() && tick <= arrivals.back().through)) return;
  arrivals.push_back({tick, now_us});
}

void EquityWatch::CountStrange(std::string_view event) {
  constexpr size_t kShown = 300;
  if (strange_++ == 0) first_strange_ = event.substr(0, kShown);
}

EquityWatch::Latencies EquityWatch::Between(int64_t from_us, int64_t to_us) const {
  Latencies latencies;
  const auto end = sent_us_.begin() + static_cast<std::ptrdiff_t>(sent_.load());
  const auto first = std::lower_bound(sent_us_.begin(), end, from_us);
  const auto last = std::lower_bound(first, end, to_us);
  for (const std::vector<Arrival>& arrivals : streams_) {
    auto arrival = arrivals.begin();
    for (auto sent = first; sent != last; ++sent) {
      const auto number = static_cast<uint64_t>(sent - sent_us_.begin()) + 1;
      while (arrival != arrivals.end() && arrival->through < number) ++arrival;
      if (arrival == arrivals.end()) {
        latencies.missing += static_cast<uint64_t>(last - sent);
        break;
      }
      latencies.took_us.Add(static_cast<uint64_t>(std::max<int64_t>(arrival->time_us - *sent, 0)));
    }
  }
  return latencies;
}

}  // namespace livetape::bench
