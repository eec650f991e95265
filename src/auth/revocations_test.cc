#include "auth/revocations.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace livetape::auth {
namespace {

TEST(RevokedSessions, HoldWhatWasAdded) {
  RevokedSessions revoked;
  EXPECT_FALSE(revoked.Contains("s-1"));
  EXPECT_TRUE(revoked.Add("s-1"));
  EXPECT_TRUE(revoked.Contains("s-1"));
  EXPECT_FALSE(revoked.Contains("s-10"));
  EXPECT_EQ(revoked.size(), 1u);
}

TEST(RevokedSessions, ATokenWithoutSessionIsNeverRevoked) {
  RevokedSessions revoked;
  EXPECT_TRUE(revoked.Add(""));
  EXPECT_FALSE(revoked.Contains(""));
}

TEST(RevokedSessions, SayThatTheyAreFullAndForgetNothing) {
  RevokedSessions revoked(2);
  EXPECT_TRUE(revoked.Add("a"));
  EXPECT_TRUE(revoked.Add("b"));
  EXPECT_FALSE(revoked.Add("c"));
  EXPECT_TRUE(revoked.Add("a"));
  EXPECT_TRUE(revoked.Contains("a"));
  EXPECT_TRUE(revoked.Contains("b"));
  EXPECT_FALSE(revoked.Contains("c"));
}

TEST(RevokedSessions, AreSeenByEveryThread) {
  RevokedSessions revoked;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&revoked, t] {
      for (int i = 0; i < 1000; ++i) {
        const std::string session = std::to_string(t) + "-" + std::to_string(i);
        EXPECT_TRUE(revoked.Add(session));
        EXPECT_TRUE(revoked.Contains(session));
      }
    });
  }
  threads.clear();
  EXPECT_EQ(revoked.size(), 4000u);
}

}  // namespace
}  // namespace livetape::auth
