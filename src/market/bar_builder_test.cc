#include "market/bar_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time_text.h"

namespace livetape::market {
namespace {

using model::Bar;
using model::Timeframe;
using std::chrono::milliseconds;

const base::WallTime kStart = *base::ParseRfc3339("2026-11-20T00:00:00Z");

// "open high low close volume trades"
std::string Text(const Bar& bar) {
  return bar.open.ToString() + " " + bar.high.ToString() + " " + bar.low.ToString() + " " +
         bar.close.ToString() + " " + bar.volume.ToString() + " " + std::to_string(bar.trades);
}

class BarBuilderTest : public testing::Test {
 protected:
  static base::WallTime At(int64_t ms) { return kStart + milliseconds(ms); }
  void Trade(int64_t ms, const char* price, const char* size = "1") {
    Keep(builder_.AddTrade(At(ms), *base::Price::Parse(price), *base::Quantity::Parse(size)));
  }
  void Mid(int64_t ms, const char* price) {
    Keep(builder_.AddMid(At(ms), *base::Price::Parse(price)));
  }
  std::string Open(Timeframe timeframe) {
    return builder_.open(timeframe) == nullptr ? "none" : Text(*builder_.open(timeframe));
  }

  BarBuilder builder_;
  std::map<Timeframe, std::vector<Bar>> closed_;

 private:
  void Keep(std::span<const ClosedBar> closed) {
    for (const ClosedBar& bar : closed) closed_[bar.timeframe].push_back(bar.bar);
  }
};

TEST_F(BarBuilderTest, ABarIsFirstHighestLowestLastAndTheSumOfSizes) {
  Trade(0, "10", "0.5");
  Trade(100, "12");
  Trade(200, "9");
  Trade(999, "11", "2");
  EXPECT_EQ(Open(Timeframe::k1s), "10 12 9 11 4.5 4");
  EXPECT_TRUE(closed_.empty());
}

TEST_F(BarBuilderTest, ATradeOfALaterBucketClosesTheBar) {
  Trade(0, "10");
  Trade(1000, "20");
  ASSERT_EQ(closed_[Timeframe::k1s].size(), 1U);
  EXPECT_EQ(Text(closed_[Timeframe::k1s][0]), "10 10 10 10 1 1");
  EXPECT_EQ(Open(Timeframe::k1s), "20 20 20 20 1 1");
  EXPECT_EQ(Open(Timeframe::k1m), "10 20 10 20 2 2");
  EXPECT_TRUE(closed_[Timeframe::k1m].empty());
}

TEST_F(BarBuilderTest, BucketsWithoutTradesMakeNoBar) {
  Trade(0, "10");
  Trade(10'000, "11");
  Trade(86'400'000, "12");
  EXPECT_EQ(closed_[Timeframe::k1s].size(), 2U);
  EXPECT_EQ(closed_[Timeframe::k1s][1].start, At(10'000));
  for (const Timeframe timeframe : model::kTimeframes) {
    EXPECT_EQ(builder_.open(timeframe)->start, At(86'400'000));
  }
  EXPECT_EQ(closed_[Timeframe::k1d].size(), 1U);
}

TEST_F(BarBuilderTest, ALateTradeInTheOpenBucketChangesNeitherOpenNorCloseUnlessItIsOutermost) {
  Trade(500, "10");
  Trade(800, "11");
  Trade(600, "15");  // between: only high
  EXPECT_EQ(Open(Timeframe::k1s), "10 15 10 11 3 3");
  Trade(100, "8");  // older than all: the open
  EXPECT_EQ(Open(Timeframe::k1s), "8 15 8 11 4 4");
  Trade(800, "12");  // as old as the newest: the close
  EXPECT_EQ(Open(Timeframe::k1s), "8 15 8 12 5 5");
  EXPECT_EQ(builder_.late(), 0U);
}

TEST_F(BarBuilderTest, ATradeOfAClosedBucketIsIgnoredForThatTimeframeAndCounted) {
  Trade(500, "10");
  Trade(1500, "11");
  Trade(900, "99");
  EXPECT_EQ(Open(Timeframe::k1s), "11 11 11 11 1 1");
  EXPECT_EQ(Open(Timeframe::k1m), "10 99 10 11 3 3");
  EXPECT_EQ(builder_.late(), 1U);
  Trade(-1, "99");  // the day before: late for all six
  EXPECT_EQ(builder_.late(), 7U);
}

TEST_F(BarBuilderTest, WithoutTradesMidsMakeBarsWithoutVolume) {
  Mid(0, "10");
  Mid(500, "12");
  Mid(1000, "11");
  EXPECT_EQ(Text(closed_[Timeframe::k1s].at(0)), "10 12 10 12 0 0");
  EXPECT_EQ(Open(Timeframe::k1m), "10 12 10 11 0 0");
}

TEST_F(BarBuilderTest, TheFirstTradeEndsBarsOfMids) {
  Mid(0, "10");
  Mid(1000, "50");
  Trade(1500, "20");
  EXPECT_EQ(Open(Timeframe::k1s), "20 20 20 20 1 1");
  EXPECT_EQ(Open(Timeframe::k1d), "20 20 20 20 1 1");
  EXPECT_EQ(closed_[Timeframe::k1s].size(), 1U);
  Mid(1600, "99");
  Mid(9000, "99");
  EXPECT_EQ(Open(Timeframe::k1s), "20 20 20 20 1 1");
}

TEST_F(BarBuilderTest, AContinuedBarIsExtended) {
  Bar made{.start = kStart,
           .open = *base::Price::Parse("10"),
           .high = *base::Price::Parse("15"),
           .low = *base::Price::Parse("9"),
           .close = *base::Price::Parse("12"),
           .volume = base::Amount::From(*base::Quantity::Parse("100"))};
  made.synthetic = true;
  builder_.Continue(Timeframe::k1m, made);
  EXPECT_TRUE(builder_.open(Timeframe::k1m)->synthetic);
  Trade(30'000, "16");
  EXPECT_EQ(Open(Timeframe::k1m), "10 16 9 16 101 1");
  EXPECT_FALSE(builder_.open(Timeframe::k1m)->synthetic);
  Trade(60'000, "17");
  EXPECT_EQ(Text(closed_[Timeframe::k1m].at(0)), "10 16 9 16 101 1");
}

// After a start the first tick of a symbol is often a quote.
TEST_F(BarBuilderTest, MidsLeaveNothingInAContinuedBarOfTrades) {
  Bar traded{.start = kStart,
             .open = *base::Price::Parse("10"),
             .high = *base::Price::Parse("15"),
             .low = *base::Price::Parse("9"),
             .close = *base::Price::Parse("12"),
             .volume = base::Amount::From(*base::Quantity::Parse("100")),
             .trades = 4};
  builder_.Continue(Timeframe::k1m, traded);
  builder_.Continue(Timeframe::k5m, traded);
  Mid(10'000, "20");
  Trade(30'000, "11");
  EXPECT_EQ(Open(Timeframe::k1m), "10 15 9 11 101 5");
  EXPECT_EQ(Open(Timeframe::k5m), "10 15 9 11 101 5");
  Mid(40'000, "20");
  EXPECT_EQ(Open(Timeframe::k1m), "10 15 9 11 101 5");
}

TEST_F(BarBuilderTest, AContinuedBarOfTradesIsClosedWithoutMids) {
  Bar traded{.start = kStart,
             .open = *base::Price::Parse("10"),
             .high = *base::Price::Parse("15"),
             .low = *base::Price::Parse("9"),
             .close = *base::Price::Parse("12"),
             .volume = base::Amount::From(*base::Quantity::Parse("100")),
             .trades = 4};
  builder_.Continue(Timeframe::k1m, traded);
  Mid(10'000, "20");
  Mid(60'000, "21");
  EXPECT_EQ(Open(Timeframe::k1m), "10 15 9 12 100 4")
      << "it has traded: mids make no bars any more";
  EXPECT_EQ(builder_.changed(Timeframe::k1m), nullptr);
  Trade(60'000, "22");
  EXPECT_EQ(Text(closed_[Timeframe::k1m].at(0)), "10 15 9 12 100 4");
  EXPECT_EQ(Open(Timeframe::k1m), "22 22 22 22 1 1");
  EXPECT_NE(builder_.changed(Timeframe::k1m), nullptr);
}

TEST_F(BarBuilderTest, ATradeThatIsLateForAllEndsNoBarsOfMids) {
  Mid(86'400'000 * 2, "10");
  Trade(0, "99");
  EXPECT_EQ(builder_.late(), 6U);
  Mid(86'400'000 * 2 + 60'000, "11");
  EXPECT_EQ(Open(Timeframe::k1m), "11 11 11 11 0 0");
}

TEST_F(BarBuilderTest, AContinuedBarOfMidsGoesOnInMids) {
  Bar mids{.start = kStart,
           .open = *base::Price::Parse("10"),
           .high = *base::Price::Parse("15"),
           .low = *base::Price::Parse("9"),
           .close = *base::Price::Parse("12"),
           .volume = {}};
  builder_.Continue(Timeframe::k1m, mids);
  Mid(10'000, "20");
  EXPECT_EQ(Open(Timeframe::k1m), "10 20 9 20 0 0");
  Mid(60'000, "21");
  EXPECT_EQ(Text(closed_[Timeframe::k1m].at(0)), "10 20 9 20 0 0");
}

TEST_F(BarBuilderTest, VolumeStaysAtItsMaximum) {
  const auto most = base::Amount::FromUnits(std::numeric_limits<base::Int128>::max());
  EXPECT_EQ(AddSaturated(most, base::Amount::FromUnits(1)), most);
}

TEST_F(BarBuilderTest, BucketsAlignBeforeTheEpochToo) {
  EXPECT_EQ(BucketOf(base::WallTime{std::chrono::nanoseconds(-1)}, Timeframe::k1m),
            base::WallTime{std::chrono::minutes(-1)});
  EXPECT_EQ(BucketOf(base::WallTime{}, Timeframe::k1m), base::WallTime{});
}

// Trades in order: every timeframe's bars equal those grouped from the list of trades.
TEST_F(BarBuilderTest, EqualsGroupingTheTrades) {
  base::Random random(4711);
  struct Tick {
    int64_t ms;
    int64_t units;
  };
  std::vector<Tick> ticks;
  int64_t ms = 0;
  for (int i = 0; i < 20'000; ++i) {
    ms += static_cast<int64_t>(random.Below(random.Below(100) == 0 ? 3'000'000 : 2'000));
    ticks.push_back({ms, static_cast<int64_t>(1 + random.Below(1000))});
  }
  std::map<Timeframe, std::map<base::WallTime, Bar>> expected;
  for (const Tick& tick : ticks) {
    const auto price = base::Price::FromUnits(tick.units);
    for (const Timeframe timeframe : model::kTimeframes) {
      auto& bars = expected[timeframe];
      const auto start = std::chrono::floor<std::chrono::seconds>(At(tick.ms));
      const auto aligned = start - start.time_since_epoch() % model::Length(timeframe);
      const auto [at, fresh] = bars.try_emplace(aligned, Bar{.start = aligned,
                                                             .open = price,
                                                             .high = price,
                                                             .low = price,
                                                             .close = price,
                                                             .volume = {}});
      at->second.high = std::max(at->second.high, price);
      at->second.low = std::min(at->second.low, price);
      at->second.close = price;
      ++at->second.trades;
    }
  }
  std::map<Timeframe, std::vector<Bar>> actual;
  for (const Tick& tick : ticks) {
    for (const ClosedBar& bar :
         builder_.AddTrade(At(tick.ms), base::Price::FromUnits(tick.units), base::Quantity())) {
      actual[bar.timeframe].push_back(bar.bar);
    }
  }
  for (const Timeframe timeframe : model::kTimeframes) {
    actual[timeframe].push_back(*builder_.open(timeframe));
    ASSERT_EQ(actual[timeframe].size(), expected[timeframe].size());
    size_t i = 0;
    for (const auto& [start, bar] : expected[timeframe]) {
      EXPECT_EQ(actual[timeframe][i].start, start);
      EXPECT_EQ(Text(actual[timeframe][i++]), Text(bar));
    }
  }
  EXPECT_EQ(builder_.late(), 0U);
}

}  // namespace
}  // namespace livetape::market
