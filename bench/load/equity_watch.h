#pragma once

// EquityWatch: how long each tick of a probe, whose price is its number, takes to the equity event
// of every stream that shows it or a later one.
//
// One thread sends and calls OnSending; another listens and calls OnPayload. The results are for
// whoever has joined both.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load/fleet.h"
#include "load/histogram.h"

namespace livetape::bench {

class EquityWatch : public PayloadObserver {
 public:
  // Of `ticks_max` ticks of the instrument `probe`, of which every account holds 1.
  EquityWatch(size_t streams, size_t ticks_max, std::string probe);

  // The sending thread: tick `number`, from 1, goes now.
  void OnSending(uint64_t number, int64_t now_us);

  void OnPayload(size_t stream, std::string_view event, int64_t now_us) override;

  struct Latencies {
    LatencyHistogram took_us;
    uint64_t missing = 0;  // ticks that a stream has not shown, nor any later one
  };
  // Of the ticks sent from `from_us` until `to_us`, exclusive, on all streams.
  Latencies Between(int64_t from_us, int64_t to_us) const;

  uint64_t events() const { return events_; }
  // Events without the probe on a stream that has shown a tick, or of a form that is not known.
  uint64_t strange() const { return strange_; }
  // The beginning of the first such one, for a message.
  const std::string& first_strange() const { return first_strange_; }
  // Events whose equity is not cash and positions at the prices shown.
  uint64_t inconsistent() const { return inconsistent_; }

 private:
  struct Arrival {
    uint64_t through = 0;  // the newest tick shown first by this event
    int64_t time_us = 0;
  };

  void CountStrange(std::string_view event);

  const std::string probe_;
  std::vector<int64_t> sent_us_;  // by number - 1
  std::atomic<uint64_t> sent_ = 0;
  std::vector<std::vector<Arrival>> streams_;  // arrivals of each, in order
  std::string first_strange_;
  uint64_t events_ = 0, strange_ = 0, inconsistent_ = 0;
};

// The price of tick `number`, as text: 1000 and so many units of 10^-9. Its last kSerialDigits are
// the number.
inline constexpr std::string_view kProbePrice = "1000.000000000";
// The number of the tick with that price, or that value of 1; 0: none has it.
uint64_t TickOf(std::string_view price);

}  // namespace livetape::bench
