#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

class BarPathTest : public FloorFixture {
 protected:
  BarPathTest() { Bar("100", "100", "100", "100"); }

  void BarOpen(std::string_view open) { floor_.OnBarOpen(time_, aapl_, P(open)); }
  void BarRest(std::string_view open, std::string_view high, std::string_view low,
               std::string_view close) {
    model::Bar bar;
    bar.open = P(open);
    bar.high = P(high);
    bar.low = P(low);
    bar.close = P(close);
    floor_.OnBarRest(time_, aapl_, bar);
  }
  void Bar(std::string_view open, std::string_view high, std::string_view low,
           std::string_view close) {
    Later(60);
    BarOpen(open);
    BarRest(open, high, low, close);
  }
  std::string Mark() const { return floor_.quotes().Find(aapl_)->price.ToString(); }
};

TEST_F(BarPathTest, MarketOrdersAfterTheOpenFillThere) {
  Later(60);
  BarOpen("101");
  Place(Wish::Buy("10"));
  EXPECT_EQ(Told(), "1 new; 1 fill 10@101");
  EXPECT_EQ(last_.fill.model, FillModel::kBar);
  BarRest("101", "110", "90", "105");
  EXPECT_EQ(Mark(), "105");
}

TEST_F(BarPathTest, LimitsFillAtTheirLimitAndGapsAtTheOpen) {
  Place(Wish::Buy("1").Limit("95"));
  Told();
  Bar("99", "102", "94", "101");
  EXPECT_EQ(Told(), "1 fill 1@95");
  EXPECT_TRUE(last_.fill.maker);
  EXPECT_EQ(last_.fill.model, FillModel::kBar);
  Place(Wish::Buy("1").Limit("95"));
  Told();
  Bar("93", "102", "92", "101");
  EXPECT_EQ(Told(), "2 fill 1@93");
}

TEST_F(BarPathTest, StopsFillAtTheStopWithSlippageAndGapsAtTheOpen) {
  Set([](AccountSettings& settings) { settings.slippage_bps = D("100"); });
  Place(Wish::Buy("1").Stop("105"));
  Told();
  Bar("101", "110", "100", "102");
  EXPECT_EQ(Told(), "1 fill 1@106.05");
  Place(Wish::Sell("1").Stop("95"));
  Told();
  Bar("90", "110", "89", "102");
  EXPECT_EQ(Told(), "2 fill 1@89.1");
}

TEST_F(BarPathTest, ARisingBarGoesDownFirst) {
  Place(Wish::Buy("1"));
  Place(Wish::Sell("1").Oco("110", "90"));
  Told();
  Bar("100", "120", "80", "101");
  EXPECT_EQ(Told(), "3 fill 1@90; 2 canceled");
}

TEST_F(BarPathTest, AFallingBarGoesUpFirst) {
  Place(Wish::Buy("1"));
  Place(Wish::Sell("1").Oco("110", "90"));
  Told();
  Bar("100", "120", "80", "99");
  EXPECT_EQ(Told(), "2 fill 1@110; 3 canceled");
}

TEST_F(BarPathTest, OrdersFillInTheOrderOfThePath) {
  Place(Wish::Buy("1").Limit("90"));
  Place(Wish::Buy("1").Stop("105"));
  Place(Wish::Buy("1").Limit("95"));
  Place(Wish::Buy("1").Stop("103"));
  Told();
  Bar("100", "120", "80", "101");
  EXPECT_EQ(Told(), "3 fill 1@95; 1 fill 1@90; 4 fill 1@103; 2 fill 1@105");
}

TEST_F(BarPathTest, ABracketMayBeginAndEndWithinABar) {
  Place(Wish::Buy("1").Limit("95").Bracket("115", "92"));
  Told();
  Bar("100", "120", "93", "101");
  EXPECT_EQ(Told(), "1 fill 1@95; 2 new; 3 new; 2 fill 1@115; 3 canceled");
  Place(Wish::Buy("1").Limit("95").Bracket("115", "92"));
  Told();
  Bar("100", "120", "80", "101");
  EXPECT_EQ(Told(), "4 fill 1@95; 5 new; 6 new; 6 fill 1@92; 5 canceled");
}

TEST_F(BarPathTest, ATrailingStopFollowsThePath) {
  Place(Wish::Buy("1"));
  Place(Wish::Sell("1").Trail("10"));
  Told();
  Bar("100", "120", "95", "111");
  EXPECT_EQ(Told(), "") << "down to 95, up to 120, and not down to 110";
  Bar("111", "130", "105", "106");
  EXPECT_EQ(Told(), "2 fill 1@120") << "130 less 10";
}

TEST_F(BarPathTest, AStopLimitThatIsTriggeredRestsAsALimit) {
  Place(Wish::Buy("1").Stop("105").Limit("104"));
  Told();
  Bar("100", "110", "99", "109");
  EXPECT_EQ(Told(), "") << "up to 110, never back to 104";
  Bar("109", "109", "100", "101");
  EXPECT_EQ(Told(), "1 fill 1@104");
}

TEST_F(BarPathTest, ABarWithoutItsOpenBeginsThere) {
  Place(Wish::Buy("1").Limit("95"));
  Told();
  BarRest("90", "91", "89", "91");
  EXPECT_EQ(Told(), "1 fill 1@90");
}

}  // namespace
}  // namespace livetape::floor
