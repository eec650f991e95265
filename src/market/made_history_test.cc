#include "market/made_history.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/time_text.h"

namespace livetape::market {
namespace {

using model::Bar;

const base::WallTime kMidday = *base::ParseRfc3339("2026-11-20T12:34:56.5Z");
const base::WallTime kMidnight = *base::ParseRfc3339("2026-11-20");

void ExpectBelievable(const std::vector<Bar>& bars, std::chrono::seconds length) {
  for (size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    EXPECT_GE(bar.high, std::max(bar.open, bar.close));
    EXPECT_LE(bar.low, std::min(bar.open, bar.close));
    EXPECT_TRUE(bar.low.positive());
    EXPECT_GT(bar.volume.units(), 0);
    EXPECT_TRUE(bar.synthetic);
    EXPECT_EQ(bar.start.time_since_epoch() % length, std::chrono::nanoseconds(0));
    if (i > 0) {
      EXPECT_EQ(bar.start, bars[i - 1].start + length);
      EXPECT_EQ(bar.open, bars[i - 1].close);
    }
  }
}

TEST(MadeHistory, IsGaplessAndEndsAtTheStartPrice) {
  for (const char* symbol : {"AAPL", "BTC", "ACME", "room-7"}) {
    for (const base::WallTime start : {kMidday, kMidnight}) {
      const SymbolSpec spec = DefaultSpec(symbol, 5);
      const MadeHistory history = MakeHistory(spec, 5, start);
      ASSERT_EQ(history.daily.size(), kMadeDays);
      ASSERT_EQ(history.minutes.size(), kMadeMinutes);
      ExpectBelievable(history.daily, std::chrono::days(1));
      ExpectBelievable(history.minutes, std::chrono::minutes(1));
      EXPECT_EQ(history.daily.back().close, spec.start_price);
      EXPECT_EQ(history.minutes.back().close, spec.start_price);
    }
  }
}

TEST(MadeHistory, EndsWithTheBucketBeforeTheStart) {
  const SymbolSpec spec = DefaultSpec("AAPL", 1);
  const MadeHistory midday = MakeHistory(spec, 1, kMidday);
  EXPECT_EQ(base::FormatRfc3339(midday.minutes.back().start), "2026-11-20T12:34:00.000000Z");
  EXPECT_EQ(base::FormatRfc3339(midday.daily.back().start), "2026-11-20T00:00:00.000000Z");
  const MadeHistory midnight = MakeHistory(spec, 1, kMidnight);
  EXPECT_EQ(base::FormatRfc3339(midnight.minutes.back().start), "2026-11-19T23:59:00.000000Z");
  EXPECT_EQ(base::FormatRfc3339(midnight.daily.back().start), "2026-11-19T00:00:00.000000Z");
}

TEST(MadeHistory, DaysAreMadeOfTheirMinutes) {
  const MadeHistory history = MakeHistory(DefaultSpec("BTC", 3), 3, kMidday);
  const Bar& today = history.daily.back();
  Bar sum{};
  for (const Bar& minute : history.minutes) {
    if (minute.start < today.start) continue;
    if (minute.start == today.start) {
      sum = minute;
      continue;
    }
    sum.high = std::max(sum.high, minute.high);
    sum.low = std::min(sum.low, minute.low);
    sum.volume = *sum.volume.CheckedAdd(minute.volume);
  }
  EXPECT_EQ(today.open, sum.open);
  EXPECT_EQ(today.high, sum.high);
  EXPECT_EQ(today.low, sum.low);
  EXPECT_EQ(today.volume, sum.volume);
}

TEST(MadeHistory, DependsOnTheSeed) {
  const SymbolSpec spec = DefaultSpec("AAPL", 1);
  const auto first_open = [&](uint64_t seed) {
    return MakeHistory(spec, seed, kMidday).daily.front().open;
  };
  EXPECT_EQ(first_open(1), first_open(1));
  EXPECT_NE(first_open(1), first_open(2));
}

}  // namespace
}  // namespace livetape::market
