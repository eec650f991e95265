#include "market/binance_feed.h"

#include <gtest/gtest.h>

#include "market/decoder_fixture.h"

namespace livetape::market {
namespace {

constexpr std::string_view kTime = "1723161253937085768 ";

class BinanceFeedTest : public DecoderFixture {
 protected:
  BinanceFeedTest() { decoder_ = std::make_unique<BinanceFeed>(std::nullopt); }

  static std::string Message(const std::string& stream, const std::string& data) {
    return std::string(kTime) + R"({"stream":")" + stream + R"(","data":{)" + data + "}}";
  }
  std::string Trade(const std::string& symbol, int id, const std::string& price) {
    return Take(Message("x@trade", R"("s":")" + symbol + R"(","t":)" + std::to_string(id) +
                                       R"(,"p":")" + price + R"(","q":"1")"));
  }
  std::string Ticker(const std::string& symbol, int id, const std::string& bid,
                     const std::string& ask) {
    return Take(Message("x@bookTicker", R"("u":)" + std::to_string(id) + R"(,"s":")" + symbol +
                                            R"(","b":")" + bid + R"(","B":"1","a":")" + ask +
                                            R"(","A":"1")"));
  }
  // Sets one bid and one ask, of quantity 1.
  std::string Depth(const std::string& symbol, int first, int last, const std::string& bid,
                    const std::string& ask) {
    return Take(Message("x@depth", R"("s":")" + symbol + R"(","U":)" + std::to_string(first) +
                                       R"(,"u":)" + std::to_string(last) + R"(,"b":[[")" + bid +
                                       R"(","1"]],"a":[[")" + ask + R"(","1"]])"));
  }
  std::string Snapshot(int id, const std::string& bid, const std::string& ask) {
    return Take(std::string(kTime) + R"({"lastUpdateId":)" + std::to_string(id) + R"(,"bids":[[")" +
                bid + R"(","1"]],"asks":[[")" + ask + R"(","1"]]})");
  }
};

TEST_F(BinanceFeedTest, TradesAreTicksAtTheReceiveTime) {
  EXPECT_EQ(Trade("BTCUSDT", 1, "61837.63"), "listed BTCUSDT crypto; 0 trade 61837.63x1");
  EXPECT_EQ(times_[1], "2024-08-08T23:54:13.937085Z");
  EXPECT_EQ(Trade("BTCUSDT", 2, "61838"), "0 trade 61838x1");
}

// Two connections whose streams overlap, in one file.
TEST_F(BinanceFeedTest, ATradeThatIsRepeatedIsToldOnce) {
  EXPECT_EQ(Trade("BTCUSDT", 7, "10"), "listed BTCUSDT crypto; 0 trade 10x1");
  EXPECT_EQ(Trade("BTCUSDT", 8, "11"), "0 trade 11x1");
  EXPECT_EQ(Trade("BTCUSDT", 7, "10"), "");
  EXPECT_EQ(Trade("BTCUSDT", 8, "11"), "");
  EXPECT_EQ(Trade("BTCUSDT", 9, "12"), "0 trade 12x1");
  EXPECT_EQ(Trade("ETHUSDT", 8, "5"), "listed ETHUSDT crypto; 1 trade 5x1");
  EXPECT_TRUE(said_.empty());
  decoder_->Restart();
  EXPECT_EQ(Trade("BTCUSDT", 7, "10"), "0 trade 10x1");
}

TEST_F(BinanceFeedTest, BookTickersAreQuotesAndRepeatsTellNothing) {
  EXPECT_EQ(Ticker("BTCUSDT", 5, "9", "11"), "listed BTCUSDT crypto; 0 quote 9x1 11x1");
  EXPECT_EQ(Ticker("BTCUSDT", 6, "9", "11"), "");
  EXPECT_EQ(Ticker("BTCUSDT", 4, "8", "11"), "");  // older by its id
  EXPECT_EQ(Ticker("BTCUSDT", 7, "10", "11"), "0 quote 10x1 11x1");
}

TEST_F(BinanceFeedTest, TheNewerOfBookAndTickerIsTheQuote) {
  EXPECT_EQ(Ticker("BTCUSDT", 5, "9", "11"), "listed BTCUSDT crypto; 0 quote 9x1 11x1");
  EXPECT_EQ(Depth("BTCUSDT", 1, 6, "8", "12"), "");  // no snapshot yet
  EXPECT_EQ(Snapshot(3, "9.5", "11"), "0 whole book [8x1 9.5x1] [12x1 11x1]; 0 quote 9.5x1 11x1");
  EXPECT_EQ(Ticker("BTCUSDT", 9, "9.7", "11"), "0 quote 9.7x1 11x1");
  // No quote: the ticker is newer.
  EXPECT_EQ(Depth("BTCUSDT", 7, 8, "9.6", "11"), "0 book [9.6x1] [11x1]");
  EXPECT_EQ(Depth("BTCUSDT", 9, 10, "9.8", "11"), "0 book [9.8x1] [11x1]; 0 quote 9.8x1 11x1");
}

TEST_F(BinanceFeedTest, ABrokenBookIsTakenBackAndTellsNothingUntilTheNextSnapshot) {
  Depth("BTCUSDT", 1, 2, "9", "11");
  Snapshot(2, "9", "11");
  EXPECT_EQ(Depth("BTCUSDT", 5, 6, "10", "11"), "0 whole book [] []");
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_EQ(said_[0],
            "feed:3: BTCUSDT: depth update 5..6 follows 2; the book is broken until the next "
            "snapshot");
  EXPECT_EQ(Depth("BTCUSDT", 7, 8, "10.5", "11"), "");
  EXPECT_EQ(Depth("BTCUSDT", 12, 13, "10.5", "11"), "") << "it is broken already";
  EXPECT_EQ(Ticker("BTCUSDT", 13, "10.2", "11"), "0 quote 10.2x1 11x1");
  EXPECT_EQ(Snapshot(14, "10.6", "11"), "0 whole book [10.6x1] [11x1]; 0 quote 10.6x1 11x1");
}

TEST_F(BinanceFeedTest, ASnapshotThatIsNotUsedTellsNothing) {
  Depth("BTCUSDT", 1, 2, "9", "11");
  Snapshot(2, "9", "11");
  Depth("BTCUSDT", 3, 4, "10", "11");
  EXPECT_EQ(Snapshot(3, "8", "12"), "");
  EXPECT_EQ(Depth("BTCUSDT", 2, 4, "8", "12"), "") << "a stale diff";
}

TEST_F(BinanceFeedTest, ACrossedBookMakesNoQuote) {
  Depth("BTCUSDT", 1, 2, "9", "11");
  Snapshot(2, "9", "11");
  EXPECT_EQ(Depth("BTCUSDT", 3, 3, "12", "13"), "0 book [12x1] [13x1]");
}

TEST_F(BinanceFeedTest, ASnapshotBelongsToTheSymbolWhoseIdsAreNearest) {
  Depth("BTCUSDT", 1001, 1002, "9", "11");
  Depth("ETHUSDT", 71, 72, "5", "6");
  EXPECT_EQ(Snapshot(71, "5.5", "6"), "1 whole book [5x1 5.5x1] [6x1]; 1 quote 5.5x1 6x1");
  EXPECT_EQ(Snapshot(1001, "9.5", "11"), "0 whole book [9x1 9.5x1] [11x1]; 0 quote 9.5x1 11x1");
}

TEST_F(BinanceFeedTest, ASnapshotBeforeAnyDiffWaitsForTheFirst) {
  EXPECT_EQ(Snapshot(5, "9", "11"), "");
  EXPECT_EQ(Depth("BTCUSDT", 4, 6, "10", "11"),
            "listed BTCUSDT crypto; 0 whole book [9x1 10x1] [11x1]; 0 quote 10x1 11x1");
}

TEST_F(BinanceFeedTest, TimesNeverGoBack) {
  Trade("BTCUSDT", 1, "10");
  Take(R"(1000000000000000000 {"stream":"x@trade","data":{"s":"BTCUSDT","t":2,"p":"10","q":"1"}})");
  EXPECT_EQ(times_[0], "2024-08-08T23:54:13.937085Z");
}

TEST_F(BinanceFeedTest, AMissingTradeIdIsNoticed) {
  Trade("BTCUSDT", 1, "10");
  Trade("BTCUSDT", 3, "10");
  EXPECT_EQ(said_.at(0), "feed:2: BTCUSDT: trade id 3 follows 1");
}

TEST_F(BinanceFeedTest, LinesWithoutAReceiveTimeAreMalformed) {
  const std::string expected =
      "error: does not begin with a receive time in ns since 1970 and a blank";
  EXPECT_EQ(Take("{}"), expected);
  EXPECT_EQ(Take("1723161253937085768"), expected);
  EXPECT_EQ(Take("-5 {}"), expected);
  EXPECT_EQ(Take("99999999999999999999 {}"), expected);
  EXPECT_EQ(Take("9223372036854775807 {}"), expected);
  EXPECT_TRUE(Take("1723161253937085768 {").starts_with("error: is not JSON"));
}

TEST_F(BinanceFeedTest, AfterRestartTheBookBeginsAnewAndSymbolsStay) {
  Depth("BTCUSDT", 1, 2, "9", "11");
  Snapshot(2, "9", "11");
  decoder_->Restart();
  EXPECT_EQ(Trade("ETHUSDT", 1, "5"), "0 whole book [] []; listed ETHUSDT crypto; 1 trade 5x1");
  EXPECT_EQ(Depth("BTCUSDT", 1, 2, "9", "11"), "");
  // Its quote was told before the restart.
  EXPECT_EQ(Snapshot(2, "9", "11"), "0 whole book [9x1] [11x1]");
  EXPECT_EQ(Depth("BTCUSDT", 3, 3, "10", "11"), "0 book [10x1] [11x1]; 0 quote 10x1 11x1");
}

}  // namespace
}  // namespace livetape::market
