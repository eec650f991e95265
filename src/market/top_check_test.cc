#include "market/top_check.h"

#include <gtest/gtest.h>

namespace livetape::market {
namespace {

BookLevel Level(int64_t price) {
  return {base::Price::FromUnits(price), base::Quantity::FromUnits(1)};
}

OrderBook Book(int64_t bid, int64_t ask) {
  OrderBook book;
  book.Set(Side::kBid, {{Level(bid)}});
  book.Set(Side::kAsk, {{Level(ask)}});
  return book;
}

TEST(TopCheck, ComparesWithTheNewestTickerUpToTheDiff) {
  TopCheck check;
  check.AddTicker(5, {Level(1), Level(10)});
  check.AddTicker(7, {Level(2), Level(10)});
  check.AddTicker(9, {Level(3), Level(10)});  // ahead of the diff
  check.Compare(8, Book(2, 10));
  EXPECT_EQ(check.compared(), 1U);
  EXPECT_EQ(check.equal(), 1U);
  check.Compare(9, Book(2, 10));
  EXPECT_EQ(check.compared(), 2U);
  EXPECT_EQ(check.equal(), 1U);
}

TEST(TopCheck, CountsNothingWithoutAnOldEnoughTicker) {
  TopCheck check;
  check.Compare(8, Book(2, 10));
  check.AddTicker(9, {Level(2), Level(10)});
  check.Compare(8, Book(2, 10));
  EXPECT_EQ(check.compared(), 0U);
}

TEST(TopCheck, AnEmptyBookDiffersFromAnyTicker) {
  TopCheck check;
  check.AddTicker(1, {Level(2), Level(10)});
  check.Compare(1, OrderBook());
  EXPECT_EQ(check.compared(), 1U);
  EXPECT_EQ(check.equal(), 0U);
}

}  // namespace
}  // namespace livetape::market
