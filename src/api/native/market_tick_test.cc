#include "api/native/market_tick.h"

#include <gtest/gtest.h>

#include <vector>

namespace livetape::api {
namespace {

BodyResult<model::PublishedTick> Parse(std::string_view data,
                                       std::string_view topic = "market/AAPL") {
  JsonObjectReader reader;
  return ParseMarketTick(reader, topic, data, "");
}

std::string Refused(std::string_view data, std::string_view topic = "market/AAPL") {
  const auto tick = Parse(data, topic);
  return tick ? "accepted" : tick.error().detail;
}

TEST(MarketTick, ReadsATrade) {
  const auto tick = Parse(R"({"price":187.34,"size":"0.5","time":"2026-11-20T15:04:05.5Z"})");
  ASSERT_TRUE(tick) << tick.error().detail;
  EXPECT_EQ(tick->symbol, "AAPL");
  EXPECT_EQ(tick->price->ToString(), "187.34");
  EXPECT_EQ(tick->size->ToString(), "0.5");
  EXPECT_EQ(tick->time->time_since_epoch(), std::chrono::milliseconds(1'795'187'045'500));
  EXPECT_FALSE(tick->bid || tick->ask || tick->volume || tick->asset_class);
}

TEST(MarketTick, ReadsAQuoteAndAVolume) {
  const auto tick = Parse(R"({"bid":1,"ask":1,"bid_size":0,"ask_size":2e3,"volume":12345678,)"
                          R"("asset_class":"us_equity","price":null,"time":null})");
  ASSERT_TRUE(tick) << tick.error().detail;
  EXPECT_EQ(tick->bid->ToString(), "1");
  EXPECT_EQ(tick->ask_size->ToString(), "2000");
  EXPECT_EQ(tick->volume->ToString(), "12345678");
  EXPECT_EQ(tick->asset_class, model::AssetClass::kUsEquity);
  EXPECT_FALSE(tick->price || tick->time);
  EXPECT_TRUE(Parse(R"({"volume":0})"));
}

TEST(MarketTick, SaysWhatIsWrong) {
  struct Case {
    std::string data, error;
  };
  for (const Case& c : std::vector<Case>{
           {"{}", "data needs a price (a trade), bid and ask (a quote) or a volume"},
           {"7", "data must be an object with market data, such as {\"price\":187.34}"},
           {R"({"price":0})", "data.price must be positive, got 0"},
           {R"({"price":-1.5})", "data.price must be positive, got -1.5"},
           {R"({"price":"x"})", "data.price is wrong: 'x' is not a decimal number"},
           {R"({"price":true})", "data.price is wrong: must be a number or a string with one"},
           {R"({"price":0.30000000000000004})",
            "data.price is wrong: the number 0.30000000000000004 has more than 15 significant "
            "digits; send a string"},
           {R"({"price":1e999})", "data.price is wrong: the number is out of range"},
           {R"({"price":"0.0000000001"})",
            "data.price is wrong: '0.0000000001' has more than 9 decimals"},
           {R"({"price":1,"price":2})", "data.price is given twice"},
           {R"({"price":1,"size":-1})", "data.size must be at least 0, got -1"},
           {R"({"size":1,"volume":1})",
            "data.price is missing; the size of a trade goes with its price"},
           {R"({"bid":1})", "data.ask is missing; a quote has both bid and ask"},
           {R"({"ask":1})", "data.bid is missing; a quote has both bid and ask"},
           {R"({"bid":2,"ask":1})", "data.bid 2 is above ask 1; a quote has bid <= ask"},
           {R"({"price":1,"bid_size":1})",
            "data.bid is missing; a size of a quote goes with its bid and ask"},
           {R"({"price":1,"time":5})",
            "data.time must be a string such as \"2026-11-20T15:04:05.123Z\", got a number"},
           {R"({"price":1,"time":"noon"})",
            "data.time is wrong: 'noon' is not a time; expected RFC 3339 such as "
            "2026-11-20T15:04:05Z, or a date"},
           {R"({"price":1,"asset_class":"fx"})",
            "data.asset_class must be \"crypto\" or \"us_equity\""},
           {R"({"price":1,"last":2})",
            "data.last is not known; market data has price, size, bid, ask, bid_size, ask_size, "
            "volume, time and asset_class"},
       }) {
    EXPECT_EQ(Refused(c.data), c.error) << c.data;
  }
}

TEST(MarketTick, ReadsTheSymbolOfTheTopic) {
  struct Case {
    std::string topic, symbol;
  };
  const std::string longest(32, 'A');
  for (const Case& c : std::vector<Case>{{"market/BTC%2FUSD", "BTC/USD"},
                                         {"market/%42TC%2fUSD", "BTC/USD"},
                                         {"market/room-7:t_1.x", "room-7:t_1.x"},
                                         {"market/" + longest, longest}}) {
    const auto tick = Parse(R"({"price":1})", c.topic);
    ASSERT_TRUE(tick) << tick.error().detail;
    EXPECT_EQ(tick->symbol, c.symbol);
  }
  EXPECT_EQ(Refused(R"({"price":1})", "market/A%20B"),
            "topic 'market/A%20B' has a symbol with a byte outside A-Za-z0-9._-/:; market data "
            "goes to market/<symbol>");
  EXPECT_NE(Refused(R"({"price":1})", "market/" + longest + "A").find("longer than 32 bytes"),
            std::string::npos);
  for (const auto* topic : {"market", "market/A/B"}) {
    EXPECT_NE(Refused(R"({"price":1})", topic).find("exactly two segments"), std::string::npos);
  }
}

}  // namespace
}  // namespace livetape::api
