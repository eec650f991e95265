#include "app/jobs/bar_recovery.h"

#include <gtest/gtest.h>

#include "store/bar_testing.h"

namespace livetape::app {
namespace {

using model::Timeframe;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using store::Got;

const base::WallTime kDay{std::chrono::sys_days(std::chrono::year(2024) / 5 / 15)};

// Trades of 1 a minute from the hour `from` of kDay to before `to`, and the bars that the market had
// stored when it crashed.
class BarRecoveryTest : public testing::Test {
 protected:
  void Store(Timeframe timeframe, base::WallTime from, base::WallTime to) {
    store::BarRows rows{.symbol = "A", .timeframe = timeframe};
    for (base::WallTime at = from; at < to; at += model::Length(timeframe)) {
      model::Bar bar = store::SomeBar(at);
      bar.trades = 1;
      rows.bars.push_back(bar);
    }
    stored_.bars.push_back(std::move(rows));
  }
  // The last bar of a timeframe and its trades, after a start at `now`: "15 12:00 180".
  std::string Last(Timeframe timeframe, base::WallTime now) {
    metrics::Registry metrics;
    Got(store::Store::Open({.folder = folder_.path()}, metrics))->Write(stored_).value();
    market::BarHistory bars;
    market::Instruments instruments;
    const auto id = instruments.Add({"A", model::AssetClass::kCrypto});
    BarQueue queue(instruments, metrics);
    auto recovery = BarRecovery::Read(folder_.path());
    EXPECT_TRUE(recovery);
    recovery->Continue(now,
                       {.find = [&](auto) { return std::optional(id); },
                        .skipped = [](auto, const base::Error& e) { ADD_FAILURE() << e.message; }},
                       bars, queue);
    const auto read = bars.Read(id, timeframe, base::WallTime::min(), base::WallTime::max(), 1);
    if (read.empty()) return "none";
    const auto since = read.back().start - kDay;
    return fmt::format("{}h {}", since / hours(1), read.back().trades);
  }

  const base::TemporaryFolder folder_;
  store::Batch stored_;
};

TEST_F(BarRecoveryTest, ADayOnWhichItCrashedIsThereAfterAWeekend) {
  Store(Timeframe::k1d, kDay - days(3), kDay);
  Store(Timeframe::k1m, kDay - days(1), kDay + hours(15));
  EXPECT_EQ(Last(Timeframe::k1d, kDay + days(3)), "0h 900");
}

TEST_F(BarRecoveryTest, TheFirstDayOfASymbolIsMadeOfItsMinutes) {
  Store(Timeframe::k1m, kDay + hours(9), kDay + hours(12));
  EXPECT_EQ(Last(Timeframe::k1d, kDay + hours(13)), "0h 180");
  EXPECT_EQ(Last(Timeframe::k1h, kDay + hours(13)), "11h 60");
}

TEST_F(BarRecoveryTest, NoBarIsMadeOfAPartOfItsMinutes) {
  Store(Timeframe::k1m, kDay - days(2), kDay + hours(12));
  EXPECT_EQ(Last(Timeframe::k1d, kDay + hours(13)), "0h 720") << "and none of the day before";
}

TEST_F(BarRecoveryTest, ACoinThatWasImportedByAnotherSpellingIsTheListedOne) {
  const auto store = [this](const std::string& symbol, Timeframe timeframe,
                            model::AssetClass asset_class = model::AssetClass::kCrypto) {
    stored_.bars.push_back({.symbol = symbol,
                            .timeframe = timeframe,
                            .asset_class = asset_class,
                            .bars = {store::SomeBar(kDay)}});
  };
  store("BTCUSD", Timeframe::k1h);
  store("BTC/USD", Timeframe::k1d);
  store("BTC", Timeframe::k1d);
  store("ETHUSD", Timeframe::k1d, model::AssetClass::kUsEquity);
  metrics::Registry metrics;
  auto writer = Got(store::Store::Open({.folder = folder_.path()}, metrics));
  writer->Write(stored_).value();
  market::Instruments listed;
  const model::Instrument btc{"BTC", model::AssetClass::kCrypto};
  const model::Instrument eth{"ETH", model::AssetClass::kCrypto};
  listed.Add(btc);
  listed.Add(eth);
  auto recovery = BarRecovery::Read(folder_.path());
  ASSERT_TRUE(recovery);
  EXPECT_TRUE(recovery->HasHistory(btc, Timeframe::k1d));
  EXPECT_TRUE(recovery->HasHistory(btc, Timeframe::k1m)) << "minutes would make hours";
  EXPECT_FALSE(recovery->HasHistory(btc, Timeframe::k5m));
  EXPECT_FALSE(recovery->Has("BTC", Timeframe::k1h));
  std::string told;
  const auto tell = [&](std::string_view from, std::string_view to) {
    told += fmt::format("{} {};", from, to);
  };
  ASSERT_TRUE(recovery->NameAsListed(listed, *writer, tell));
  EXPECT_EQ(told, "BTCUSD BTC;");
  EXPECT_TRUE(recovery->Has("BTC", Timeframe::k1h));
  EXPECT_TRUE(recovery->Has("BTC/USD", Timeframe::k1d)) << "there is another of BTC";
  EXPECT_FALSE(recovery->Has("BTCUSD", Timeframe::k1h));
  EXPECT_TRUE(recovery->Has("ETHUSD", Timeframe::k1d)) << "a stock is no coin";
  ASSERT_TRUE(recovery->NameAsListed(listed, *writer, tell));
  EXPECT_EQ(told, "BTCUSD BTC;") << "nothing is left to do";
}

TEST_F(BarRecoveryTest, OldImportsAreLeftAlone) {
  Store(Timeframe::k1m, kDay, kDay + hours(12));
  EXPECT_EQ(Last(Timeframe::k1h, kDay + days(30)), "none");
  Store(Timeframe::k1d, kDay - days(3), kDay + days(1));
  EXPECT_EQ(Last(Timeframe::k1d, kDay + days(30)), "0h 1");
  Store(Timeframe::k1h, kDay - days(30), kDay - days(29));
  EXPECT_EQ(Last(Timeframe::k1h, kDay + days(30)), "-697h 1");
}

}  // namespace
}  // namespace livetape::app
