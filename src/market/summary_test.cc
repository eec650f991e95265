#include "market/summary.h"

#include <gtest/gtest.h>

#include "base/time_text.h"
#include "market/shared_recordings.h"
#include "market/temporary_file.h"

namespace livetape::market {
namespace {

// Stops at the first line that differs in any digit from the facts known of the recording.
TEST(Summary, OfTheBinanceRecordingEqualsItsKnownFacts) {
  const auto path = SharedRecording("binance_spot_btcusdt_20240808.gz");
  if (!path) GTEST_SKIP() << "no shared recordings beside the checkout (LIVETAPE_SHARED)";
  const base::RealClock clock;
  const auto summary = Summarise(*path, clock, nullptr);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->messages, 41'249U);
  EXPECT_EQ(summary->skipped, 0U);
  ASSERT_EQ(summary->symbols.size(), 1U);
  const SymbolFacts& facts = summary->symbols[0];
  EXPECT_EQ(facts.symbol, "BTCUSDT");

  const TradeFacts& trades = facts.trades;
  EXPECT_EQ(trades.count, 9'757U);
  EXPECT_EQ(trades.first.ToString(), "61837.63");
  EXPECT_EQ(trades.last.ToString(), "61685.99");
  EXPECT_EQ(trades.low.ToString(), "61583.22");
  EXPECT_EQ(trades.high.ToString(), "61860.8");
  EXPECT_EQ(trades.volume.ToString(), "212.03315");
  EXPECT_EQ(trades.vwap, "61707.6816167");
  ASSERT_TRUE(facts.ids);
  EXPECT_EQ(facts.ids->first, 3'735'683'259U);
  EXPECT_EQ(facts.ids->last, 3'735'693'015U);
  EXPECT_EQ(facts.ids->holes, 0U);

  ASSERT_TRUE(facts.book);
  EXPECT_EQ(facts.book->depth_updates, 3'451U);
  EXPECT_EQ(facts.book->holes, 0U);
  EXPECT_EQ(facts.book->snapshot_id, 50'093'239'218U);
  EXPECT_TRUE(facts.book->live);
  EXPECT_EQ(facts.book->compared, 3'449U);
  EXPECT_EQ(facts.book->equal, 3'449U);
  EXPECT_EQ(facts.book->top->bid.price.ToString(), "61685.99");
  EXPECT_EQ(facts.book->top->bid.quantity.ToString(), "1.0087");
  EXPECT_EQ(facts.book->top->ask.price.ToString(), "61686");
  EXPECT_EQ(facts.book->top->ask.quantity.ToString(), "2.29327");
  EXPECT_EQ(facts.book->bid_levels, 1'209U);
  EXPECT_EQ(facts.book->ask_levels, 2'196U);
  EXPECT_GT(summary->busy.count(), 0);

  // The text writes prices and sizes with the decimals that the market has.
  const std::string text = Text(*summary);
  for (const char* line :
       {"  high: 61860.80\n", "  volume: 212.03315\n", "  vwap: 61707.6816167\n",
        "  best bid: 61685.99 x 1.00870\n", "  best ask: 61686.00 x 2.29327\n",
        "  book equals bookTicker: 3449 of 3449\n", "  trade ids: 3735683259..3735693015\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(Summary, OfADailyCsvCountsFourTradesABar) {
  const auto path = SharedRecording("goog_daily_2004_2008_matplotlib.csv");
  if (!path) GTEST_SKIP() << "no shared recordings beside the checkout (LIVETAPE_SHARED)";
  const base::RealClock clock;
  const auto summary = Summarise(*path, clock, nullptr);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->messages, 1'047U);
  ASSERT_EQ(summary->symbols.size(), 1U);
  EXPECT_EQ(summary->symbols[0].symbol, "GOOG");
  EXPECT_EQ(summary->symbols[0].trades.count, 4 * 1'047U);
  EXPECT_EQ(summary->symbols[0].trades.first.ToString(), "100");
}

TEST(Summary, OfAnIndexWithTenBillionsOfVolumeSkipsNothing) {
  const auto path = SharedRecording("vega_sp500_daily_2000_2020.csv");
  if (!path) GTEST_SKIP() << "no shared recordings beside the checkout (LIVETAPE_SHARED)";
  const base::RealClock clock;
  const auto summary = Summarise(*path, clock, nullptr);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->messages, 5'105U);
  EXPECT_EQ(summary->skipped, 0U);
}

TEST(Summary, TellsHowFarItIs) {
  std::string text = "time,price\n";
  for (int i = 0; i < 10'000; ++i) text += std::to_string(1'700'000'000 + i) + ",100.5\n";
  const TemporaryFile file(text);
  const base::ManualClock clock;
  std::vector<uint64_t> messages;
  uint64_t bytes_before = 0;
  const auto summary = Summarise(file.path(), clock, nullptr, [&](uint64_t bytes, uint64_t read) {
    messages.push_back(read);
    EXPECT_GE(bytes, bytes_before);
    EXPECT_LE(bytes, text.size());
    bytes_before = bytes;
  });
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(messages, (std::vector<uint64_t>{4096, 8192}));
  EXPECT_GT(bytes_before, 0U);
}

TEST(Summary, TextHasOneFactALine) {
  const TemporaryFile file(
      "time,price,size,bid,ask\n"
      "2026-11-20T15:00:00Z,10,2,9,11\n"
      "bad line\n"
      "2026-11-20T15:00:01Z,11,1,,\n",
      "acme.csv");
  const base::ManualClock clock;  // stands still, so the speed is 0
  const auto summary = Summarise(file.path(), clock, nullptr);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(Text(*summary), "file: " + file.path() +
                                "\n"
                                "format: tick CSV\n"
                                "messages: 2\n"
                                "skipped lines: 1\n"
                                "from: 2026-11-20T15:00:00.000000Z\n"
                                "to: 2026-11-20T15:00:01.000000Z\n"
                                "symbol: ACME\n"
                                "  trades: 2\n"
                                "  first: 10\n"
                                "  last: 11\n"
                                "  low: 10\n"
                                "  high: 11\n"
                                "  volume: 3\n"
                                "  vwap: 10.3333333333\n"
                                "  quotes: 1\n"
                                "messages/s: 0 (parsing and book; reading and decompression not "
                                "counted)\n");
}

TEST(Summary, OfImpossiblyLargeTradesHasNoVwap) {
  std::string content = "time,price,size\n";
  for (int i = 0; i < 30; ++i) content += "2026-11-20,1000000000,9000000000\n";
  const TemporaryFile file(content);
  const auto summary = Summarise(file.path(), base::ManualClock(), nullptr);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->symbols[0].trades.vwap, "");
  EXPECT_EQ(summary->symbols[0].trades.volume.ToString(), "270000000000");
}

TEST(Summary, OfAMissingFileIsAnErrorThatNamesIt) {
  const auto summary = Summarise("/no/such/feed.gz", base::ManualClock(), nullptr);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().message,
            "/no/such/feed.gz: cannot be opened: No such file or directory");
}

}  // namespace
}  // namespace livetape::market
