#pragma once

// Portfolio history: an account's equity over time as Alpaca has it (docs/alpaca.md).
// Pure functions; any thread.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "api/body/body_error.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "http/message.h"
#include "store/rows.h"

namespace livetape::api {

inline constexpr size_t kHistoryPointsMax = 10'000;

struct HistoryWish {
  base::WallTime from, to;  // start of the first bucket, start of the last
  std::chrono::seconds timeframe{0};
  std::string timeframe_name;   // "1Min", "5Min", "15Min", "1H", "1D"
  bool start_is_given = false;  // else history begins at the last reset at the earliest
  bool reset_per_day = false;   // profit counts from each day's opening equity
};

// A value that is wrong is 422 and named, and so is a range of more than kHistoryPointsMax buckets.
BodyResult<HistoryWish> ParseHistoryQuery(const http::Query& query, base::WallTime now);

// What the store says of the time of a wish.
struct HistoryFacts {
  std::vector<store::EquityPoint> points;    // the last of each bucket that has one, oldest first
  std::optional<store::EquityPoint> before;  // the last before the first bucket
  // The last before the day of the first bucket; for a profit per day.
  std::optional<store::EquityPoint> before_day;
  base::Amount start;  // the starting cash
};

// {"timestamp":[...],"equity":[...],"profit_loss":[...],"profit_loss_pct":[...],"base_value",
// "base_value_asof","timeframe","cashflow":{}}; equity[i] is the last at or before the end of bucket
// i, null before the account existed.
std::string HistoryJson(const HistoryWish& wish, const HistoryFacts& facts);

}  // namespace livetape::api
