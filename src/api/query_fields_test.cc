#include "api/query_fields.h"

#include <gtest/gtest.h>

namespace livetape::api {
namespace {

using std::chrono::milliseconds;

auto Interval(std::string_view text) {
  return IntervalField(http::Query::Parse(text), milliseconds(100));
}

TEST(IntervalField, TakesEveryForm) {
  EXPECT_EQ(*Interval(""), milliseconds(100));
  EXPECT_EQ(*Interval("interval="), milliseconds(100));
  EXPECT_EQ(*Interval("interval=0"), milliseconds(0));
  EXPECT_EQ(*Interval("interval=250ms"), milliseconds(250));
  EXPECT_EQ(*Interval("interval=70"), milliseconds(100));
  EXPECT_EQ(*Interval("interval=3s"), milliseconds(5000));
  EXPECT_EQ(*Interval("interval=10s"), milliseconds(10000));
}

TEST(IntervalField, RefusesNamingTheFieldAndTheRange) {
  for (const char* text : {"interval=x", "interval=-1", "interval=ms", "interval=11s",
                           "interval=1h", "interval=99999999999999999999s", "interval=0.5s"}) {
    const auto result = Interval(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().status, 422u);
    EXPECT_NE(result.error().body.find("\"field\":\"interval\""), std::string::npos);
    EXPECT_NE(result.error().body.find("from 0 to 10s"), std::string::npos);
  }
}

TEST(ListField, JoinsRepeatedAndCommaLists) {
  const auto query = http::Query::Parse("symbols=AAPL,BTC&symbols=,ETH,AAPL,");
  EXPECT_EQ(*ListField(query, "symbols", 3), (std::vector<std::string>{"AAPL", "BTC", "ETH"}));
  EXPECT_FALSE(ListField(query, "symbols", 2));
}

TEST(NumberField, HasARange) {
  EXPECT_EQ(*NumberField(http::Query::Parse(""), "limit", 50, 1, 100), 50u);
  EXPECT_EQ(*NumberField(http::Query::Parse("limit=100"), "limit", 50, 1, 100), 100u);
  for (const char* text : {"limit=0", "limit=101", "limit=x", "limit=-1", "limit=1.5"}) {
    EXPECT_FALSE(NumberField(http::Query::Parse(text), "limit", 50, 1, 100)) << text;
  }
}

TEST(ChoiceField, FirstIsTheDefault) {
  EXPECT_EQ(*ChoiceField(http::Query::Parse(""), "format", {"text", "json"}), "text");
  EXPECT_EQ(*ChoiceField(http::Query::Parse("format=json"), "format", {"text", "json"}), "json");
  EXPECT_FALSE(ChoiceField(http::Query::Parse("format=xml"), "format", {"text", "json"}));
}

TEST(ChoiceField, NamesWhatMayBeSaid) {
  const auto wrong =
      ChoiceField(http::Query::Parse("severity=LOW"), "severity", {"", "low", "high"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().detail, "severity must be one of low, high, got 'LOW'");
}

TEST(TimeField, TakesAnyYearForAnEndOfASpan) {
  const auto bound = [](std::string_view text) {
    return TimeField(http::Query::Parse(text), "to", base::WallTime{});
  };
  EXPECT_EQ(*bound(""), base::WallTime{});
  EXPECT_GT(*bound("to=9999-12-31"), *bound("to=2261-12-31"));
  EXPECT_LT(*bound("to=0001-01-01T00:00:00Z"), *bound("to=1700-01-01"));
  EXPECT_FALSE(bound("to=9999-13-01"));
}

}  // namespace
}  // namespace livetape::api
