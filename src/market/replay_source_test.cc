#include "market/replay_source.h"

#include <gtest/gtest.h>

#include "market/decoder_fixture.h"
#include "market/shared_recordings.h"
#include "market/temporary_file.h"

namespace livetape::market {
namespace {

class ReplayTest : public testing::Test {
 protected:
  // Up to `most` events as text with times, and the error that ended them.
  std::vector<std::string> Replay(const std::string& path, ReplayOptions options = {},
                                  size_t most = 100) {
    options.log = &log_;
    std::vector<std::string> events;
    auto source = OpenReplay(path, std::move(options));
    if (!source) return {"error: " + source.error().message};
    model::MarketEvent event;
    while (events.size() < most) {
      const auto more = (*source)->Next(event);
      if (!more) {
        events.push_back("error: " + more.error().message);
        break;
      }
      if (!*more) break;
      events.push_back(base::FormatRfc3339(event.time).substr(5, 14) + " " + EventText(event));
    }
    skipped_ = (*source)->skipped();
    return events;
  }

  std::vector<std::string> said_;
  uint64_t skipped_ = 0;
  base::Log log_{base::LogLevel::kDebug,
                 [this](base::LogLevel, std::string_view text) { said_.emplace_back(text); }};
};

using Strings = std::vector<std::string>;

constexpr std::string_view kTicks =
    "time,price,size\n"
    "2026-11-20T15:00:00Z,10,1\n"
    "2026-11-20T15:00:01Z,11,1\n";

TEST_F(ReplayTest, TellsTheFileOnceInOrder) {
  const TemporaryFile file(kTicks, "acme-2026.csv");
  EXPECT_EQ(Replay(file.path()),
            (Strings{"11-20T15:00:00 listed ACME us_equity", "11-20T15:00:00 0 trade 10x1",
                     "11-20T15:00:01 0 trade 11x1"}));
  EXPECT_TRUE(said_.empty());
}

TEST_F(ReplayTest, GzipIsReadLikePlainText) {
  const TemporaryFile plain(kTicks, "a.csv");
  const TemporaryFile gzip(Gzip(kTicks), "a.csv.gz");
  EXPECT_EQ(Replay(gzip.path()), Replay(plain.path()));
}

TEST_F(ReplayTest, OptionsNameSymbolAndClass) {
  const TemporaryFile file(kTicks);
  ReplayOptions options;
  options.symbol = "BTC";
  options.asset_class = model::AssetClass::kCrypto;
  EXPECT_EQ(Replay(file.path(), options).at(0), "11-20T15:00:00 listed BTC crypto");
}

TEST_F(ReplayTest, LoopedRoundsFollowByWholeDays) {
  const TemporaryFile file(kTicks, "a.csv");
  ReplayOptions options;
  options.loop = true;
  EXPECT_EQ(Replay(file.path(), options, 6),
            (Strings{"11-20T15:00:00 listed A us_equity", "11-20T15:00:00 0 trade 10x1",
                     "11-20T15:00:01 0 trade 11x1", "11-21T15:00:00 0 trade 10x1",
                     "11-21T15:00:01 0 trade 11x1", "11-22T15:00:00 0 trade 10x1"}));
}

TEST_F(ReplayTest, RoundsAreCountedUpToTheEventThatWasTold) {
  const TemporaryFile file(kTicks, "a.csv");
  ReplayOptions options;
  options.loop = true;
  auto source = *OpenReplay(file.path(), options);
  model::MarketEvent event;
  std::vector<uint64_t> rounds;
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(source->Next(event).value());
    rounds.push_back(source->rounds());
  }
  EXPECT_EQ(rounds, (std::vector<uint64_t>{0, 0, 0, 1, 1, 2}));  // the first is a listing
}

TEST_F(ReplayTest, ALoopShiftsPastTheLastEvent) {
  const TemporaryFile file("date,open,high,low,close\n2026-11-20,1,1,1,1\n2026-11-22,1,1,1,1\n",
                           "a.csv");
  ReplayOptions options;
  options.loop = true;
  const Strings events = Replay(file.path(), options, 10);
  EXPECT_EQ(events[8], "11-22T18:00:00 0 trade 1x0");
  EXPECT_EQ(events[9], "11-23T00:00:00 0 trade 1x0");
}

TEST_F(ReplayTest, ALoopEndsWhereTimeEnds) {
  const TemporaryFile file("time,price\n1970-01-02,1\n2200-12-01,2\n", "a.csv");
  ReplayOptions options;
  options.loop = true;
  const Strings events = Replay(file.path(), options);
  EXPECT_EQ(events.back(),
            "error: " + file.path() + ": looped until the year 2261, where time ends");
}

TEST_F(ReplayTest, AFileThatTellsNothingDoesNotLoopForEver) {
  const TemporaryFile file(R"(1723161253937085768 {"lastUpdateId":1,"bids":[],"asks":[]})"
                           "\n",
                           "a");
  ReplayOptions options;
  options.loop = true;
  EXPECT_EQ(Replay(file.path(), options), Strings{});
}

TEST_F(ReplayTest, MalformedLinesAreReportedCountedAndSkipped) {
  const TemporaryFile file(
      std::string(kTicks) + "2026-11-20T15:00:02Z,zero,1\n\n" + "2026-11-20T15:00:03Z,12,1\n",
      "a.csv");
  EXPECT_EQ(Replay(file.path()).size(), 4U);
  EXPECT_EQ(skipped_, 1U);
  EXPECT_EQ(said_, (Strings{file.path() + ":4: skipped: price: 'zero' is not a decimal number",
                            file.path() + ": 1 malformed line skipped"}));
}

TEST_F(ReplayTest, LaterRoundsReportNothingAgain) {
  const TemporaryFile file(std::string(kTicks) + "bad\n", "a.csv");
  ReplayOptions options;
  options.loop = true;
  Replay(file.path(), options, 50);
  EXPECT_EQ(said_.size(), 2U);
  EXPECT_EQ(skipped_, 1U);
}

TEST_F(ReplayTest, ALineThatIsTooLongIsSkipped) {
  const TemporaryFile file(std::string(kTicks) + std::string(2 * kLineBytesMax, '9') + "\n",
                           "a.csv");
  EXPECT_EQ(Replay(file.path()).size(), 3U);
  EXPECT_EQ(said_.at(0), file.path() + ":4: skipped: is longer than 4194304 bytes");
}

TEST_F(ReplayTest, AFileWithoutAValidLineIsRefusedByName) {
  const TemporaryFile rows("time,price\nbad\nworse\n", "a.csv");
  EXPECT_EQ(Replay(rows.path()),
            (Strings{"error: " + rows.path() + ": no valid line in it, as tick CSV; 2 malformed"}));
  const TemporaryFile noise("what\nis\nthis\n");
  EXPECT_TRUE(Replay(noise.path()).at(0).starts_with("error: " + noise.path() + ": no valid line"));
  EXPECT_TRUE(Replay("/no/such").at(0).starts_with("error: /no/such: cannot be opened"));
}

TEST_F(ReplayTest, TruncatedGzipEndsInAnErrorAfterItsWholeLines) {
  std::string content = "time,price\n";
  for (int i = 0; i < 5000; ++i) {
    content +=
        std::to_string(1'700'000'000 + i * 7919 % 100'000) + "," + std::to_string(1 + i) + "\n";
  }
  const std::string gzip = Gzip(content);
  const TemporaryFile file(gzip.substr(0, gzip.size() / 2), "a.csv.gz");
  const Strings events = Replay(file.path(), {}, 10'000);
  EXPECT_GT(events.size(), 100U);
  EXPECT_LT(events.size(), 5000U);
  EXPECT_NE(events.back().find("the file is truncated"), std::string::npos);
  EXPECT_EQ(skipped_, 0U);
}

TEST_F(ReplayTest, SymbolsComeFromFileNames) {
  EXPECT_EQ(SymbolOfFile("/tmp/goog_daily_2004.csv"), "GOOG");
  EXPECT_EQ(SymbolOfFile("x/_spy.csv.gz"), "SPY");
  EXPECT_EQ(SymbolOfFile("/tmp/..."), "FEED");
}

TEST_F(ReplayTest, TheBinanceRecordingNeverGoesBackInTimeNorCrossesItsQuotes) {
  const auto path = SharedRecording("binance_spot_btcusdt_20240808.gz");
  if (!path) GTEST_SKIP() << "no shared recordings beside the checkout (LIVETAPE_SHARED)";
  auto source = *OpenReplay(*path, {.log = &log_, .symbol = "", .asset_class = std::nullopt});
  model::MarketEvent event;
  base::WallTime last;
  uint64_t trades = 0, quotes = 0;
  while (source->Next(event).value()) {
    EXPECT_GE(event.time, last);
    last = event.time;
    if (std::holds_alternative<model::TradeTick>(event.what)) ++trades;
    if (const auto* quote = std::get_if<model::QuoteUpdate>(&event.what)) {
      ++quotes;
      EXPECT_LE(quote->bid, quote->ask);
    }
  }
  EXPECT_EQ(trades, 9'757U);
  EXPECT_GT(quotes, 20'000U);
  EXPECT_TRUE(said_.empty());
}

}  // namespace
}  // namespace livetape::market
