#include "floor/book_depth.h"

#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

class BookDepthTest : public FloorFixture {
 protected:
  BookDepthTest() { Quote("25.563", "25.566"); }
  // checks.md, "Accounting", example 4.
  void ExampleBook() {
    Book({{"25.563", "49.269"}, {"25.562", "83"}, {"25.56", "106"}},
         {{"25.566", "14.27"},
          {"25.567", "48.484"},
          {"25.568", "92.349"},
          {"25.572", "31.48"},
          {"25.573", "23"},
          {"25.574", "20"},
          {"25.575", "89.606"},
          {"25.576", "262.016"},
          {"25.577", "178.557"},
          {"25.578", "78.614"}},
         true);
  }
  std::string Average(int digits) const {
    return base::DivideToText(last_.order.filled_value, base::Amount::From(last_.order.filled),
                              digits);
  }
};

TEST_F(BookDepthTest, MarketOrdersWalkTheLevels) {
  ExampleBook();
  Place(Wish::Buy("1"));
  EXPECT_EQ(Told(), "1 new; 1 fill 1@25.566");
  EXPECT_EQ(last_.fill.model, FillModel::kBook);
  const auto other = OpenAccount();
  Place(other, Wish::Buy("100"));
  EXPECT_EQ(Told(),
            "2 new; 2 partial_fill 14.27@25.566; 2 partial_fill 48.484@25.567; "
            "2 fill 37.246@25.568");
  EXPECT_EQ(last_.fill.level, 3U);
  EXPECT_EQ(Average(6), "25.5672");
}

TEST_F(BookDepthTest, SellsWalkTheBids) {
  ExampleBook();
  Place(Wish::Buy("200"));
  Told();
  Place(Wish::Sell("1"));
  EXPECT_EQ(Told(), "2 new; 2 fill 1@25.563");
  Set([](AccountSettings& settings) { settings.crypto_short = true; });
  const auto other = OpenAccount(account().settings());
  Place(other, Wish::Sell("100"));
  EXPECT_EQ(Average(6), "25.5625");
}

TEST_F(BookDepthTest, WhatIsLeftGoesOnAtTheNextBookUpdate) {
  Book({}, {{"26", "5"}, {"27", "5"}});
  Place(Wish::Buy("25"));
  EXPECT_EQ(Told(), "1 new; 1 partial_fill 5@26; 1 partial_fill 5@27");
  EXPECT_EQ(Open(1)->status, model::OrderStatus::kPartiallyFilled);
  Quote("25.9", "26");
  EXPECT_EQ(Told(), "") << "a quote says nothing about the book";
  Book({}, {{"28", "5"}});
  EXPECT_EQ(Told(), "1 partial_fill 5@28");
  EXPECT_EQ(Reserved(), "255.66") << "at the ask of its acceptance";
  Book({}, {{"26", "50"}});
  EXPECT_EQ(Told(), "1 fill 10@26");
}

TEST_F(BookDepthTest, SizeThatIsTakenIsGoneForThatAccountUntilTheLevelChanges) {
  Book({}, {{"26", "5"}, {"27", "5"}});
  Place(Wish::Buy("5"));
  Told();
  Place(Wish::Buy("2"));
  EXPECT_EQ(Told(), "2 new; 2 fill 2@27");
  Place(OpenAccount(), Wish::Buy("2"));
  EXPECT_EQ(Told(), "3 new; 3 fill 2@26") << "others see all of it";
  Book({}, {{"26", "5"}});
  Place(Wish::Buy("1"));
  EXPECT_EQ(Told(), "4 new; 4 fill 1@27") << "the same size is no change";
  Book({}, {{"26", "6"}});
  Place(Wish::Buy("1"));
  EXPECT_EQ(Told(), "5 new; 5 fill 1@26");
  Book({}, {{"26", "6"}, {"27", "5"}}, true);
  Place(Wish::Buy("8"));
  EXPECT_EQ(Told(), "6 new; 6 partial_fill 5@26; 6 partial_fill 2@27")
      << "a snapshot with the same levels is no change either";
}

TEST_F(BookDepthTest, ImmediateOrCancelTakesWhatThereIs) {
  Book({}, {{"26", "5"}, {"27", "5"}});
  Place(Wish::Buy("25").Ioc());
  EXPECT_EQ(Told(), "1 new; 1 partial_fill 5@26; 1 partial_fill 5@27; 1 canceled");
  EXPECT_EQ(Reserved(), "0");
}

TEST_F(BookDepthTest, FillOrKillTakesAllOrNothing) {
  Book({}, {{"26", "5"}, {"27", "5"}});
  Place(Wish::Buy("10").Limit("26").Fok());
  EXPECT_EQ(Told(), "1 new; 1 canceled");
  Place(Wish::Buy("11").Fok());
  EXPECT_EQ(Told(), "2 new; 2 canceled");
  Place(Wish::Buy("10").Fok());
  EXPECT_EQ(Told(), "3 new; 3 partial_fill 5@26; 3 fill 5@27");
  Place(Wish::Buy("10"));
  EXPECT_EQ(Told(), "4 new") << "a day order waits for more";
}

TEST_F(BookDepthTest, LimitsFillUpToTheSizeAtTheirPriceOrBetter) {
  Book({}, {{"26", "5"}, {"27", "5"}});
  Place(Wish::Buy("20").Limit("26"));
  EXPECT_EQ(Told(), "1 new; 1 partial_fill 5@26");
  Book({}, {{"25.9", "3"}});
  EXPECT_EQ(Told(), "1 partial_fill 3@25.9");
  EXPECT_TRUE(last_.fill.maker);
  Quote("25", "25.5");
  EXPECT_EQ(Told(), "") << "the book knows better";
  Book({}, {{"26", "0"}, {"25.9", "0"}});
  EXPECT_EQ(Told(), "1 fill 12@25.5") << "one level is no depth";
}

TEST_F(BookDepthTest, ANotionalSpendsWhatTheLevelsBeforeLeft) {
  Book({}, {{"10", "5"}, {"20", "50"}});
  Place(Wish::BuyFor("100"));
  EXPECT_EQ(Told(), "1 new; 1 partial_fill 5@10; 1 fill 2.5@20");
  EXPECT_EQ(last_.order.quantity.ToString(), "7.5");
}

TEST_F(BookDepthTest, AnEmptySnapshotEndsTheDepth) {
  ExampleBook();
  Book({}, {}, true);
  Place(Wish::Buy("1000"));
  EXPECT_EQ(Told(), "1 new; 1 fill 1000@25.566");
}

TEST_F(BookDepthTest, ABookAloneIsNoPrice) {
  const auto other = floor_.AddInstrument(model::AssetClass::kUsEquity);
  floor_.OnBook(time_, {other, true, {}, {{P("10"), Q("1")}, {P("11"), Q("1")}}});
  EXPECT_EQ(Refused(Wish::Buy("1").In(other)), Code(RefusalReason::kNoPrice));
}

TEST(DepthSide, KeepsTheBestLevelsOfTooMany) {
  DepthSide asks(model::Side::kSell);
  for (int64_t i = static_cast<int64_t>(kDepthLevelsMax) + 10; i > 0; --i) {
    asks.Apply({{base::Price::FromUnits(i), Q("1")}}, false);
  }
  EXPECT_EQ(asks.size(), kDepthLevelsMax);
  EXPECT_EQ(asks.best().units(), 1);
}

TEST(DepthSide, OfTwoForOnePriceTheLastCounts) {
  DepthSide bids(model::Side::kBuy);
  bids.Apply({{P("10"), Q("1")}, {P("9"), Q("3")}, {P("10"), Q("2")}, {P("8"), Q("0")}}, true);
  ASSERT_EQ(bids.size(), 2U);
  EXPECT_EQ(bids.level(0), (model::BookLevel{P("10"), Q("2")}));
}

}  // namespace
}  // namespace livetape::floor
