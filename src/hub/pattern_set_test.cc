#include "hub/pattern_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/random.h"

namespace livetape::hub {
namespace {

std::vector<TopicPattern> Parse(const std::vector<std::string>& texts) {
  std::vector<TopicPattern> patterns;
  for (const auto& text : texts) patterns.push_back(*TopicPattern::Parse(text));
  return patterns;
}

TEST(PatternSet, OfFewAndOfManyPatternsMatchesWhatOneOfThemMatches) {
  base::Random random(7);
  const auto segments = [&](std::vector<std::string> from, bool open) {
    std::string text;
    for (size_t left = 1 + random.Below(4); left > 0; --left) {
      if (!text.empty()) text += '/';
      text += open && left == 1 && random.Below(3) == 0 ? "**" : from[random.Below(from.size())];
    }
    return text;
  };
  size_t matched = 0;
  for (const size_t count : {1U, 4U, 5U, 30U}) {
    for (int round = 0; round < 50; ++round) {
      std::vector<std::string> texts;
      for (size_t i = 0; i < count; ++i) texts.push_back(segments({"a", "b", "*", "c-d"}, true));
      const auto patterns = Parse(texts);
      const PatternSet set(patterns);
      for (int i = 0; i < 50; ++i) {
        const std::string topic = segments({"a", "b", "c-d", "x"}, false);
        const bool expected =
            std::any_of(patterns.begin(), patterns.end(),
                        [&](const TopicPattern& pattern) { return pattern.Matches(topic); });
        EXPECT_EQ(set.Matches(topic), expected)
            << topic << " in " << fmt::format("{}", fmt::join(texts, ","));
        matched += expected ? 1 : 0;
        const auto prefixes = set.Prefixes();
        const auto over = [&](std::string_view prefix) {
          return prefix.empty() || topic == prefix || topic.starts_with(fmt::format("{}/", prefix));
        };
        EXPECT_TRUE(!expected || std::count_if(prefixes.begin(), prefixes.end(), over) == 1)
            << topic;
      }
    }
  }
  EXPECT_GT(matched, 1000u);
}

TEST(PatternSet, TopicsOfTheLargestSize) {
  const std::string segment(kTopicSegmentBytesMax, 's');
  std::string topic = segment;
  for (size_t i = 1; i < kTopicSegmentsMax; ++i) topic += '/' + segment;
  const std::vector<std::string> texts = {"a", "b", "c", "d", "*/*/*/*/*/*/*/" + segment};
  const auto patterns = Parse(texts);
  EXPECT_TRUE(PatternSet(patterns).Matches(topic));
  const auto open = Parse({"a", "b", "c", "d", "*/*/*/*/*/*/*/**"});
  EXPECT_TRUE(PatternSet(open).Matches(topic));
  EXPECT_FALSE(PatternSet(open).Matches("s/s/s/s/s/s/s"));
  EXPECT_FALSE(PatternSet(open).Matches("")) << "an internal record";
}

TEST(PatternSet, PrefixesLieUnderNoOther) {
  const auto prefixes = [](const std::vector<std::string>& texts) {
    const auto patterns = Parse(texts);
    const auto found = PatternSet(patterns).Prefixes();
    return std::vector<std::string>(found.begin(), found.end());
  };
  using Strings = std::vector<std::string>;
  EXPECT_EQ(prefixes({"a/*", "a/b/*", "a-b/*", "a/*/c", "ab"}), (Strings{"a", "a-b", "ab"}));
  EXPECT_EQ(prefixes({"a/*", "*/b"}), (Strings{""}));
}

}  // namespace
}  // namespace livetape::hub
