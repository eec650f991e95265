#include "api/paper/trading_ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>

#include "base/random.h"

namespace livetape::api {
namespace {

using model::OrderId;

std::string RandomUuid(base::Random& random) {
  std::string text = "xxxxxxxx-xxxx-8xxx-axxx-xxxxxxxxxxxx";
  for (char& c : text) {
    if (c == 'x') c = "0123456789abcdef"[random.Below(16)];
  }
  return text;
}

TEST(TradingIds, OrdersComeBackFromTheirUuids) {
  const TradingIds ids(7);
  for (const uint64_t number :
       {uint64_t{1}, uint64_t{2}, uint64_t{1'000'000}, std::numeric_limits<uint64_t>::max()}) {
    EXPECT_EQ(ids.ParseOrder(ids.Order(OrderId(number))), OrderId(number));
    EXPECT_EQ(ids.ParseExecution(ids.Execution(number)), number);
  }
}

TEST(TradingIds, AreUuidsOfVersionEight) {
  const TradingIds ids(7);
  for (const std::string& text :
       {ids.Order(OrderId(1)), ids.Execution(1), ids.Account("paper"), ids.Asset("AAPL")}) {
    ASSERT_EQ(text.size(), 36u);
    for (const size_t dash : {8u, 13u, 18u, 23u}) EXPECT_EQ(text[dash], '-') << text;
    EXPECT_EQ(text[14], '8') << text;
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
    EXPECT_EQ(std::count_if(text.begin(), text.end(),
                            [](char c) { return std::isxdigit(static_cast<unsigned char>(c)); }),
              32);
  }
}

TEST(TradingIds, AreTheSameForTheSameSeed) {
  EXPECT_EQ(TradingIds(7).Order(OrderId(5)), TradingIds(7).Order(OrderId(5)));
  EXPECT_EQ(TradingIds(7).Account("paper"), TradingIds(7).Account("paper"));
  EXPECT_NE(TradingIds(7).Account("paper"), TradingIds(8).Account("paper"));
  EXPECT_NE(TradingIds(7).Asset("AAPL"), TradingIds(8).Asset("AAPL"));
}

TEST(TradingIds, AreReadInUpperCase) {
  const TradingIds ids(7);
  std::string text = ids.Order(OrderId(12345));
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(ids.ParseOrder(text), OrderId(12345));
}

TEST(TradingIds, OfAnotherSeedAreNotOurs) {
  const TradingIds ours(7), theirs(8);
  for (uint64_t number = 1; number <= 10'000; ++number) {
    ASSERT_FALSE(ours.ParseOrder(theirs.Order(OrderId(number)))) << number;
  }
}

TEST(TradingIds, OfNobodyAreNotOurs) {
  constexpr uint64_t kSeed = 20260727;
  SCOPED_TRACE(kSeed);
  base::Random random(kSeed);
  const TradingIds ids(random.Next());
  for (int i = 0; i < 100'000; ++i) {
    const std::string uuid = RandomUuid(random);
    ASSERT_FALSE(ids.ParseOrder(uuid)) << uuid;
  }
}

TEST(TradingIds, OfAnotherKindAreNoOrders) {
  const TradingIds ids(7);
  EXPECT_FALSE(ids.ParseOrder(ids.Execution(1)));
  EXPECT_FALSE(ids.ParseExecution(ids.Order(OrderId(1))));
  EXPECT_FALSE(ids.ParseOrder(ids.Account("paper")));
  EXPECT_FALSE(ids.ParseOrder(ids.Asset("paper")));
}

TEST(TradingIds, WithOneDigitWrongAreNotOurs) {
  const TradingIds ids(7);
  const std::string right = ids.Order(OrderId(42));
  for (size_t i = 0; i < right.size(); ++i) {
    std::string wrong = right;
    wrong[i] = right[i] == '0' ? '1' : '0';
    EXPECT_FALSE(ids.ParseOrder(wrong)) << wrong;
  }
}

TEST(TradingIds, OfWrongFormAreNotOurs) {
  const TradingIds ids(7);
  const std::string right = ids.Order(OrderId(42));
  EXPECT_FALSE(ids.ParseOrder(""));
  EXPECT_FALSE(ids.ParseOrder("42"));
  EXPECT_FALSE(ids.ParseOrder(right + "0"));
  EXPECT_FALSE(ids.ParseOrder(right.substr(1)));
  EXPECT_FALSE(ids.ParseOrder("{" + right + "}"));
  EXPECT_FALSE(ids.ParseOrder(std::string(36, '-')));
}

TEST(TradingIds, NumberZeroIsNoOrder) {
  const TradingIds ids(7);
  EXPECT_FALSE(ids.ParseOrder(ids.Order(OrderId(0))));
  EXPECT_FALSE(ids.ParseExecution(ids.Execution(0)));
}

TEST(TradingIds, AreAllDifferent) {
  const TradingIds ids(7);
  std::set<std::string> seen;
  for (uint64_t number = 1; number <= 10'000; ++number) {
    const std::string name = std::to_string(number);
    EXPECT_TRUE(seen.insert(ids.Order(OrderId(number))).second);
    EXPECT_TRUE(seen.insert(ids.Execution(number)).second);
    EXPECT_TRUE(seen.insert(ids.Account(name)).second);
    EXPECT_TRUE(seen.insert(ids.Asset(name)).second);
  }
}

TEST(TradingIds, DoNotShowTheirOrder) {
  const TradingIds ids(7);
  int ascending = 0;
  for (uint64_t number = 1; number <= 1000; ++number) {
    if (ids.Order(OrderId(number)) < ids.Order(OrderId(number + 1))) ++ascending;
  }
  EXPECT_GT(ascending, 400);
  EXPECT_LT(ascending, 600);
}

}  // namespace
}  // namespace livetape::api
