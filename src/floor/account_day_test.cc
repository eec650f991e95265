// Peaks, drawdowns, day rolls and resets of an account.

#include "floor/account_fixture.h"

namespace livetape::floor {
namespace {

TEST_F(AccountTest, DrawdownIsFromTheGreatestEquitySampled) {
  Trade("1000", "100");
  Mark("125");
  EXPECT_EQ(account_.Sample(board_).ToString(), "125000");
  EXPECT_EQ(account_.drawdown(), 0);
  Mark("100");
  account_.Sample(board_);
  EXPECT_DOUBLE_EQ(account_.drawdown(), -0.2);
  Mark("112.5");
  account_.Sample(board_);
  EXPECT_DOUBLE_EQ(account_.drawdown(), -0.1);
  EXPECT_DOUBLE_EQ(account_.max_drawdown(), -0.2);
  EXPECT_EQ(account_.peak().ToString(), "125000");
}

TEST_F(AccountTest, TheFirstDayStartsWithTheCash) {
  Trade("1000", "100");
  Mark("90");
  account_.Sample(board_);
  EXPECT_EQ(account_.day_start().ToString(), "100000");
  EXPECT_EQ(account_.day_pnl().ToString(), "-10000");
  EXPECT_DOUBLE_EQ(account_.day_drawdown(), -0.1);
  Mark("110");
  account_.Sample(board_);
  EXPECT_EQ(account_.day_pnl().ToString(), "10000");
  EXPECT_EQ(account_.day_drawdown(), 0) << "no drawdown while it is up";
}

TEST_F(AccountTest, TheDayRollSetsItsBase) {
  Trade("10", "100");
  EXPECT_EQ(DayBasis(), "1000");
  EXPECT_EQ(Held().last_day_price, Price{});
  Mark("110");
  account_.RollDay(board_);
  EXPECT_EQ(account_.day_start().ToString(), "100100");
  EXPECT_EQ(account_.day_pnl().ToString(), "0");
  EXPECT_EQ(DayBasis(), "1100");
  EXPECT_EQ(Held().last_day_price, P("110"));
}

TEST_F(AccountTest, TodaysBasisGoesWithWhatIsSold) {
  Trade("10", "100");
  Mark("110");
  account_.RollDay(board_);
  Trade("-4", "120");
  EXPECT_EQ(DayBasis(), "660");
  Trade("2", "115");
  EXPECT_EQ(DayBasis(), "890") << "what was added counts from its price";
  EXPECT_EQ(Held().last_day_price, P("110"));
  EXPECT_EQ(Holding(), "8 830 103.75");
}

TEST_F(AccountTest, CrossingBeginsTheBasisAnew) {
  Trade("10", "100");
  Mark("110");
  account_.RollDay(board_);
  Trade("-12", "105");
  EXPECT_EQ(DayBasis(), "-210");
  EXPECT_EQ(Held().last_day_price, Price{}) << "opened after the roll";
}

TEST_F(AccountTest, WithoutAQuoteTheDayBeginsAtTheCost) {
  Trade("10", "100");
  account_.RollDay(board_);
  EXPECT_EQ(DayBasis(), "1000");
  EXPECT_EQ(Held().last_day_price, Price{});
  EXPECT_EQ(account_.day_start().ToString(), "100000");
}

TEST_F(AccountTest, ResetGoesBackToTheStart) {
  Trade("1000", "100");
  Mark("50");
  account_.RollDay(board_);
  account_.Reserve(Money("5"));
  account_.set_state(AccountState::kHalted);
  account_.settings().cash = Money("70000");
  const base::WallTime later(std::chrono::hours(1));
  account_.Reset(later);
  EXPECT_EQ(account_.cash(), Money("70000"));
  EXPECT_EQ(account_.start(), Money("70000"));
  EXPECT_EQ(account_.day_start(), Money("70000"));
  EXPECT_EQ(account_.peak(), Money("70000"));
  EXPECT_EQ(account_.realized(), Amount{});
  EXPECT_EQ(account_.reserved(), Amount{});
  EXPECT_EQ(account_.max_drawdown(), 0);
  EXPECT_EQ(account_.fills(), 0U);
  EXPECT_TRUE(account_.positions().empty());
  EXPECT_EQ(account_.reset_at(), later);
  EXPECT_EQ(account_.opened(), base::WallTime());
  EXPECT_EQ(account_.state(), AccountState::kHalted) << "the floor's to change";
  EXPECT_TRUE(account_.Sound());
}

TEST_F(AccountTest, AnAccountWithoutMoneyHasNoDrawdown) {
  settings_.cash = {};
  Open();
  Trade("-10", "100");
  Mark("110");
  account_.Sample(board_);
  EXPECT_EQ(account_.equity().ToString(), "-100");
  EXPECT_EQ(account_.drawdown(), 0);
  EXPECT_EQ(account_.day_drawdown(), 0);
}

}  // namespace
}  // namespace livetape::floor
