#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

using model::OrderId;

OrderChange Quantity(std::string_view text) {
  OrderChange change;
  change.quantity = Q(text);
  return change;
}
OrderChange Limit(std::string_view text) {
  OrderChange change;
  change.limit = P(text);
  return change;
}
OrderChange Stop(std::string_view text) {
  OrderChange change;
  change.stop = P(text);
  return change;
}

class ReplacingTest : public FloorFixture {
 protected:
  ReplacingTest() {
    Quote("99", "101");
    Trade("100");
  }
};

TEST_F(ReplacingTest, ANewOrderTakesThePlaceOfTheOld) {
  Place(Wish::Buy("10").Limit("90").Named("a"));
  Told();
  EXPECT_EQ(Replace(1, Limit("95")), "");
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_[0].order.replaced_by, OrderId(2));
  EXPECT_EQ(events_[0].order.replaced_at, time_);
  EXPECT_EQ(events_[1].order.replaces, OrderId(1));
  EXPECT_EQ(Told(), "1 replaced; 2 new");
  EXPECT_EQ(Open(1), nullptr);
  EXPECT_EQ(Reserved(), "950");
  EXPECT_TRUE(Open(2)->client_id.empty()) << "the name stays with the first";
  Quote("94", "95");
  EXPECT_EQ(Told(), "2 fill 10@95");
}

TEST_F(ReplacingTest, TheNewOneMayTradeOnArrival) {
  Place(Wish::Buy("10").Limit("90"));
  Told();
  Replace(1, Limit("102"));
  EXPECT_EQ(Told(), "1 replaced; 2 new; 2 fill 10@101");
  EXPECT_EQ(Reserved(), "0");
}

TEST_F(ReplacingTest, ItLosesItsTurn) {
  Place(Wish::Buy("1").Limit("90"));
  Place(Wish::Buy("1").Limit("90"));
  Replace(1, Quantity("2"));
  Told();
  Quote("89", "90");
  EXPECT_EQ(Told(), "2 fill 1@90; 3 fill 2@90");
}

TEST_F(ReplacingTest, FillsSoFarGoAlong) {
  Book({}, {{"101", "4"}, {"150", "100"}});
  Place(Wish::Buy("10").Limit("101"));
  Told();
  EXPECT_EQ(Replace(1, Quantity("4")), "qty_not_positive");
  EXPECT_EQ(Replace(1, Quantity("6")), "");
  EXPECT_EQ(Told(), "1 replaced; 2 new");
  EXPECT_EQ(Open(2)->status, model::OrderStatus::kPartiallyFilled);
  EXPECT_EQ(Open(2)->leaves().ToString(), "2");
  EXPECT_EQ(Reserved(), "202");
  Book({}, {{"101", "40"}});
  EXPECT_EQ(Told(), "2 fill 2@101");
  EXPECT_EQ(last_.order.filled.ToString(), "6");
}

TEST_F(ReplacingTest, OnlyWhatTheTypeHasMayChange) {
  Place(Wish::Buy("10").Limit("90"));
  Place(Wish::Buy("10").Stop("110"));
  Place(Wish::Buy("10").Trail("5"));
  EXPECT_EQ(Replace(1, Stop("95")), "extra_stop_price");
  EXPECT_EQ(Replace(2, Limit("95")), "extra_limit_price");
  OrderChange trail;
  trail.trail = D("4");
  EXPECT_EQ(Replace(1, trail), "extra_trail");
  EXPECT_EQ(Replace(3, trail), "");
  EXPECT_EQ(Open(4)->stop.ToString(), "104");
  EXPECT_EQ(Replace(1, OrderChange{}), "nothing_to_replace");
  EXPECT_EQ(Replace(1, Limit("90")), "nothing_to_replace");
  EXPECT_EQ(Replace(1, Limit("90.001")), "sub_penny");
  EXPECT_EQ(Replace(9, Limit("90")), "no_order");
  Cancel(2);
  EXPECT_EQ(Replace(2, Stop("111")), "replace_not_allowed");
}

TEST_F(ReplacingTest, NotionalsMayNotChange) {
  Place(Wish::BuyFor("100").Limit("90"));
  EXPECT_EQ(Replace(1, Limit("95")), "replace_not_allowed");
}

TEST_F(ReplacingTest, ItIsJudgedLikeANewOrder) {
  Place(Wish::Buy("1000").Limit("90"));
  Told();
  EXPECT_EQ(Replace(1, Quantity("3000")), "insufficient_buying_power");
  EXPECT_EQ(Told(), "") << "and nothing has happened";
  EXPECT_EQ(Reserved(), "90000");
  EXPECT_EQ(Replace(1, Quantity("2000")), "") << "its own reservation is no hindrance";
  floor_.SetState(time_, account_, AccountState::kReducing);
  EXPECT_EQ(Replace(2, Quantity("1000")), "account_reducing");
}

TEST_F(ReplacingTest, AReducingOrderIsHeldToWhatIsAvailable) {
  Place(Wish::Buy("10"));
  Place(Wish::Sell("4").Limit("120"));
  Place(Wish::Sell("4").Limit("120"));
  EXPECT_EQ(Replace(2, Quantity("7")), "insufficient_qty");
  EXPECT_EQ(Held(), "8");
  EXPECT_EQ(Replace(2, Quantity("6")), "");
  EXPECT_EQ(Held(), "10");
}

TEST_F(ReplacingTest, ANameMayBeGivenOnce) {
  Place(Wish::Buy("1").Limit("90").Named("a"));
  OrderChange change = Limit("91");
  change.client_id = *model::ClientOrderId::From("a");
  EXPECT_EQ(Replace(1, change), "duplicate_client_order_id");
  change.client_id = *model::ClientOrderId::From("b");
  EXPECT_EQ(Replace(1, change), "");
  EXPECT_EQ(floor_.FindByClientId(account_, change.client_id), OrderId(2));
}

TEST_F(ReplacingTest, LegsFollowTheirParent) {
  Place(Wish::Buy("10").Limit("90").Bracket("110", "80"));
  Told();
  EXPECT_EQ(Replace(1, Limit("110")), "leg_on_wrong_side");
  EXPECT_EQ(Replace(2, Limit("111")), "replace_not_allowed") << "it is held";
  EXPECT_EQ(Replace(1, Quantity("8")), "");
  EXPECT_EQ(Told(), "1 replaced; 4 new; 2 restated; 3 restated");
  EXPECT_EQ(Open(2)->parent, OrderId(4));
  EXPECT_EQ(Open(3)->quantity.ToString(), "8");
  Quote("89", "90");
  EXPECT_EQ(Told(), "4 fill 8@90; 2 new; 3 new");
  Cancel(2);
  EXPECT_EQ(Told(), "2 canceled; 3 canceled");
}

TEST_F(ReplacingTest, ALegKeepsItsSiblingAndWhatTheyHold) {
  Place(Wish::Buy("10").Bracket("110", "90"));
  Told();
  EXPECT_EQ(Replace(2, Quantity("5")), "nothing_to_replace");
  EXPECT_EQ(Replace(2, Limit("90")), "leg_on_wrong_side");
  EXPECT_EQ(Replace(2, Limit("120")), "");
  EXPECT_EQ(Replace(3, Stop("95")), "");
  EXPECT_EQ(Told(), "2 replaced; 4 new; 3 replaced; 5 new");
  EXPECT_EQ(Held(), "10");
  Trade("95");
  EXPECT_EQ(Told(), "5 fill 10@95; 4 canceled");
}

TEST_F(ReplacingTest, AnOcosParentAndLegStayTogether) {
  Place(Wish::Buy("10"));
  Place(Wish::Sell("10").Oco("110", "90"));
  Told();
  EXPECT_EQ(Replace(2, Limit("90")), "leg_on_wrong_side");
  EXPECT_EQ(Replace(2, Limit("120")), "");
  EXPECT_EQ(Told(), "2 replaced; 4 new; 3 restated");
  EXPECT_EQ(Replace(3, Stop("95")), "");
  EXPECT_EQ(Told(), "3 replaced; 5 new; 4 restated");
  EXPECT_EQ(Open(4)->stop_loss, OrderId(5));
  EXPECT_EQ(Open(5)->parent, OrderId(4));
  EXPECT_EQ(Held(), "10");
  Trade("95");
  EXPECT_EQ(Told(), "5 fill 10@95; 4 canceled");
  EXPECT_EQ(Position(), "0");
}

TEST_F(ReplacingTest, AStopThatHasBeenReachedKeepsOnlyItsLimit) {
  Place(Wish::Buy("10").Stop("100").Limit("100"));
  EXPECT_TRUE(Open(1)->triggered);
  EXPECT_EQ(Replace(1, Stop("99")), "nothing_to_replace");
  Told();
  EXPECT_EQ(Replace(1, Limit("101")), "");
  EXPECT_EQ(Told(), "1 replaced; 2 new; 2 fill 10@101");
}

}  // namespace
}  // namespace livetape::floor
