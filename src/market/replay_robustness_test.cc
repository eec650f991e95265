// Whatever a file holds, replaying it ends, in order and inside the limits of prices and times; it
// never crashes. Small feeds are damaged at random, plain and compressed; the seed is fixed, and
// named when a case fails.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "market/number_field.h"
#include "market/replay_source.h"
#include "market/temporary_file.h"
#include "market/time_field.h"

namespace livetape::market {
namespace {

std::string BinanceSample() {
  std::string out;
  int64_t time = 1'723'161'253'937'085'768;
  const auto line = [&](const std::string& json) {
    out += std::to_string(time += 1'000'000) + " " + json + "\n";
  };
  line(R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,)"
       R"("s":"BTCUSDT","U":5,"u":9,"b":[["99.50000000","1.0"]],"a":[["100.50000000","2.0"]]}})");
  line(R"({"lastUpdateId":7,"bids":[["99.00000000","3.00000000"],["98.00000000","1"]],)"
       R"("asks":[["101.0","4"]]})");
  for (int i = 10; i < 30; ++i) {
    const std::string id = std::to_string(i);
    line(R"({"stream":"btcusdt@bookTicker","data":{"u":)" + id +
         R"(,"s":"BTCUSDT","b":"99.50000000","B":")" + id +
         R"(.5","a":"100.50000000","A":"2.0"}})");
    line(R"({"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":)" + id +
         R"(,"p":"99.5","q":"0.25","T":1,"m":true}})");
    line(R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","s":"BTCUSDT","U":)" + id +
         R"(,"u":)" + id + R"(,"b":[["99.4","0.0"],["99.3",")" + id + R"("]],"a":[]}})");
  }
  return out;
}

std::string OhlcvSample() {
  std::string out = "Date,Open,High,Low,Close,Adj Close,Volume\n";
  for (int day = 1; day < 29; ++day) {
    out += "2004-08-" + std::string(day < 10 ? "0" : "") + std::to_string(day) +
           ",100.01,104.06,95.96,100.335,100.34,2235190" + std::to_string(day) + "\n";
  }
  return out;
}

std::string TickSample() {
  std::string out = "time,symbol,price,size,bid,ask,bid_size,ask_size\n";
  for (int i = 0; i < 30; ++i) {
    out += std::to_string(1'700'000'000 + i) + ".5,\"AIG\",48.5,100,48.4,48.6,3,4\r\n";
  }
  return out;
}

// One to eight damages: bytes changed, runs removed, repeated or inserted.
std::string Damaged(std::string text, base::Random& random) {
  static constexpr std::string_view kPieces[] = {"-1",
                                                 "0",
                                                 "99999999999999999999",
                                                 "1e308",
                                                 "NaN",
                                                 "\"",
                                                 "[[",
                                                 "]]",
                                                 "{",
                                                 "}",
                                                 ",",
                                                 ",,,",
                                                 "\n",
                                                 "\r",
                                                 std::string_view("\0", 1),
                                                 "\xff\xfe",
                                                 "18446744073709551615",
                                                 "\\u0000",
                                                 ".",
                                                 "9223372036854775807",
                                                 "0.0000000001",
                                                 "null",
                                                 "[[[[[[[[",
                                                 " ",
                                                 "e",
                                                 "1969-12-31"};
  const uint64_t damages = 1 + random.Below(8);
  for (uint64_t i = 0; i < damages && !text.empty(); ++i) {
    const size_t at = random.Below(text.size());
    const size_t length = 1 + random.Below(std::min<size_t>(40, text.size() - at));
    switch (random.Below(5)) {
      case 0:
        text[at] = static_cast<char>(random.Below(256));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, text.substr(at, length));
        break;
      case 3:
        text.insert(at, kPieces[random.Below(std::size(kPieces))]);
        break;
      default:
        text.replace(at, std::min<size_t>(length, 12), kPieces[random.Below(std::size(kPieces))]);
    }
  }
  return text;
}

void ExpectInLimits(const model::MarketEvent& event) {
  EXPECT_TRUE(InFeedRange(event.time));
  if (const auto* trade = std::get_if<model::TradeTick>(&event.what)) {
    EXPECT_TRUE(trade->price.positive() && trade->price.units() <= kPriceUnitsMax);
    EXPECT_TRUE(trade->size.units() >= 0 && trade->size.units() <= kSizeUnitsMax);
  } else if (const auto* quote = std::get_if<model::QuoteUpdate>(&event.what)) {
    EXPECT_TRUE(quote->bid.positive() && quote->bid <= quote->ask);
    EXPECT_LE(quote->ask.units(), kPriceUnitsMax);
    EXPECT_TRUE(quote->bid_size.units() >= 0 && quote->ask_size.units() >= 0);
  }
}

// Replays to the end, an error or 2,000 events. True when some event was told.
bool Replay(const std::string& content, bool loop) {
  const TemporaryFile file(content, "feed");
  ReplayOptions options;
  options.loop = loop;
  auto source = OpenReplay(file.path(), options);
  if (!source) {
    EXPECT_NE(source.error().message.find(file.path()), std::string::npos);
    return false;
  }
  model::MarketEvent event;
  int events = 0;
  for (; events < 2000; ++events) {
    const auto more = (*source)->Next(event);
    if (!more || !*more) break;
    if (!loop) ExpectInLimits(event);
  }
  return events > 0;
}

void DamageAndReplay(const std::string& sample, uint64_t seed) {
  ASSERT_TRUE(Replay(sample, false));
  base::Random random(seed);
  int told = 0;
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
    const std::string damaged = Damaged(sample, random);
    if (Replay(damaged, round % 8 == 0)) ++told;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(told, 200);  // most of a damaged file is still good
}

TEST(ReplayRobustness, DamagedBinanceFeeds) { DamageAndReplay(BinanceSample(), 1001); }
TEST(ReplayRobustness, DamagedBars) { DamageAndReplay(OhlcvSample(), 1002); }
TEST(ReplayRobustness, DamagedTicks) { DamageAndReplay(TickSample(), 1003); }

TEST(ReplayRobustness, DamagedGzip) {
  const std::string gzip = Gzip(BinanceSample());
  base::Random random(1004);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("seed 1004, round " + std::to_string(round));
    std::string damaged = gzip;
    for (uint64_t i = 0; i < 1 + random.Below(4); ++i) {
      damaged[random.Below(damaged.size())] = static_cast<char>(random.Below(256));
    }
    if (random.Below(3) == 0) damaged.resize(random.Below(damaged.size()));
    Replay(damaged, false);
  }
}

TEST(ReplayRobustness, EveryPrefixOfASample) {
  const std::string sample = BinanceSample();
  for (size_t size = 0; size < sample.size(); size += 13) Replay(sample.substr(0, size), false);
}

}  // namespace
}  // namespace livetape::market
