#include <gtest/gtest.h>

#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

using enum RiskMetric;

class WatchingTest : public FloorFixture {
 protected:
  WatchingTest()
      : FloorFixture({.exchange_hours = false,
                      .seed = 1,
                      .check_identity_on_ticks = true,
                      .watch_risk = true}) {
    Set([](AccountSettings& settings) {
      settings.multiplier = 4;
      settings.limits = {};
    });
    floor_.WatchRisk();
  }

  void Limit(RiskMetric metric, std::string_view limit, RiskAction action = RiskAction::kAlert,
             Severity severity = Severity::kHigh) {
    RiskRules rules = floor_.risk_rules();
    rules.of(metric) = {*base::Decimal::Parse(limit), severity, action};
    floor_.SetRiskRules(time_, rules);
  }
  // A tenth of a second passes: what has changed is looked at.
  void Tick() {
    time_ += std::chrono::milliseconds(100);
    floor_.TakeChanged(time_, changed_);
  }
  void Price(std::string_view price) {
    Trade(price);
    Tick();
  }
  // A year of days before now, that close at 100 and at another price by turns.
  void History(model::InstrumentId id, std::string_view other, size_t days = 253) {
    std::vector<DailyClose> closes;
    const int32_t today = DayOf(time_);
    for (size_t i = 0; i < days; ++i) {
      closes.push_back({today - static_cast<int32_t>(days - i), P(i % 2 == 0 ? "100" : other)});
    }
    floor_.OnDailyCloses(id, closes);
  }
  std::string Alerts() {
    std::string text;
    for (const RiskAlert& alert : std::exchange(alerts_, {})) {
      text += text.empty() ? "" : "; ";
      text += std::string(Name(alert.metric)) + (alert.broken ? " broken" : " armed");
    }
    return text;
  }

  void OnRiskAlert(const RiskAlert& alert) override { alerts_.push_back(alert); }
  void OnRiskAction(model::AccountId, base::WallTime) override { ++actions_; }

  std::vector<RiskAlert> alerts_;
  std::vector<model::AccountId> changed_;
  int actions_ = 0;
};

TEST_F(WatchingTest, ALossOfTheLimitIsAllowedAndOneMoreIsNot) {
  Limit(kDrawdown, "0.1");
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  Price("90");  // a loss of 10,000 of 100,000
  EXPECT_EQ(account().equity(), A("90000"));
  EXPECT_EQ(Alerts(), "");
  Price("89.999");  // of 10,001
  ASSERT_EQ(account().equity(), A("89999"));
  ASSERT_EQ(alerts_.size(), 1U);
  EXPECT_NEAR(*alerts_[0].value, 0.10001, 1e-12);
  EXPECT_EQ(alerts_[0].rule.limit, *base::Decimal::Parse("0.1"));
  EXPECT_EQ(Alerts(), "drawdown broken");
}

TEST_F(WatchingTest, OneAlertACrossingUntilItIsArmedAgain) {
  Limit(kDrawdown, "0.1");
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  Price("89");
  EXPECT_EQ(Alerts(), "drawdown broken");
  Price("85");
  Price("89");
  Price("91");  // 0.09 = hysteresis x limit: armed at or below
  EXPECT_EQ(Alerts(), "drawdown armed");
  Price("90");
  EXPECT_EQ(Alerts(), "");
  Price("89.9");
  EXPECT_EQ(Alerts(), "drawdown broken");
  Price("90.999");  // 0.09001
  EXPECT_EQ(Alerts(), "");
  Price("120");
  EXPECT_EQ(Alerts(), "drawdown armed");
}

TEST_F(WatchingTest, NothingIsSaidBetweenTheTenthsOfASecond) {
  Limit(kDrawdown, "0.1");
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  Tick();
  Trade("80");
  Trade("100");
  Tick();
  EXPECT_EQ(Alerts(), "");
  Trade("80");
  time_ += std::chrono::milliseconds(100);
  // What comes at the next tenth finds the account as it was before it.
  Trade("100");
  EXPECT_EQ(Alerts(), "drawdown broken");
}

TEST_F(WatchingTest, AClockThatIsSetBackStopsNoLimit) {
  Limit(kDrawdown, "0.1");
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  Tick();
  time_ -= std::chrono::hours(1);
  Price("89");
  EXPECT_EQ(Alerts(), "drawdown broken");
  Price("91");
  EXPECT_EQ(Alerts(), "drawdown armed");
  time_ += std::chrono::hours(1);
  Price("89");
  EXPECT_EQ(Alerts(), "drawdown broken");
}

TEST_F(WatchingTest, AFillIsLookedAtOnce) {
  Limit(kConcentration, "0.5");
  Quote("100", "100");
  Place(Wish::Buy("500"));
  EXPECT_EQ(Alerts(), "");
  Place(Wish::Buy("1"));
  EXPECT_EQ(Alerts(), "concentration broken");
  Place(Wish::Sell("52"));  // 44.9 % is under 0.9 x 50 %
  EXPECT_EQ(Alerts(), "concentration armed");
}

TEST_F(WatchingTest, ExposuresAreSharesOfEquity) {
  Limit(kGross, "1.5");
  Limit(kNet, "0.5");
  Quote("100", "100");
  Quote(btc_, "100", "100");
  Place(Wish::Sell("900"));
  EXPECT_EQ(Alerts(), "net broken");
  Place(Wish::Buy("700").In(btc_));
  EXPECT_EQ(Alerts(), "gross broken; net armed");
  const RiskReport report = floor_.Risk(account_);
  EXPECT_EQ(report.gross, A("160000"));
  EXPECT_EQ(report.net, A("-20000"));
  EXPECT_EQ(report.largest, A("90000"));
  EXPECT_EQ(report.largest_position, aapl_);
  EXPECT_NEAR(*report.limits[static_cast<size_t>(kGross)].value, 1.6, 1e-12);
  EXPECT_TRUE(report.limits[static_cast<size_t>(kGross)].broken);
  EXPECT_FALSE(report.limits[static_cast<size_t>(kNet)].broken);
}

TEST_F(WatchingTest, ActionsChangeTheStateOnce) {
  Limit(kDrawdown, "0.1", RiskAction::kReduce);
  Limit(kDayDrawdown, "0.2", RiskAction::kHalt);
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  Place(Wish::Buy("1").Limit("50"));
  Told();
  Price("89");
  EXPECT_EQ(account().state(), AccountState::kReducing);
  EXPECT_EQ(actions_, 1);
  EXPECT_EQ(Refused(Wish::Buy("1")), "account_reducing");
  Told();
  Price("79");
  EXPECT_EQ(Alerts(), "drawdown broken; day_drawdown broken");
  EXPECT_EQ(account().state(), AccountState::kHalted);
  EXPECT_EQ(actions_, 2);
  EXPECT_EQ(Told(), "2 canceled account_halted");
  // Who lets it trade again while the limit is broken is not stopped a second time.
  floor_.SetState(time_, account_, AccountState::kActive);
  Price("78");
  EXPECT_EQ(account().state(), AccountState::kActive);
  Price("100");
  EXPECT_EQ(Alerts(), "drawdown armed; day_drawdown armed");
  EXPECT_EQ(actions_, 2);
}

TEST_F(WatchingTest, AnActionThatIsChangedWhileItsLimitIsBrokenIsDoneAtOnce) {
  Limit(kDrawdown, "0.1");
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  Place(Wish::Buy("1").Limit("50"));
  Price("85");
  EXPECT_EQ(Alerts(), "drawdown broken");
  Told();
  Limit(kDrawdown, "0.1", RiskAction::kReduce);
  EXPECT_EQ(account().state(), AccountState::kReducing);
  Limit(kDrawdown, "0.1", RiskAction::kHalt);
  EXPECT_EQ(account().state(), AccountState::kHalted);
  EXPECT_EQ(Told(), "2 canceled account_halted");
  EXPECT_EQ(actions_, 2);
  EXPECT_EQ(Alerts(), "") << "it has been told";
  // The same action again, another limit and another severity are no change of it.
  floor_.SetState(time_, account_, AccountState::kActive);
  Limit(kDrawdown, "0.12", RiskAction::kHalt, Severity::kCritical);
  Limit(kGross, "10", RiskAction::kHalt);
  EXPECT_EQ(account().state(), AccountState::kActive);
  // Neither is that of a limit that is not broken, nor one that is less.
  Limit(kGross, "10", RiskAction::kReduce);
  Limit(kDrawdown, "0.12", RiskAction::kAlert);
  EXPECT_EQ(account().state(), AccountState::kActive);
  EXPECT_EQ(actions_, 2);
}

TEST_F(WatchingTest, ALimitThatIsTurnedOffIsNotBroken) {
  Limit(kDrawdown, "0.1");
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  Price("85");
  EXPECT_EQ(Alerts(), "drawdown broken");
  Limit(kDrawdown, "0");
  EXPECT_FALSE(floor_.risk_state(account_).Broken(kDrawdown));
  Limit(kDrawdown, "0.1");  // and one that is set is looked at with it
  EXPECT_EQ(Alerts(), "drawdown broken");
}

TEST_F(WatchingTest, ValueAtRiskOfThePortfolioNeedsAHistory) {
  Quote("100", "100");
  Quote(btc_, "100", "100");
  RiskReport report = floor_.Risk(account_);
  EXPECT_EQ(report.tail_risk[0]->var, 0);  // cash
  EXPECT_EQ(report.covered, 1);
  Place(Wish::Buy("600"));
  report = floor_.Risk(account_);
  EXPECT_FALSE(report.tail_risk[0].has_value());
  EXPECT_EQ(report.reason, "no position has 21 daily closes");
  EXPECT_EQ(report.covered, 0);
  History(aapl_, "102", 20);
  EXPECT_EQ(floor_.Risk(account_).reason, "no position has 21 daily closes");
  History(aapl_, "102", 21);
  EXPECT_EQ(floor_.Risk(account_).days, 20U);
  History(aapl_, "102", 400);
  Place(Wish::Buy("200").In(btc_));
  report = floor_.Risk(account_);
  EXPECT_EQ(report.reason, "");
  EXPECT_EQ(report.days, 252U);
  EXPECT_NEAR(report.covered, 0.75, 1e-12);
  // 60 % of equity, in which half of the days lose 2/102.
  EXPECT_NEAR(report.tail_risk[0]->var, 0.6 * 2 / 102, 1e-12);
  EXPECT_NEAR(report.tail_risk[0]->cvar, 0.6 * 2 / 102, 1e-12);
  EXPECT_NEAR(report.tail_risk[1]->var, report.tail_risk[2]->var, 1e-3);
}

TEST_F(WatchingTest, ValueAtRiskIsALimitToo) {
  History(aapl_, "102");
  RiskRules rules = floor_.risk_rules();
  rules.var_method = VarMethod::kHistorical;
  rules.of(kVar).limit = *base::Decimal::Parse("0.01");
  floor_.SetRiskRules(time_, rules);
  Quote("100", "100");
  Place(Wish::Buy("500"));
  EXPECT_EQ(Alerts(), "");
  Place(Wish::Buy("100"));
  EXPECT_EQ(Alerts(), "var broken");
  Place(Wish::Sell("200"));
  EXPECT_EQ(Alerts(), "var armed");
}

TEST_F(WatchingTest, DaysThatLoseMoreThanExpectedAreCounted) {
  History(aapl_, "102");
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  const auto roll = [&] {
    time_ = std::chrono::ceil<std::chrono::days>(time_);
    Session(SessionEvent::kDayRoll);
    time_ += std::chrono::hours(1);
  };
  roll();
  ASSERT_TRUE(floor_.risk_state(account_).roll_var.has_value());
  EXPECT_NEAR(*floor_.risk_state(account_).roll_var, 0.0327, 1e-3);
  Trade("98");
  roll();
  EXPECT_EQ(floor_.risk_state(account_).exceedances, 0U);
  Trade("94");
  roll();
  EXPECT_EQ(floor_.risk_state(account_).exceedances, 1U);
  Trade("95");
  roll();
  EXPECT_EQ(floor_.risk_state(account_).exceedances, 1U);
  floor_.Reset(time_, account_);
  EXPECT_EQ(floor_.risk_state(account_).exceedances, 0U);
}

TEST_F(WatchingTest, TheDayThatEndsIsADayOfTheHistory) {
  Quote("100", "100");
  Place(Wish::Buy("100"));
  for (int day = 0; day < 21; ++day) {
    EXPECT_FALSE(floor_.Risk(account_).tail_risk[1].has_value()) << day;
    Trade(day % 2 == 0 ? "100" : "101");
    time_ = std::chrono::ceil<std::chrono::days>(time_);
    Session(SessionEvent::kDayRoll);
    time_ += std::chrono::hours(1);
  }
  EXPECT_EQ(floor_.Risk(account_).days, 20U);
}

TEST_F(WatchingTest, WithoutAPriceNothingIsSaid) {
  Limit(kDrawdown, "0.1");
  Quote("100", "100");
  Place(Wish::Buy("1000"));
  Price("80");
  EXPECT_EQ(Alerts(), "drawdown broken");
  // The same account in a floor that has been started again and knows no quote yet.
  TradingFloor again({.exchange_hours = false, .seed = 1, .watch_risk = true}, *this);
  const model::InstrumentId id = again.AddInstrument(model::AssetClass::kUsEquity);
  again.RestoreAccount({.account = account(), .orders = {}, .risk = floor_.risk_state(account_)},
                       time_);
  again.SetRiskRules(time_, floor_.risk_rules());
  again.WatchRisk();
  again.TakeChanged(time_ + std::chrono::seconds(1), changed_);
  EXPECT_EQ(Alerts(), "");
  again.OnTrade(time_ + std::chrono::seconds(2), {id, P("79"), Q("1")});
  again.TakeChanged(time_ + std::chrono::seconds(3), changed_);
  EXPECT_EQ(Alerts(), "");
  again.OnTrade(time_ + std::chrono::seconds(4), {id, P("100"), Q("1")});
  again.TakeChanged(time_ + std::chrono::seconds(5), changed_);
  EXPECT_EQ(Alerts(), "drawdown armed");
}

TEST_F(WatchingTest, WhatIsBrokenSurvivesItsSnapshot) {
  const RiskState state{.broken = 5, .exceedances = 7, .roll_var = 0.0123};
  const std::string bytes = EncodeSnapshot(
      account(), floor_.OpenOrders(account_),
      [](model::InstrumentId) -> const model::Instrument& {
        static const model::Instrument kNone;
        return kNone;
      },
      state);
  const auto id_of = [](const model::Instrument&) { return model::InstrumentId(0); };
  auto read = DecodeSnapshot(bytes, account_, id_of);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->risk, state);
  floor_.RestoreAccount(*std::move(read));
  EXPECT_EQ(floor_.risk_state(model::AccountId(1)), state);
}

}  // namespace
}  // namespace livetape::floor
