#include "market/ohlcv_csv.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "market/decoder_fixture.h"

namespace livetape::market {
namespace {

class OhlcvCsvTest : public DecoderFixture {
 protected:
  OhlcvCsvTest() { decoder_ = std::make_unique<OhlcvCsv>("GOOG", std::nullopt); }
};

TEST_F(OhlcvCsvTest, ABarThatRisesIsOpenLowHighClose) {
  Take("date,open,high,low,close,volume");
  EXPECT_EQ(Take("2004-08-19,100,104,95,101,22351903"), "");
  EXPECT_EQ(Rest(),
            "listed GOOG us_equity; 0 trade 100x5587975; 0 trade 95x5587975; 0 trade 104x5587975; "
            "0 trade 101x5587978");
}

TEST_F(OhlcvCsvTest, ABarThatFallsIsOpenHighLowClose) {
  Take("date,open,high,low,close,volume");
  Take("2004-08-19,100,104,95,99,4");
  EXPECT_EQ(Rest(),
            "listed GOOG us_equity; 0 trade 100x1; 0 trade 104x1; 0 trade 95x1; 0 trade 99x1");
}

TEST_F(OhlcvCsvTest, ADailyBarIsSpreadOverItsDay) {
  Take("Close,Adj Close,Low,High,Open,Volume,Date");
  Take("101,50,95,104,100,4,2004-08-19");
  Take("101,50,95,104,100,4,2004-08-20");
  Rest();
  EXPECT_EQ(times_[1], "2004-08-19T00:00:00.000000Z");
  EXPECT_EQ(times_[2], "2004-08-19T06:00:00.000000Z");
  EXPECT_EQ(times_[3], "2004-08-19T12:00:00.000000Z");
  EXPECT_EQ(times_[4], "2004-08-19T18:00:00.000000Z");
  EXPECT_EQ(times_[5], "2004-08-20T00:00:00.000000Z");
}

TEST_F(OhlcvCsvTest, TheIntervalIsTheSmallestDistanceInTheFile) {
  Take("time,open,high,low,close");
  Take("2026-11-20T15:00:00Z,1,1,1,1");
  Take("2026-11-20T15:05:00Z,1,1,1,1");
  Take("2026-11-20T15:06:00Z,1,1,1,1");
  Rest();
  EXPECT_EQ(times_[2], "2026-11-20T15:00:15.000000Z");
  EXPECT_EQ(times_.back(), "2026-11-20T15:06:45.000000Z");
}

TEST_F(OhlcvCsvTest, NewestFirstIsReplayedOldestFirst) {
  Take("date,open,high,low,close");
  Take("2004-08-20,2,2,2,2");
  Take("2004-08-19,1,1,1,1");
  EXPECT_TRUE(Rest().starts_with("listed GOOG us_equity; 0 trade 1x0"));
  EXPECT_EQ(times_[0], "2004-08-19T00:00:00.000000Z");
}

TEST_F(OhlcvCsvTest, ARepeatedTimeIsSkippedAndReported) {
  Take("date,open,high,low,close");
  Take("2004-08-19,1,1,1,1");
  Take("2004-08-19,2,2,2,2");
  Rest();
  EXPECT_EQ(times_.size(), 5U);
  EXPECT_EQ(said_.at(0), "feed:3: skipped: has the time of an earlier line");
}

TEST_F(OhlcvCsvTest, ASymbolColumnMakesSeveralInstruments) {
  Take("symbol,date,open,high,low,close");
  Take("AAPL,2004-08-19,1,1,1,1");
  Take("TSLA,2004-08-19,2,2,2,2");
  EXPECT_TRUE(Rest().starts_with(
      "listed AAPL us_equity; listed TSLA us_equity; 0 trade 1x0; 1 trade 2x0; 0 trade 1x0"));
}

TEST_F(OhlcvCsvTest, MalformedRowsSayWhy) {
  EXPECT_EQ(Take("2004-08-19,1,1,1,1"),
            "error: comes before a header with date or time, open, high, low, close");
  Take("date,open,high,low,close,volume");
  EXPECT_EQ(Take("2004-08-19,1,1,2,1,0"),
            "error: open 1 and close 1 are not between low 2 and high 1");
  EXPECT_EQ(Take("2004-08-19,1,1,1,,0"), "error: close: '' is not a decimal number");
  EXPECT_EQ(Take("2004-08-19,1"), "error: high: '' is not a decimal number");
  EXPECT_EQ(Take("2004-08-19,0,1,0,1,0"),
            "error: open must be above 0 and at most 1000000000, got 0");
  EXPECT_EQ(Take("2004-08-19,1,1,1,1,many"), "error: volume is not a number, got 'many'");
  EXPECT_TRUE(Take("yesterday,1,1,1,1,0").starts_with("error: 'yesterday' is not a time"));
  EXPECT_EQ(Rest(), "");
}

TEST(PathOfBar, SplitsAnyVolumeExactly) {
  base::Random random(8);
  const auto price = base::Price::FromUnits(1);
  for (int i = 0; i < 10'000; ++i) {
    auto volume = static_cast<base::Int128>(random.Below(36'000'000'000)) * base::kDecimalScale;
    if (i % 2 == 0) volume += static_cast<int64_t>(random.Below(base::kDecimalScale));
    base::Int128 sum = 0;
    for (const PathStep& step : PathOf(price, price, price, price, volume)) {
      sum += step.size.units();
      if (volume % base::kDecimalScale == 0) {
        EXPECT_EQ(step.size.units() % base::kDecimalScale, 0);
      }
    }
    ASSERT_TRUE(sum == volume);
  }
}

}  // namespace
}  // namespace livetape::market
