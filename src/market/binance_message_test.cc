#include "market/binance_message.h"

#include <gtest/gtest.h>

#include <string>

#include "market/line_reader.h"

namespace livetape::market {
namespace {

using Kind = BinanceMessage::Kind;

class BinanceMessageTest : public testing::Test {
 protected:
  const BinanceMessage& Parse(std::string_view json) {
    const auto message = Read(json);
    EXPECT_TRUE(message) << message.error().message;
    return message ? **message : empty_;
  }
  std::string Error(std::string_view json) {
    const auto message = Read(json);
    return message ? "none" : message.error().message;
  }

 private:
  base::Result<const BinanceMessage*> Read(std::string_view json) {
    padded_ = std::string(json) + std::string(kLinePadding, '\0');
    return parser_.Parse(std::string_view(padded_).substr(0, json.size()));
  }
  BinanceParser parser_;
  std::string padded_;
  BinanceMessage empty_;
};

TEST_F(BinanceMessageTest, ReadsATrade) {
  const BinanceMessage& trade =
      Parse(R"({"stream":"ethusdt@trade","data":{"e":"trade","E":5,"s":"ETHUSDT","t":77,)"
            R"("p":"2683.10000000","q":"0.02000000","T":4,"m":true,"M":true}})");
  EXPECT_EQ(trade.kind, Kind::kTrade);
  EXPECT_EQ(trade.symbol, "ETHUSDT");
  EXPECT_EQ(trade.id, 77U);
  EXPECT_EQ(trade.price.ToString(), "2683.1");
  EXPECT_EQ(trade.quantity.ToString(), "0.02");
}

TEST_F(BinanceMessageTest, ReadsABookTicker) {
  const BinanceMessage& ticker =
      Parse(R"({"stream":"ethusdt@bookTicker","data":{"u":12,"s":"ETHUSDT","b":"1.5","B":"2",)"
            R"("a":"1.6","A":"3"}})");
  EXPECT_EQ(ticker.kind, Kind::kBookTicker);
  EXPECT_EQ(ticker.id, 12U);
  EXPECT_EQ(ticker.top.bid.price.ToString(), "1.5");
  EXPECT_EQ(ticker.top.ask.quantity.ToString(), "3");
}

TEST_F(BinanceMessageTest, ReadsDepthUpdatesOfAnySpeed) {
  for (const std::string stream : {"ethusdt@depth", "ethusdt@depth@100ms"}) {
    const BinanceMessage& depth =
        Parse(R"({"stream":")" + stream +
              R"(","data":{"e":"depthUpdate","E":1,"s":"ETHUSDT","U":3,"u":9,)"
              R"("b":[["1.5","0.0"]],"a":[]}})");
    EXPECT_EQ(depth.kind, Kind::kDepth);
    EXPECT_EQ(depth.first_id, 3U);
    EXPECT_EQ(depth.id, 9U);
    ASSERT_EQ(depth.bids.size(), 1U);
    EXPECT_TRUE(depth.bids[0].quantity.zero());
    EXPECT_TRUE(depth.asks.empty());
  }
}

TEST_F(BinanceMessageTest, ReadsASnapshot) {
  const BinanceMessage& snapshot =
      Parse(R"({"lastUpdateId":8,"bids":[["1.5","2"],["1.4","1"]],"asks":[["1.6","3"]]})");
  EXPECT_EQ(snapshot.kind, Kind::kSnapshot);
  EXPECT_EQ(snapshot.id, 8U);
  EXPECT_EQ(snapshot.bids.size(), 2U);
  EXPECT_EQ(snapshot.asks.size(), 1U);
}

TEST_F(BinanceMessageTest, OtherMessagesAreNotErrors) {
  EXPECT_EQ(Parse(R"({"result":null,"id":1})").kind, Kind::kOther);
  EXPECT_EQ(Parse(R"({"stream":"ethusdt@kline_1m","data":{}})").kind, Kind::kOther);
  EXPECT_EQ(Parse(R"({"stream":"ethusdt@depth20","data":{"lastUpdateId":1}})").kind, Kind::kOther);
}

TEST_F(BinanceMessageTest, SaysWhatIsMalformed) {
  EXPECT_EQ(Error("[]"), "is not a JSON object");
  EXPECT_EQ(Error("{"), Error("{\"a\":"));
  EXPECT_TRUE(Error("").starts_with("is not JSON: "));
  EXPECT_EQ(Error(R"({"stream":"a@trade"})"), "field 'data' is missing");
  const auto trade = [&](std::string_view fields) {
    return Error(R"({"stream":"a@trade","data":{)" + std::string(fields) + "}}");
  };
  EXPECT_EQ(trade(R"("s":"A","p":"1","q":"1")"), "field 't' is missing or no id");
  EXPECT_EQ(trade(R"("s":"A","t":-1,"p":"1","q":"1")"), "field 't' is missing or no id");
  EXPECT_EQ(trade(R"("s":"A","t":1,"p":1,"q":"1")"), "field 'p' is missing or no string");
  EXPECT_EQ(trade(R"("s":"A","t":1,"p":"0","q":"1")"),
            "p must be above 0 and at most 1000000000, got 0");
  EXPECT_EQ(trade(R"("s":"A","t":1,"p":"NaN","q":"1")"), "p: 'NaN' is not a decimal number");
  EXPECT_EQ(trade(R"("s":"A","t":1,"p":"1","q":"-1")"), "q must be 0 to 9000000000, got -1");
  EXPECT_EQ(trade(R"("s":"","t":1,"p":"1","q":"1")"),
            "field 's' is not a symbol of 1 to 32 letters and digits");
  EXPECT_EQ(
      Error(R"({"stream":"a@bookTicker","data":{"u":1,"s":"A","b":"2","B":"1","a":"1","A":"1"}})"),
      "bid 2 is above ask 1");
  EXPECT_EQ(Error(R"({"stream":"a@depth","data":{"s":"A","U":2,"u":1,"b":[],"a":[]}})"),
            "'U' 2 is above 'u' 1");
  EXPECT_EQ(Error(R"({"lastUpdateId":1,"bids":[["1"]],"asks":[]})"),
            "'bids' has a level that is not [\"price\",\"quantity\"]");
  EXPECT_EQ(Error(R"({"lastUpdateId":1,"bids":[[]],"asks":[]})"),
            "'bids' has a level that is not [\"price\",\"quantity\"]");
}

}  // namespace
}  // namespace livetape::market
