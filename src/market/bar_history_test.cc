#include "market/bar_history.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/time_text.h"
#include "market/made_history.h"

namespace livetape::market {
namespace {

using model::Bar;
using model::InstrumentId;
using model::Timeframe;
using std::chrono::seconds;

const base::WallTime kStart = *base::ParseRfc3339("2026-11-20T12:34:30Z");
constexpr InstrumentId kFirst(0);
constexpr base::WallTime kEver = base::WallTime::max();

class BarHistoryTest : public testing::Test {
 protected:
  void Trade(int64_t second, int64_t price) {
    history_.AddTrade(kFirst, kStart + seconds(second), base::Price::FromUnits(price),
                      base::Quantity::FromUnits(1));
  }
  std::vector<Bar> All(Timeframe timeframe) {
    return history_.Read(kFirst, timeframe, base::WallTime::min(), kEver, 100'000);
  }
  // The closes of bars that start in [from, to] seconds.
  std::vector<int64_t> Closes(int64_t from, int64_t to, size_t limit) {
    std::vector<int64_t> closes;
    for (const Bar& bar : history_.Read(kFirst, Timeframe::k1s, kStart + seconds(from),
                                        kStart + seconds(to), limit)) {
      closes.push_back(bar.close.units());
    }
    return closes;
  }
  // The made history of AAPL up to kStart.
  void LoadMade() {
    const MadeHistory made = MakeHistory(DefaultSpec("AAPL", 1), 1, kStart);
    history_.Load({kFirst, Timeframe::k1d, made.daily});
    history_.Load({kFirst, Timeframe::k1m, made.minutes});
  }

  static BarLimits Limits() {
    BarLimits limits;
    limits.closed[0] = 5;
    return limits;
  }
  BarHistory history_{Limits()};
};

using Numbers = std::vector<int64_t>;

TEST_F(BarHistoryTest, ReadsClosedBarsAndTheOpenOneOldestFirst) {
  for (int64_t i = 0; i < 4; ++i) Trade(i, 100 + i);
  EXPECT_EQ(Closes(0, 100, 100), (Numbers{100, 101, 102, 103}));
  EXPECT_EQ(Closes(1, 2, 100), (Numbers{101, 102}));
  EXPECT_EQ(Closes(4, 9, 100), Numbers{});
}

TEST_F(BarHistoryTest, OfMoreThanTheLimitTheNewestAreRead) {
  for (int64_t i = 0; i < 4; ++i) Trade(i, 100 + i);
  EXPECT_EQ(Closes(0, 100, 2), (Numbers{102, 103}));
  EXPECT_EQ(Closes(0, 2, 2), (Numbers{101, 102}));
  EXPECT_EQ(Closes(0, 100, 1), (Numbers{103}));
  EXPECT_EQ(Closes(0, 100, 0), Numbers{});
}

TEST_F(BarHistoryTest, TheOldestClosedBarIsDroppedAtTheLimit) {
  for (int64_t i = 0; i < 20; ++i) Trade(i, 100 + i);
  EXPECT_EQ(Closes(0, 100, 100), (Numbers{114, 115, 116, 117, 118, 119}));  // five and the open one
  EXPECT_EQ(All(Timeframe::k1m).size(), 1U);
}

TEST_F(BarHistoryTest, AnUnknownInstrumentHasNoBars) {
  EXPECT_TRUE(history_.Read(InstrumentId(7), Timeframe::k1m, kStart, kEver, 10).empty());
}

TEST_F(BarHistoryTest, MadeHistoryPrecedesLiveBarsAndTheyGoOnInItsLastOne) {
  LoadMade();
  ASSERT_EQ(All(Timeframe::k1m).size(), kMadeMinutes);
  ASSERT_EQ(All(Timeframe::k1d).size(), kMadeDays);
  const Bar before = All(Timeframe::k1m).back();
  Trade(0, 187'340'000'000);  // the minute 12:34 still runs
  Trade(40, 188'000'000'000);
  const auto minutes = All(Timeframe::k1m);
  ASSERT_EQ(minutes.size(), kMadeMinutes + 1);
  const Bar& extended = minutes[kMadeMinutes - 1];
  EXPECT_EQ(extended.open, before.open);
  EXPECT_EQ(extended.trades, 1U);
  EXPECT_FALSE(extended.synthetic);
  EXPECT_TRUE(minutes[kMadeMinutes - 2].synthetic);
  EXPECT_EQ(minutes.back().open.units(), 188'000'000'000);
  const auto days = All(Timeframe::k1d);
  ASSERT_EQ(days.size(), kMadeDays);
  EXPECT_EQ(days.back().close.units(), 188'000'000'000);
  EXPECT_EQ(history_.late(), 0U);
}

TEST_F(BarHistoryTest, LoadedMinutesMakeTheLongerBars) {
  LoadMade();
  const auto minutes = All(Timeframe::k1m);
  for (const Timeframe timeframe : {Timeframe::k5m, Timeframe::k15m, Timeframe::k1h}) {
    const auto bars = All(timeframe);
    const auto per_bar = static_cast<size_t>(model::Length(timeframe) / std::chrono::minutes(1));
    ASSERT_GE(bars.size(), kMadeMinutes / per_bar);
    base::Amount volume;
    for (const Bar& bar : bars) volume = *volume.CheckedAdd(bar.volume);
    base::Amount expected;
    for (const Bar& bar : minutes) expected = *expected.CheckedAdd(bar.volume);
    EXPECT_EQ(volume, expected);
    EXPECT_EQ(bars.front().open, minutes.front().open);
    EXPECT_EQ(bars.back().close, minutes.back().close);
    for (const Bar& bar : bars) EXPECT_EQ(BucketOf(bar.start, timeframe), bar.start);
  }
}

TEST_F(BarHistoryTest, LoadingAfterLiveTradesOnlyAddsWhatPrecedesThem) {
  Trade(0, 150'000'000'000);
  LoadMade();
  const auto minutes = All(Timeframe::k1m);
  EXPECT_EQ(minutes.size(), kMadeMinutes);
  EXPECT_EQ(minutes.back().open.units(), 150'000'000'000);  // the live one stays
  for (size_t i = 1; i < minutes.size(); ++i) EXPECT_LT(minutes[i - 1].start, minutes[i].start);
}

TEST_F(BarHistoryTest, LoadedBarsKeepToTheLimits) {
  model::BarHistory made{kFirst, Timeframe::k1s, {}};
  for (int64_t i = 0; i < 50; ++i) {
    Bar bar{};
    bar.start = kStart + seconds(i);
    bar.open = bar.high = bar.low = bar.close = base::Price::FromUnits(i + 1);
    made.bars.push_back(bar);
    if (i % 7 == 0) made.bars.push_back(bar);  // not after the one before: left out
  }
  history_.Load(made);
  EXPECT_EQ(Closes(0, 100, 100), (Numbers{45, 46, 47, 48, 49, 50}));
}

TEST_F(BarHistoryTest, MidsMakeBarsUntilTheFirstTrade) {
  history_.AddMid(kFirst, kStart, base::Price::FromUnits(5));
  EXPECT_EQ(All(Timeframe::k1d).at(0).close.units(), 5);
  Trade(0, 7);
  EXPECT_EQ(All(Timeframe::k1d).at(0).open.units(), 7);
}

TEST_F(BarHistoryTest, LateTradesAreCounted) {
  Trade(10, 100);
  Trade(5, 100);
  EXPECT_EQ(history_.late(), 1U);
}

// Readers see whole bars in order at any moment; the thread sanitizer watches.
TEST_F(BarHistoryTest, TellsOfOpenBarsThatAreOverOnceForEachChange) {
  std::vector<std::string> told;
  history_.SetOnClosed([&](InstrumentId, const ClosedBar& closed) {
    if (closed.timeframe == Timeframe::k1s) return;
    told.push_back(std::string(Name(closed.timeframe)) + " " + std::to_string(closed.bar.trades));
  });
  Trade(0, 100);  // 12:34:30
  history_.TellOpen(kStart + seconds(29));
  EXPECT_TRUE(told.empty()) << "its minutes are not over";
  history_.TellOpen(kStart + seconds(30));
  history_.TellOpen(kStart + seconds(31));
  EXPECT_EQ(told, (std::vector<std::string>{"1m 1", "5m 1"}));
  Trade(10, 101);
  history_.TellOpen(kStart + seconds(40));
  EXPECT_EQ(told.back(), "5m 2") << "a late trade";
  EXPECT_EQ(told.size(), 4U);
  Trade(60, 102);
  EXPECT_EQ(told.size(), 4U) << "they are closed as they were told";
  history_.TellOpen(base::WallTime::max());
  EXPECT_EQ(told.size(), 4U + 5U);
}

TEST_F(BarHistoryTest, ALoadedBarIsNotToldAgain) {
  std::vector<Timeframe> told;
  LoadMade();
  history_.SetOnClosed([&](InstrumentId, const ClosedBar& c) { told.push_back(c.timeframe); });
  history_.TellOpen(base::WallTime::max());
  EXPECT_TRUE(told.empty());
  Trade(86'400 * 3, 100);
  EXPECT_TRUE(told.empty()) << "it was closed as it was loaded";
}

TEST_F(BarHistoryTest, ManyReadWhileOneWrites) {
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (uint32_t reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&, reader] {
      while (!done.load()) {
        const auto bars =
            history_.Read(InstrumentId(reader), Timeframe::k1s, base::WallTime::min(), kEver, 100);
        for (size_t i = 0; i < bars.size(); ++i) {
          EXPECT_EQ(bars[i].high, bars[i].close);
          if (i > 0) {
            EXPECT_LT(bars[i - 1].start, bars[i].start);
          }
        }
        (void)history_.late();
      }
    });
  }
  for (int64_t i = 0; i < 20'000; ++i) {
    history_.AddTrade(InstrumentId(static_cast<uint32_t>(i % 40)), kStart + seconds(i / 40),
                      base::Price::FromUnits(1 + i), base::Quantity());
  }
  done.store(true);
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace livetape::market
