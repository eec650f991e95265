#include "hub/stream_spec.h"

#include <gtest/gtest.h>

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

TEST(RoundInterval, RoundsUpToWhatIsServed) {
  EXPECT_EQ(RoundInterval(milliseconds(0)), milliseconds(0));
  EXPECT_EQ(RoundInterval(milliseconds(1)), milliseconds(50));
  EXPECT_EQ(RoundInterval(milliseconds(70)), milliseconds(100));
  EXPECT_EQ(RoundInterval(milliseconds(2001)), milliseconds(5000));
  EXPECT_EQ(RoundInterval(milliseconds(10000)), milliseconds(10000));
  EXPECT_FALSE(RoundInterval(milliseconds(10001)));
  EXPECT_FALSE(RoundInterval(milliseconds(-1)));
}

TEST(StreamSpec, EqualWishesHaveEqualKeys) {
  const auto spec = [](std::vector<std::string> patterns) {
    StreamSpec result;
    for (const auto& pattern : patterns) result.patterns.push_back(*TopicPattern::Parse(pattern));
    return result.CohortKey();
  };
  EXPECT_EQ(spec({"a", "b"}), spec({"b", "a", "a"}));
  EXPECT_NE(spec({"a"}), spec({"a", "b"}));
  StreamSpec quiet, ping;
  ping.pulse = milliseconds(30'000);
  EXPECT_NE(quiet.CohortKey(), ping.CohortKey());
}

TEST(StreamSpec, AnotherListOfTypesHasAnotherKey) {
  const auto key = [](std::vector<std::string> types) {
    StreamSpec spec;
    spec.types = std::move(types);
    return spec.CohortKey();
  };
  EXPECT_EQ(key({"a", "b"}), key({"b", "a"}));
  EXPECT_NE(key({"a b"}), key({"a", "b"}));
  EXPECT_NE(key({"a 1:b"}), key({"a", "b"}));
}

}  // namespace
}  // namespace livetape::hub
