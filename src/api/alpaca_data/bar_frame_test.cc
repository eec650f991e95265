#include "api/alpaca_data/bar_frame.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::api {
namespace {

base::WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }
BarFrame Frame(std::string_view text) { return *ParseBarFrame(text); }

TEST(BarFrame, IsWrittenAsClientsWriteIt) {
  EXPECT_EQ(Frame("1Min"), (BarFrame{1, BarUnit::kMinute}));
  EXPECT_EQ(Frame("59T"), (BarFrame{59, BarUnit::kMinute}));
  EXPECT_EQ(Frame("1Hour"), (BarFrame{1, BarUnit::kHour}));
  EXPECT_EQ(Frame("1H"), (BarFrame{1, BarUnit::kHour}));
  EXPECT_EQ(Frame("23Hour"), (BarFrame{23, BarUnit::kHour}));
  EXPECT_EQ(Frame("1Day"), (BarFrame{1, BarUnit::kDay}));
  EXPECT_EQ(Frame("1D"), (BarFrame{1, BarUnit::kDay}));
  EXPECT_EQ(Frame("1W"), (BarFrame{1, BarUnit::kWeek}));
  EXPECT_EQ(Frame("1Week"), (BarFrame{1, BarUnit::kWeek}));
  EXPECT_EQ(Frame("3Month"), (BarFrame{3, BarUnit::kMonth}));
  EXPECT_EQ(Frame("12M"), (BarFrame{12, BarUnit::kMonth}));
  EXPECT_EQ(Frame("1Sec"), (BarFrame{1, BarUnit::kSecond}));
}

TEST(BarFrame, OthersAreRefusedWithWhatIsAllowed) {
  for (const char* text :
       {"", "Min", "0Min", "60Min", "24Hour", "2Day", "2Week", "5Month", "13M", "30Sec", "1min",
        "1 Min", "-1Min", "1m", "1.5Hour", "1Minute", "99999999999999999999Min"}) {
    const auto frame = ParseBarFrame(text);
    ASSERT_FALSE(frame) << text;
    EXPECT_NE(frame.error().message.find("1Min to 59Min"), std::string::npos);
  }
}

TEST(BarFrame, IsMadeOfTheLongestBarsThatFit) {
  EXPECT_EQ(SourceOf(Frame("1Min")), model::Timeframe::k1m);
  EXPECT_EQ(SourceOf(Frame("7Min")), model::Timeframe::k1m);
  EXPECT_EQ(SourceOf(Frame("10Min")), model::Timeframe::k5m);
  EXPECT_EQ(SourceOf(Frame("30Min")), model::Timeframe::k15m);
  EXPECT_EQ(SourceOf(Frame("4Hour")), model::Timeframe::k1h);
  EXPECT_EQ(SourceOf(Frame("1Week")), model::Timeframe::k1d);
  EXPECT_EQ(SourceOf(Frame("1Sec")), model::Timeframe::k1s);
}

struct Bucket {
  const char* frame;
  const char* time;
  const char* start;
  const char* next;
};

TEST(BarFrame, BucketsBeginWhereTheDayWeekOrYearSays) {
  const Bucket buckets[] = {
      {"1Min", "2024-05-15T10:59:59.999999999Z", "2024-05-15T10:59:00Z", "2024-05-15T11:00:00Z"},
      {"30Min", "2024-05-15T10:59:59Z", "2024-05-15T10:30:00Z", "2024-05-15T11:00:00Z"},
      {"4Hour", "2024-05-15T23:00:00Z", "2024-05-15T20:00:00Z", "2024-05-16T00:00:00Z"},
      // Midnight cuts what would reach over it: 7 minutes fit 205 times into a day and 5 are left.
      {"7Min", "2024-05-15T23:58:00Z", "2024-05-15T23:55:00Z", "2024-05-16T00:00:00Z"},
      {"23Hour", "2024-05-15T23:30:00Z", "2024-05-15T23:00:00Z", "2024-05-16T00:00:00Z"},
      {"1Day", "2024-02-29T12:00:00Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
      // 13 May 2024 was a Monday.
      {"1Week", "2024-05-15T10:00:00Z", "2024-05-13T00:00:00Z", "2024-05-20T00:00:00Z"},
      {"1Week", "2024-05-19T23:59:59Z", "2024-05-13T00:00:00Z", "2024-05-20T00:00:00Z"},
      {"1Week", "2024-05-20T00:00:00Z", "2024-05-20T00:00:00Z", "2024-05-27T00:00:00Z"},
      {"1Month", "2024-02-29T12:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
      {"3Month", "2024-05-15T10:00:00Z", "2024-04-01T00:00:00Z", "2024-07-01T00:00:00Z"},
      {"6Month", "2024-12-31T23:59:59Z", "2024-07-01T00:00:00Z", "2025-01-01T00:00:00Z"},
      {"12Month", "1969-12-31T23:00:00Z", "1969-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
  };
  for (const Bucket& bucket : buckets) {
    const BarFrame frame = Frame(bucket.frame);
    EXPECT_EQ(BucketStart(frame, At(bucket.time)), At(bucket.start)) << bucket.time;
    EXPECT_EQ(NextBucketStart(frame, At(bucket.time)), At(bucket.next)) << bucket.time;
  }
}

}  // namespace
}  // namespace livetape::api
