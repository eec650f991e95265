#include "hub/topic_index.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace livetape::hub {
namespace {

class TopicIndexTest : public ::testing::Test {
 protected:
  Cohort& Add(const std::vector<std::string>& patterns, std::vector<std::string> types = {}) {
    StreamSpec spec;
    for (const auto& pattern : patterns) spec.patterns.push_back(*TopicPattern::Parse(pattern));
    spec.types = std::move(types);
    cohorts_.push_back(
        std::make_unique<Cohort>(cohorts_.size(), std::move(spec), table_, base::MonoTime{}));
    index_.Add(*cohorts_.back());
    return *cohorts_.back();
  }
  // The numbers of the cohorts found.
  std::vector<uint64_t> Find(std::string_view topic, std::string_view type = "t") {
    std::vector<uint64_t> found;
    index_.ForEachMatch(topic, type, [&](Cohort& cohort) { found.push_back(cohort.number()); });
    std::sort(found.begin(), found.end());
    return found;
  }

  StateTable table_;
  TopicIndex index_;
  std::vector<std::unique_ptr<Cohort>> cohorts_;
};

using Numbers = std::vector<uint64_t>;

TEST_F(TopicIndexTest, FindsEachMatchingCohortOnce) {
  Add({"a/b"});
  Add({"a/*", "a/b", "**"});
  Add({"*/b"});
  Add({"a/b/*"});
  Add({"a/**"}, {"other"});
  EXPECT_EQ(Find("a/b"), (Numbers{0, 1, 2}));
  EXPECT_EQ(Find("a/b/c"), (Numbers{1, 3}));
  EXPECT_EQ(Find("a/b/c", "other"), (Numbers{1, 3, 4}));
  EXPECT_EQ(Find("ab"), (Numbers{1}));
}

TEST_F(TopicIndexTest, InternalRecordsMatchNothing) {
  Add({"**"});
  EXPECT_EQ(Find(""), Numbers{});
}

TEST_F(TopicIndexTest, RemovedCohortsAreFoundNoMore) {
  Cohort& gone = Add({"a/*", "b"});
  Add({"a/*"});
  index_.Remove(gone);
  EXPECT_EQ(Find("a/x"), (Numbers{1}));
  EXPECT_EQ(Find("b"), Numbers{});
}

TEST_F(TopicIndexTest, AsksOnlyThoseUnderThePrefixesOfTheTopic) {
  for (int i = 0; i < 10'000; ++i) Add({fmt::format("user/{}/*", i)});
  Add({"broadcast/*"});
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(Find(fmt::format("user/{}/ai", i)), (Numbers{static_cast<uint64_t>(i)}));
  }
  EXPECT_EQ(index_.asked(), 1000u);
}

TEST_F(TopicIndexTest, PatternsThatDoNotMatchAreNotAsked) {
  for (int i = 0; i < 100; ++i) {
    std::vector<std::string> patterns;
    for (int j = 0; j < 100; ++j) patterns.push_back(fmt::format("rec/*/{}-{}", i, j));
    Add(patterns);
  }
  EXPECT_EQ(Find("rec/x"), Numbers{});
  EXPECT_EQ(Find("rec/x/7-8"), Numbers{7});
  EXPECT_EQ(index_.asked(), 1u);
}

}  // namespace
}  // namespace livetape::hub
