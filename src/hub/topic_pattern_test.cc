#include "hub/topic_pattern.h"
#include "base/topic_segment.h"

#include <gtest/gtest.h>

namespace livetape::hub {
namespace {

bool Match(std::string_view pattern, std::string_view topic) {
  return TopicPattern::Parse(pattern)->Matches(topic);
}

TEST(TopicPattern, ExactMatchesItselfOnly) {
  EXPECT_TRUE(Match("market/AAPL", "market/AAPL"));
  EXPECT_FALSE(Match("market/AAPL", "market/AAPLX"));
  EXPECT_FALSE(Match("market/AAPL", "market"));
  EXPECT_FALSE(Match("market", "market/AAPL"));
}

TEST(TopicPattern, StarIsOneWholeSegment) {
  EXPECT_TRUE(Match("market/*", "market/AAPL"));
  EXPECT_FALSE(Match("market/*", "market"));
  EXPECT_FALSE(Match("market/*", "market/AAPL/x"));
  EXPECT_TRUE(Match("paper/*/orders", "paper/a/orders"));
  EXPECT_FALSE(Match("paper/*/orders", "paper/a/fills"));
  EXPECT_TRUE(Match("*", "x"));
  EXPECT_FALSE(Match("*", "x/y"));
}

TEST(TopicPattern, DoubleStarIsOneOrMore) {
  EXPECT_TRUE(Match("jobs/**", "jobs/a"));
  EXPECT_TRUE(Match("jobs/**", "jobs/a/b/c"));
  EXPECT_FALSE(Match("jobs/**", "jobs"));
  EXPECT_TRUE(Match("**", "anything"));
  EXPECT_FALSE(TopicPattern::Parse("**/a"));
}

TEST(TopicPattern, StarInsideASegmentIsRefused) {
  EXPECT_FALSE(TopicPattern::Parse("market/A*"));
  EXPECT_FALSE(TopicPattern::Parse("market/***"));
}

TEST(Topic, ChecksAlphabetLengthAndCount) {
  EXPECT_TRUE(CheckTopic("market/BTC%2FUSD"));
  EXPECT_FALSE(CheckTopic("market/BTC%2"));
  EXPECT_FALSE(CheckTopic("market/BTC%ZZ"));
  EXPECT_FALSE(CheckTopic("market/*"));
  EXPECT_FALSE(CheckTopic(""));
  EXPECT_FALSE(CheckTopic("a//b"));
  EXPECT_FALSE(CheckTopic("a/"));
  EXPECT_FALSE(CheckTopic("a b"));
  EXPECT_TRUE(CheckTopic(std::string(128, 'a')));
  EXPECT_FALSE(CheckTopic(std::string(129, 'a')));
  EXPECT_TRUE(CheckTopic("1/2/3/4/5/6/7/8"));
  EXPECT_FALSE(CheckTopic("1/2/3/4/5/6/7/8/9"));
}

TEST(Topic, EncodingMakesAnyTextASegment) {
  EXPECT_EQ(base::EncodeTopicSegment("BTC/USD"), "BTC%2FUSD");
  EXPECT_EQ(base::EncodeTopicSegment("A B\n%"), "A%20B%0A%25");
  EXPECT_TRUE(CheckTopic("market/" + base::EncodeTopicSegment("a\xff/*?")));
}

}  // namespace
}  // namespace livetape::hub
