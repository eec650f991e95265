#pragma once

// BarFeed: the bars of one symbol within a range of time, one by one, each checked. One thread owns
// it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/backtest/bar_hash.h"
#include "jobs/bar_reader.h"
#include "market/sessions.h"
#include "model/bar.h"

namespace livetape::jobs {

struct TimeRange {
  std::optional<base::WallTime> from, to;  // both inclusive
};

// Bars that start from `first` to `last`, both inclusive, which a strategy must not be given.
struct ForbiddenSpan {
  base::WallTime first, last;
  std::string why;
};

class BarFeed {
 public:
  // `reader` outlives it. A forbidden bar in the range is a fault. `hours` say whose weekends
  // weekends() means.
  BarFeed(std::string symbol, BarReader& reader, const TimeRange& range,
          std::optional<ForbiddenSpan> forbidden = std::nullopt,
          market::Hours hours = market::Hours::kAlways);
  BarFeed(const BarFeed&) = delete;  // bar() may be in it
  BarFeed& operator=(const BarFeed&) = delete;

  // To the first bar. It says what is wrong: no bars in the range, or the first ones are faulty.
  base::Result<void> Start();
  // To the next bar. False: there is none, or fault() says why.
  bool Advance() {
    if (last_) return false;
    // The last one of a chunk is looked at apart: whether it is the last of all, the next chunk says.
    if (next_ + 1 < end_) [[likely]] {
      bar_ = next_++;
      return true;
    }
    return TakeLastOfChunk();
  }
  const model::Bar& bar() const { return *bar_; }
  // No bar follows this one.
  bool last() const { return last_; }
  // Set when bars further on cannot be read or are not bars.
  const std::optional<base::Error>& fault() const { return fault_; }

  // Takes all that is left into hash() and weekends(), or is a fault: that is the end of bar().
  void ReadToEnd();

  const std::string& symbol() const { return symbol_; }
  // So far; bars are counted and hashed a chunk ahead of bar().
  const BarHash& hash() const { return hash_; }
  // A bar begins on a Saturday or Sunday, of New York with the exchange's hours, else UTC.
  bool weekends() const { return weekends_; }

 private:
  bool TakeLastOfChunk();
  // The next chunk with bars in the range; false: none.
  bool Refill();
  bool Admit(std::span<const model::Bar> bars);
  bool AdmitSpan(std::span<const model::Bar> bars);
  void LookForWeekend(base::WallTime start);
  void LookInNewYork(base::WallTime start);
  void SeeDay(std::chrono::weekday day);
  void Fail(const model::Bar& bar, std::string_view what);

  const std::string symbol_;
  BarReader& reader_;
  const TimeRange range_;
  const std::optional<ForbiddenSpan> forbidden_;
  const market::Hours hours_;
  const model::Bar* bar_ = nullptr;
  const model::Bar* next_ = nullptr;  // of the chunk
  const model::Bar* end_ = nullptr;
  model::Bar held_;  // the last one of a chunk that is gone
  bool last_ = false;
  bool exhausted_ = false;
  bool weekends_ = false;
  std::optional<base::WallTime> newest_;
  base::WallTime day_end_;
  BarHash hash_;
  std::optional<base::Error> fault_;
};

}  // namespace livetape::jobs
