#include "api/streams/stream_limiter.h"

#include <gtest/gtest.h>

#include <vector>

namespace livetape::api {
namespace {

TEST(StreamLimiter, CountsPerAddressAndInAll) {
  StreamLimiter limiter(2, 3);
  auto first = limiter.Acquire(1);
  const auto second = limiter.Acquire(1);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(limiter.Acquire(1));
  const auto other = limiter.Acquire(2);
  EXPECT_TRUE(other);
  EXPECT_FALSE(limiter.Acquire(3)) << "three in all";
  first.reset();
  EXPECT_TRUE(limiter.Acquire(3));
}

TEST(StreamLimiter, ZeroIsNoLimit) {
  StreamLimiter limiter(0, 0);
  std::vector<std::shared_ptr<StreamLimiter::Ticket>> tickets;
  for (int i = 0; i < 10'000; ++i) {
    tickets.push_back(limiter.Acquire(1));
    ASSERT_TRUE(tickets.back());
  }
}

}  // namespace
}  // namespace livetape::api
