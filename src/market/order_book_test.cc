#include "market/order_book.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace livetape::market {
namespace {

BookLevel Level(int64_t price, int64_t quantity) {
  return {base::Price::FromUnits(price), base::Quantity::FromUnits(quantity)};
}

TEST(OrderBook, TopIsTheHighestBidAndTheLowestAsk) {
  OrderBook book;
  EXPECT_FALSE(book.Top());
  book.Set(Side::kBid, {{Level(99, 1), Level(101, 2), Level(100, 3)}});
  EXPECT_FALSE(book.Top());
  book.Set(Side::kAsk, {{Level(105, 4), Level(103, 5), Level(104, 6)}});
  EXPECT_EQ(book.Top(), (BookTop{Level(101, 2), Level(103, 5)}));
}

TEST(OrderBook, QuantityZeroTakesALevelAway) {
  OrderBook book;
  book.Set(Side::kBid, {{Level(100, 1), Level(99, 1)}});
  book.Set(Side::kBid, {{Level(100, 0), Level(50, 0)}});
  ASSERT_EQ(book.levels(Side::kBid).size(), 1U);
  EXPECT_EQ(book.levels(Side::kBid)[0], Level(99, 1));
}

TEST(OrderBook, OfTwoForOnePriceTheLastCounts) {
  for (const size_t others : {0U, 1000U}) {  // one by one, and merged
    OrderBook book;
    std::vector<BookLevel> levels = {Level(5000, 1), Level(5000, 2), Level(5001, 3),
                                     Level(5001, 0)};
    for (size_t i = 1; i <= others; ++i) levels.push_back(Level(static_cast<int64_t>(i), 9));
    book.Set(Side::kBid, levels);
    EXPECT_EQ(book.levels(Side::kBid).back(), Level(5000, 2));
    EXPECT_EQ(book.levels(Side::kBid).size(), 1 + others);
  }
}

TEST(OrderBook, TheWorstLevelsGiveWayAtTheLimit) {
  OrderBook book;
  std::vector<BookLevel> levels;
  for (int64_t i = 1; i <= static_cast<int64_t>(kBookLevelsMax) + 10; ++i) {
    levels.push_back(Level(i, 1));
  }
  book.Set(Side::kBid, levels);
  book.Set(Side::kAsk, levels);
  EXPECT_EQ(book.levels(Side::kBid).size(), kBookLevelsMax);
  EXPECT_EQ(book.levels(Side::kBid).front(), Level(11, 1));
  EXPECT_EQ(book.levels(Side::kAsk).front(), Level(static_cast<int64_t>(kBookLevelsMax), 1));
}

TEST(OrderBook, EqualsASortedMapAfterAnyUpdates) {
  base::Random random(99);
  OrderBook book;
  std::map<int64_t, int64_t> bids, asks;
  for (int round = 0; round < 3000; ++round) {
    const bool is_bid = random.Below(2) == 0;
    auto& model = is_bid ? bids : asks;
    std::vector<BookLevel> levels;
    const uint64_t count = random.Below(20) == 0 ? 300 : random.Below(10);
    for (uint64_t i = 0; i < count; ++i) {
      const auto price = static_cast<int64_t>(1 + random.Below(400));
      const auto quantity = static_cast<int64_t>(random.Below(3));
      levels.push_back(Level(price, quantity));
      model.erase(price);
      if (quantity > 0) model[price] = quantity;
    }
    book.Set(is_bid ? Side::kBid : Side::kAsk, levels);
    std::vector<BookLevel> expected;
    for (const auto& [price, quantity] : model) expected.push_back(Level(price, quantity));
    if (!is_bid) std::reverse(expected.begin(), expected.end());
    const auto actual = book.levels(is_bid ? Side::kBid : Side::kAsk);
    ASSERT_TRUE(std::equal(actual.begin(), actual.end(), expected.begin(), expected.end()))
        << "round " << round;
  }
}

}  // namespace
}  // namespace livetape::market
