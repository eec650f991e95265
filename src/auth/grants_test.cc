#include "auth/grants.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"
#include "base/topic_segment.h"

namespace livetape::auth {
namespace {

TEST(Covers, SegmentBySegment) {
  EXPECT_TRUE(Covers("market/AAPL", "market/AAPL"));
  EXPECT_TRUE(Covers("market/*", "market/AAPL"));
  EXPECT_TRUE(Covers("market/*", "market/*"));
  EXPECT_TRUE(Covers("market/**", "market/*"));
  EXPECT_TRUE(Covers("market/**", "market/**"));
  EXPECT_TRUE(Covers("**", "user/bob/ai"));
  EXPECT_TRUE(Covers("user/*/ai", "user/bob/ai"));

  EXPECT_FALSE(Covers("market/AAPL", "market/*"));
  EXPECT_FALSE(Covers("market/*", "market/**"));
  EXPECT_FALSE(Covers("market/*", "market"));
  EXPECT_FALSE(Covers("market/*", "market/AAPL/depth"));
  EXPECT_FALSE(Covers("market/**", "market"));
  EXPECT_FALSE(Covers("market/**", "**"));
  EXPECT_FALSE(Covers("*/**", "**"));
  EXPECT_FALSE(Covers("market/AA", "market/AAPL"));
}

// Whether `pattern` matches `topic`, by trying every way: the simplest thing that can be right.
bool Matches(const std::vector<std::string>& pattern, size_t at,
             const std::vector<std::string>& topic, size_t from) {
  if (at == pattern.size()) return from == topic.size();
  if (from == topic.size()) return false;
  if (pattern[at] == "**") return true;
  return (pattern[at] == "*" || pattern[at] == topic[from]) &&
         Matches(pattern, at + 1, topic, from + 1);
}

std::string Join(const std::vector<std::string>& segments) {
  return fmt::format("{}", fmt::join(segments, "/"));
}

// All topics of up to four segments of two letters and one that no pattern names: enough to tell
// any two patterns of up to three segments apart.
std::vector<std::vector<std::string>> AllTopics() {
  std::vector<std::vector<std::string>> topics = {{}};
  for (size_t begin = 0, length = 1; length <= 4; ++length) {
    const size_t end = topics.size();
    for (; begin < end; ++begin) {
      for (const char* segment : {"a", "b", "z"}) {
        auto longer = topics[begin];
        longer.emplace_back(segment);
        topics.push_back(std::move(longer));
      }
    }
  }
  topics.erase(topics.begin());
  return topics;
}

TEST(Grants, AgreeWithTryingEveryTopic) {
  const uint64_t seed = 7;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  const auto topics = AllTopics();
  const auto draw = [&random] {
    std::vector<std::string> pattern(1 + random.Below(3));
    for (size_t i = 0; i < pattern.size(); ++i) {
      const bool last = i + 1 == pattern.size();
      pattern[i] = std::vector<std::string>{"a", "b", "*", "**"}[random.Below(last ? 4 : 3)];
    }
    return pattern;
  };
  for (int round = 0; round < 2000; ++round) {
    const auto granted = draw();
    const auto requested = draw();
    bool covers = true;
    bool overlaps = false;
    for (const auto& topic : topics) {
      const bool wanted = Matches(requested, 0, topic, 0);
      const bool given = Matches(granted, 0, topic, 0);
      covers = covers && (!wanted || given);
      overlaps = overlaps || (wanted && given);
    }
    EXPECT_EQ(Covers(Join(granted), Join(requested)), covers)
        << Join(granted) << " over " << Join(requested);
    EXPECT_EQ(Overlaps(Join(granted), Join(requested)), overlaps)
        << Join(granted) << " and " << Join(requested);
  }
}

Claims Of(std::string subject) {
  Claims claims;
  claims.subject = std::move(subject);
  return claims;
}

Claims Granted(std::vector<std::string> topics) {
  Claims claims = Of("alice");
  claims.topics = std::move(topics);
  return claims;
}

TEST(Allowed, WithoutTopicsAllButWhatIsAnothers) {
  const Claims alice = Of("alice");
  for (const std::string_view pattern :
       {"market/*", "market/**", "jobs/**", "user/alice/*", "user/alice/**", "user/alice/ai",
        "broadcast/*", "*", "users/bob/x", "USER/bob/x"}) {
    EXPECT_TRUE(Allowed(&alice, pattern)) << pattern;
  }
  for (const std::string_view pattern :
       {"user/bob/*", "user/*/ai", "user/**", "user/*", "user/alice2/ai", "paper/bob/orders",
        "paper/paper/fills", "paper/**", "**", "*/**", "*/alice/ai", "*/bob/ai", "*/*", "*/*/*"}) {
    EXPECT_FALSE(Allowed(&alice, pattern)) << pattern;
  }
}

TEST(Allowed, ThePaperAccountsAreThoseThatTheCallerOwns) {
  const Claims alice = Of("alice");
  const OwnsAccount owns = [](std::string_view account) { return account == "desk-7"; };
  for (const std::string_view pattern :
       {"paper/desk-7/orders", "paper/desk-7/*", "paper/desk-7/**", "market/*"}) {
    EXPECT_TRUE(Allowed(&alice, pattern, owns)) << pattern;
  }
  for (const std::string_view pattern :
       {"paper/alice/orders", "paper/desk-8/*", "paper/*/orders", "paper/**", "*/desk-7/*", "**",
        "paper/desk-7%2F/orders"}) {
    EXPECT_FALSE(Allowed(&alice, pattern, owns)) << pattern;
  }
  EXPECT_FALSE(Allowed(&alice, "paper/desk-7/orders"));
}

TEST(Allowed, WithTopicsWhatLiesWithinOne) {
  const Claims claims = Granted({"market/*", "user/bob/*"});
  EXPECT_TRUE(Allowed(&claims, "market/AAPL"));
  EXPECT_TRUE(Allowed(&claims, "market/*"));
  EXPECT_TRUE(Allowed(&claims, "user/bob/ai"));
  EXPECT_FALSE(Allowed(&claims, "user/alice/ai"));
  EXPECT_FALSE(Allowed(&claims, "market/**"));
  EXPECT_FALSE(Allowed(&claims, "**"));
  EXPECT_FALSE(Allowed(&claims, "jobs/training/1"));
}

TEST(Allowed, AnEmptyListOfTopicsIsNothing) {
  const Claims claims = Granted({});
  EXPECT_FALSE(Allowed(&claims, "market/AAPL"));
}

TEST(Allowed, TwoHalvesAreNoWhole) {
  const Claims claims = Granted({"*", "*/**"});
  EXPECT_FALSE(Allowed(&claims, "**"));
}

TEST(Allowed, WithoutATokenAllButUsers) {
  for (const std::string_view pattern :
       {"market/*", "paper/paper/orders", "paper/**", "jobs/*/*"}) {
    EXPECT_TRUE(Allowed(nullptr, pattern)) << pattern;
  }
  for (const std::string_view pattern : {"user/bob/ai", "user/*", "user/**", "**", "*/bob/ai"}) {
    EXPECT_FALSE(Allowed(nullptr, pattern)) << pattern;
  }
}

TEST(Allowed, ASubjectIsOneSegmentWhateverItsBytes) {
  EXPECT_EQ(base::EncodeTopicSegment("a/b c%*"), "a%2Fb%20c%25%2A");
  EXPECT_EQ(base::EncodeTopicSegment("Az09._:@~|+-"), "Az09._:@~|+-");
  const Claims star = Of("*");
  EXPECT_FALSE(Allowed(&star, "user/bob/ai"));
  EXPECT_TRUE(Allowed(&star, "user/%2A/ai"));
  const Claims path = Of("bob/ai");
  EXPECT_FALSE(Allowed(&path, "user/bob/ai"));
  EXPECT_TRUE(Allowed(&path, "user/bob%2Fai/security"));
}

}  // namespace
}  // namespace livetape::auth
