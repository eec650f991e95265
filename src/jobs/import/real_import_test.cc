// Imports of real market data beside the checkout; skipped without it.

#include <gtest/gtest.h>

#include <algorithm>

#include "base/time_text.h"
#include "jobs/backtest/real_bars.h"
#include "jobs/import/csv_import.h"
#include "jobs/import/testing.h"

namespace livetape::jobs {
namespace {

using model::Timeframe;

class ListingSink final : public BarSink {
 public:
  base::Result<void> Take(BarBatch batch) override {
    bars.insert(bars.end(), batch.bars.begin(), batch.bars.end());
    return {};
  }
  const model::Bar& At(std::string_view time) const {
    const auto found = std::find_if(bars.begin(), bars.end(), [&](const model::Bar& bar) {
      return bar.start == *base::ParseRfc3339(time);
    });
    EXPECT_NE(found, bars.end()) << time;
    return found == bars.end() ? bars.front() : *found;
  }

  std::vector<model::Bar> bars;
};

class RealImport : public testing::Test {
 protected:
  // Every row of it becomes a bar.
  void ImportAll(const std::string& text, uint64_t rows) {
    MemoryBytes bytes(text, 10'000);
    const ImportReport report = ImportCsv(options_, bytes, sink_);
    EXPECT_EQ(report.outcome, ImportReport::Outcome::kCompleted) << report.error;
    EXPECT_EQ(report.imported, rows);
    EXPECT_EQ(report.unsorted, 0u);
    EXPECT_EQ(report.bad(), 0u) << (report.listed.empty() ? "" : report.listed[0].detail);
    EXPECT_EQ(sink_.bars.size(), rows);
  }
  static std::optional<std::string> Text(const std::string& name) {
    const auto path = market::SharedRecording(name);
    return path ? std::optional(ContentOf(*path)) : std::nullopt;
  }
  static uint64_t Lines(const std::string& text) {
    return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')) +
           (text.ends_with('\n') ? 0 : 1);
  }

  ImportOptions options_{.symbol = "X"};
  ListingSink sink_;
};

TEST_F(RealImport, GoogleByTheDay) {
  const auto text = Text("goog_daily_2004_2008_matplotlib.csv");
  if (!text) GTEST_SKIP() << kNoRealBars;
  ImportAll(*text, 1047);
  const auto expected = GoogleDaily();
  ASSERT_EQ(expected->size(), sink_.bars.size());
  for (size_t i = 0; i < expected->size(); ++i) {
    const model::Bar &bar = sink_.bars[i], &other = (*expected)[i];
    ASSERT_EQ(bar.start, other.start);
    ASSERT_EQ(bar.open, other.open);
    ASSERT_EQ(bar.high, other.high);
    ASSERT_EQ(bar.low, other.low);
    ASSERT_EQ(bar.close, other.close);
    ASSERT_EQ(bar.volume, other.volume);
  }
}

TEST_F(RealImport, TheIndexByTheDayPlainAndGzip) {
  const auto text = Text("vega_sp500_daily_2000_2020.csv");
  if (!text) GTEST_SKIP() << kNoRealBars;
  ImportAll(*text, 5105);
  const model::Bar first = sink_.bars.front();
  EXPECT_EQ(first.close.ToString(), "1455.219971");
  EXPECT_EQ(first.volume.ToString(), "931800000");
  sink_ = {};
  ImportAll(GzipOf(*text), 5105);
  EXPECT_EQ(sink_.bars.front().low.ToString(), "1438.359985");
}

TEST_F(RealImport, LeansSharesByTheDayAndTheMinute) {
  const auto days = LeanSpy("daily/spy.zip", "spy.csv");
  if (!days) GTEST_SKIP() << kNoRealBars;
  ImportAll(*days, 5849);
  EXPECT_EQ(sink_.At("1998-01-02T00:00:00Z").close.ToString(), "97.36");
  EXPECT_EQ(base::FormatRfc3339(sink_.bars.back().start), "2021-03-31T00:00:00.000000Z");
  sink_ = {};
  options_.timeframe = Timeframe::k1m;
  options_.day = market::Day(std::chrono::year{2013} / 10 / 11);
  const auto minutes = LeanSpy("minute/spy/20131011_trade.zip", "20131011_spy_minute_trade.csv");
  ImportAll(*minutes, Lines(*minutes));
  // The last regular minute in New York.
  EXPECT_EQ(sink_.At("2013-10-11T19:59:00Z").close.ToString(), "170.3");
}

TEST_F(RealImport, LeansCoinsByTheDayAndTheMinute) {
  const auto archive = Text("lean_coinbase_btcusd_daily_and_minute.zip");
  if (!archive) GTEST_SKIP() << kNoRealBars;
  options_.asset_class = model::AssetClass::kCrypto;
  const std::string days = ZipMember(ZipMember(*archive, "daily/btcusd_trade.zip"), "btcusd.csv");
  ImportAll(days, 1318);
  EXPECT_EQ(sink_.At("2014-12-01T00:00:00Z").volume.ToString(), "0.05655554");
  sink_ = {};
  options_.timeframe = Timeframe::k1m;
  options_.day = market::Day(std::chrono::year{2018} / 4 / 6);
  const std::string minutes = ZipMember(ZipMember(*archive, "minute/20180406_trade.zip"),
                                        "20180406_btcusd_minute_trade.csv");
  ImportAll(minutes, Lines(minutes));
  EXPECT_EQ(sink_.At("2018-04-06T00:01:00Z").low.ToString(), "6780");
}

TEST_F(RealImport, TicksAndQuotesAreRefusedInWords) {
  const auto archive = Text("lean_aig_ticks_20131007_trade.zip");
  if (!archive) GTEST_SKIP() << kNoRealBars;
  options_.day = market::Day(std::chrono::year{2013} / 10 / 7);
  MemoryBytes ticks(ZipMember(*archive, "20131007_aig_Trade_Tick.csv"));
  EXPECT_NE(ImportCsv(options_, ticks, sink_).error.find("bars of trades"), std::string::npos);
  MemoryBytes quotes(*LeanSpy("minute/spy/20131007_quote.zip", "20131007_spy_minute_quote.csv"));
  EXPECT_NE(ImportCsv(options_, quotes, sink_).error.find("quotes"), std::string::npos);
}

}  // namespace
}  // namespace livetape::jobs
