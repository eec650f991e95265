#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

using model::OrderStatus;

// Brackets, OCO and OTO.
class FamiliesTest : public FloorFixture {
 protected:
  FamiliesTest() {
    Quote("99", "101");
    Trade("100");
  }
  void Long(std::string_view quantity) {
    Place(Wish::Buy(quantity));
    Told();
  }
};

TEST_F(FamiliesTest, ABracketsLegsAreHeldUntilTheEntryIsFilled) {
  Place(Wish::Buy("10").Limit("98").Bracket("110", "90"));
  EXPECT_EQ(Told(), "1 new; 2 held; 3 held");
  EXPECT_EQ(Open(2)->parent, model::OrderId(1));
  EXPECT_EQ(Open(1)->take_profit, model::OrderId(2));
  EXPECT_EQ(Open(1)->stop_loss, model::OrderId(3));
  EXPECT_EQ(Open(3)->status, OrderStatus::kHeld);
  EXPECT_EQ(Reserved(), "980") << "only the entry reserves";
  Quote("97", "98");
  EXPECT_EQ(Told(), "1 fill 10@98; 2 new; 3 new");
  EXPECT_EQ(Held(), "10") << "once for both";
  EXPECT_EQ(Reserved(), "0");
}

TEST_F(FamiliesTest, TheTakeProfitsFillCancelsTheStopLoss) {
  Place(Wish::Buy("10").Bracket("110", "90"));
  Told();
  Quote("111", "112");
  EXPECT_EQ(Told(), "2 fill 10@111; 3 canceled");
  EXPECT_EQ(Position(), "0");
}

TEST_F(FamiliesTest, TheStopLossFillCancelsTheTakeProfit) {
  Place(Wish::Buy("10").Bracket("110", "90"));
  Told();
  Trade("90");
  EXPECT_EQ(Told(), "3 fill 10@90; 2 canceled");
  EXPECT_EQ(Position(), "0");
}

TEST_F(FamiliesTest, AShortsBracketIsTheMirror) {
  Place(Wish::Sell("10").Bracket("90", "110"));
  EXPECT_EQ(Told(), "1 new; 2 held; 3 held; 1 fill 10@99; 2 new; 3 new");
  Trade("110");
  EXPECT_EQ(Told(), "3 fill 10@110; 2 canceled");
}

TEST_F(FamiliesTest, ALegThatIsReachedAlreadyTradesAtOnce) {
  Place(Wish::Buy("10").Limit("90").Bracket("91", "80"));
  Told();
  Trade("70");
  EXPECT_EQ(Told(), "1 fill 10@70; 2 new; 3 new; 3 fill 10@70; 2 canceled");
}

TEST_F(FamiliesTest, APartialTakeProfitShrinksTheStopLoss) {
  Place(Wish::Buy("10").Bracket("110", "90"));
  Told();
  Book({{"111", "4"}, {"105", "100"}}, {});
  EXPECT_EQ(Told(), "2 partial_fill 4@111; 3 restated");
  EXPECT_EQ(Open(3)->quantity.ToString(), "6");
  EXPECT_EQ(Held(), "6");
  Book({{"111", "0"}, {"90", "2"}, {"105", "0"}, {"89", "1"}}, {});
  Trade("90");
  EXPECT_EQ(Told(), "3 partial_fill 2@90; 2 restated; 3 partial_fill 1@89; 2 restated");
  EXPECT_EQ(Open(2)->leaves().ToString(), "3");
  EXPECT_EQ(Open(3)->leaves().ToString(), "3");
  EXPECT_EQ(Held(), "3");
  EXPECT_EQ(Cancel(2), "");
  EXPECT_EQ(Held(), "0");
  EXPECT_EQ(Told(), "2 canceled; 3 canceled");
}

TEST_F(FamiliesTest, CancelingTheEntryCancelsItsLegs) {
  Place(Wish::Buy("10").Limit("98").Bracket("110", "90"));
  Told();
  EXPECT_EQ(Cancel(1), "");
  EXPECT_EQ(Told(), "1 canceled; 2 canceled; 3 canceled");
  EXPECT_EQ(Reserved(), "0");
}

TEST_F(FamiliesTest, CancelingOneLegCancelsTheOther) {
  Place(Wish::Buy("10").Bracket("110", "90"));
  Told();
  EXPECT_EQ(Cancel(3), "");
  EXPECT_EQ(Told(), "3 canceled; 2 canceled");
  EXPECT_EQ(Held(), "0");
  EXPECT_EQ(Position(), "10");
}

TEST_F(FamiliesTest, CancelingAHeldLegLeavesASimpleEntry) {
  Place(Wish::Buy("10").Limit("98").Bracket("110", "90"));
  Told();
  EXPECT_EQ(Cancel(2), "");
  EXPECT_EQ(Told(), "2 canceled; 3 canceled");
  Quote("97", "98");
  EXPECT_EQ(Told(), "1 fill 10@98");
}

TEST_F(FamiliesTest, BracketsOpenAndOcosClose) {
  EXPECT_EQ(Refused(Wish::Sell("10").Oco("110", "90")), "oco_must_be_exit");
  Long("10");
  EXPECT_EQ(Refused(Wish::Sell("10").Bracket("90", "110")), "bracket_must_be_entry");
  EXPECT_EQ(Refused(Wish::Sell("11").Oco("110", "90")), "insufficient_qty");
}

TEST_F(FamiliesTest, LegsOfAMarketEntryLieAroundThePrice) {
  EXPECT_EQ(Refused(Wish::Buy("10").Bracket("100", "90")), "leg_on_wrong_side");
  EXPECT_EQ(Refused(Wish::Buy("10").Bracket("110", "100")), "leg_on_wrong_side");
  EXPECT_EQ(Refused(Wish::Buy("10").Bracket("100.01", "99.99")), "");
}

TEST_F(FamiliesTest, AnOcoIsActiveFromTheStart) {
  Long("10");
  Place(Wish::Sell("10").Oco("110", "90"));
  EXPECT_EQ(Told(), "2 new; 3 new");
  EXPECT_EQ(Open(2)->limit.ToString(), "110");
  EXPECT_EQ(Open(2)->role, model::LegRole::kParent);
  EXPECT_EQ(Open(3)->parent, model::OrderId(2));
  EXPECT_EQ(Held(), "10");
  Trade("90");
  EXPECT_EQ(Told(), "3 fill 10@90; 2 canceled");
}

TEST_F(FamiliesTest, AnOcosTakeProfitMayTradeOnArrival) {
  Long("10");
  Place(Wish::Sell("10").Oco("99", "90"));
  EXPECT_EQ(Told(), "2 new; 3 new; 2 fill 10@99; 3 canceled");
}

TEST_F(FamiliesTest, CancelingAnOcoCancelsBoth) {
  Long("10");
  Place(Wish::Sell("10").Oco("110", "90"));
  Told();
  Cancel(2);
  EXPECT_EQ(Told(), "2 canceled; 3 canceled");
  EXPECT_EQ(Held(), "0");
}

TEST_F(FamiliesTest, AnOtoHasOneLeg) {
  Place(Wish::Buy("10").Limit("98").Oto("", "90"));
  EXPECT_EQ(Told(), "1 new; 2 held");
  Quote("97", "98");
  EXPECT_EQ(Told(), "1 fill 10@98; 2 new");
  EXPECT_EQ(Held(), "10");
  Trade("89");
  EXPECT_EQ(Told(), "2 fill 10@89");
}

TEST_F(FamiliesTest, LegsOfANotionalTakeWhatItBought) {
  Quote(btc_, "100", "100");
  Place(Wish::BuyFor("1000").Bracket("110", "90").In(btc_));
  EXPECT_EQ(Told(), "1 new; 2 held; 3 held; 1 fill 10@100; 2 new; 3 new");
  EXPECT_EQ(Open(2)->quantity.ToString(), "10");
}

TEST_F(FamiliesTest, LegsWithNothingToProtectEnd) {
  Place(Wish::Buy("10").Limit("95").Bracket("110", "90"));
  Place(Wish::Sell("20"));
  Told();
  Quote("94", "95");
  EXPECT_EQ(Told(), "1 fill 10@95; 2 canceled insufficient_qty; 3 canceled");
  EXPECT_EQ(Position(), "-10");
}

TEST_F(FamiliesTest, AnEntryThatEndsHalfFilledTakesItsLegsAlong) {
  Book({}, {{"101", "4"}, {"150", "100"}});
  Place(Wish::Buy("10").Limit("101").Bracket("110", "90"));
  EXPECT_EQ(Told(), "1 new; 2 held; 3 held; 1 partial_fill 4@101");
  Cancel(1);
  EXPECT_EQ(Told(), "1 canceled; 2 canceled; 3 canceled");
  EXPECT_EQ(Position(), "4");
}

}  // namespace
}  // namespace livetape::floor
