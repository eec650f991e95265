#include "market/tick_csv.h"

#include <gtest/gtest.h>

#include "market/decoder_fixture.h"

namespace livetape::market {
namespace {

class TickCsvTest : public DecoderFixture {
 protected:
  TickCsvTest() { decoder_ = std::make_unique<TickCsv>("AIG", std::nullopt); }
};

TEST_F(TickCsvTest, ARowIsATrade) {
  EXPECT_EQ(Take("Time,Price,Size"), "");
  EXPECT_EQ(Take("2026-11-20T15:00:00.25Z,48.5,100"), "listed AIG us_equity; 0 trade 48.5x100");
  EXPECT_EQ(times_[1], "2026-11-20T15:00:00.250000Z");
  EXPECT_EQ(Take("2026-11-20T15:00:01Z,48.6,"), "0 trade 48.6x0");
}

TEST_F(TickCsvTest, WithBidAndAskTheQuoteComesFirst) {
  Take("timestamp,last,qty,bid,ask,bid_size,ask_size");
  Take("1723161253,10,5,9,11,1,2");
  EXPECT_EQ(Take("1723161254,10,5,9,11,1,2"), "0 quote 9x1 11x2; 0 trade 10x5");
  EXPECT_EQ(Take("1723161254,,,9,11,1,2"), "0 quote 9x1 11x2");
  EXPECT_EQ(Take("1723161254,10,5,,,,"), "0 trade 10x5");
}

TEST_F(TickCsvTest, DateAndTimeColumnsAreOneTime) {
  Take("date,time,price");
  Take("20131007,09:31:05,48.5");
  EXPECT_EQ(times_[1], "2013-10-07T09:31:05.000000Z");
  Take("2013-10-07,1381138265000,48.5");
  EXPECT_EQ(times_[0], "2013-10-07T09:31:05.000000Z");
}

TEST_F(TickCsvTest, ASymbolColumnMakesSeveralInstruments) {
  Take("time,symbol,price");
  EXPECT_EQ(Take("2026-11-20,AAPL,1"), "listed AAPL us_equity; 0 trade 1x0");
  EXPECT_EQ(Take("2026-11-20,TSLA,2"), "listed TSLA us_equity; 1 trade 2x0");
  EXPECT_EQ(Take("2026-11-20,,2"), "error: '' is not a symbol");
}

TEST_F(TickCsvTest, TimesAreTheFilesOwn) {
  Take("time,price");
  Take("2026-11-20T15:00:05Z,1");
  Take("2026-11-20T15:00:01Z,1");
  EXPECT_EQ(times_[0], "2026-11-20T15:00:01.000000Z");
}

TEST_F(TickCsvTest, MalformedRowsSayWhy) {
  EXPECT_EQ(Take("1,2,3"),
            "error: comes before a header with time and price, or time, bid and ask");
  Take("time,price,size,bid,ask");
  EXPECT_EQ(Take("2026-11-20,,,,"), "error: has neither a price nor a bid and an ask");
  EXPECT_EQ(Take("2026-11-20,-1,1,,"),
            "error: price must be above 0 and at most 1000000000, got -1");
  EXPECT_EQ(Take("2026-11-20,1,-1,,"), "error: size must be 0 to 9000000000, got -1");
  EXPECT_EQ(Take("2026-11-20,1,1,12,11"), "error: bid 12 is above ask 11");
  EXPECT_EQ(Take("2026-11-20,1,1,12,"), "error: ask: '' is not a decimal number");
  EXPECT_EQ(Take("2026-11-20,nan,1,,"), "error: price: 'nan' is not a decimal number");
}

}  // namespace
}  // namespace livetape::market
