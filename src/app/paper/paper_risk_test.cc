#include <gtest/gtest.h>

#include <algorithm>

#include "app/jobs/stored_bars.h"
#include "app/paper/close_feed.h"
#include "app/paper/paper_fixture.h"

namespace livetape::app {
namespace {

using std::chrono::milliseconds;

class PaperRisk : public PaperFixture {
 protected:
  void Restart(std::string_view drawdown_limit = "0.1") {
    Crash();
    config_.risk.drawdown_limit = *base::Decimal::Parse(drawdown_limit);
    Start();
  }
  size_t Alerts() const {
    return static_cast<size_t>(
        std::ranges::count(kept_, tape::RecordKind::kAlert, &tape::Record::kind));
  }
  const floor::RiskState& State() {
    return paper_->floor().floor().risk_state(*paper_->floor().FindAccount("paper"));
  }
  floor::RiskReport Report() {
    return paper_->floor().floor().Risk(*paper_->floor().FindAccount("paper"));
  }
};

TEST_F(PaperRisk, WhatIsBrokenIsKnownAfterACrashWithoutACheckpoint) {
  Restart();
  Price("ACME", "100");
  Place(model::Side::kBuy, "1000", "ACME");
  Price("ACME", "85");
  Pass(milliseconds(100));
  ASSERT_EQ(Alerts(), 1U);
  EXPECT_EQ(kept_.back().topic, "");  // behind the alert comes what is broken
  Restart();
  EXPECT_TRUE(State().Broken(floor::RiskMetric::kDrawdown));
  Pass(milliseconds(500));
  Price("ACME", "84");
  Pass(milliseconds(500));
  EXPECT_EQ(Alerts(), 1U);
  Price("ACME", "100");
  Pass(milliseconds(500));
  EXPECT_EQ(Alerts(), 2U);
  EXPECT_FALSE(State().Broken(floor::RiskMetric::kDrawdown));
}

TEST_F(PaperRisk, TheDaysCountAndItsExpectationAreInTheCheckpoint) {
  Price("ACME", "100");
  Place(model::Side::kBuy, "10", "ACME");
  Ask([](api::Desk& desk) -> api::DeskAnswer {
    desk.floor().RestoreRisk(desk.account(), {.broken = 0, .exceedances = 3, .roll_var = 1e-9});
    return http::Response();
  });
  Price("ACME", "99");
  Pass(milliseconds(3000));  // the day rolls
  EXPECT_EQ(State().exceedances, 4U);
  EXPECT_FALSE(State().roll_var);  // one close says nothing
  Pass(milliseconds(2000));
  Restart("0");
  EXPECT_EQ(State().exceedances, 4U);
}

TEST_F(PaperRisk, ChangedLimitsAreKeptAndNewAccountsHaveThem) {
  Ask([](api::Desk& desk) -> api::DeskAnswer {
    auto changed = api::ChangeRiskOverrides(desk.risk_overrides(),
                                            R"({"drawdown_limit":"0.3","max_order_qty":5})");
    EXPECT_TRUE(changed);
    desk.ChangeRisk(*std::move(changed));
    return http::Response();
  });
  Restart("0.1");
  const floor::TradingFloor& floor = paper_->floor().floor();
  EXPECT_EQ(floor.risk_rules().of(floor::RiskMetric::kDrawdown).limit.ToString(), "0.3");
  EXPECT_EQ(AccountOf().settings().limits.max_order_quantity.ToString(), "5");
  Ask([](api::Desk&) -> api::DeskAnswer { return http::Response(); }, "second");
  EXPECT_EQ(AccountOf("second").settings().limits.max_order_quantity.ToString(), "5");
}

TEST_F(PaperRisk, DailyBarsOfTheStoreReachTheFloor) {
  Crash();
  projecting_ = false;  // this thread writes
  Start();
  Price("ACME", "100");
  Place(model::Side::kBuy, "500", "ACME");
  EXPECT_FALSE(Report().tail_risk[0]);
  const base::WallTime today = std::chrono::floor<std::chrono::days>(clock_.Wall());
  store::BarRows rows{.symbol = "ACME", .timeframe = model::Timeframe::k1d};
  for (int day = -30; day <= 0; ++day) {
    model::Bar bar;
    bar.start = today + std::chrono::days(day);
    bar.open = bar.high = bar.low = bar.close = *base::Price::Parse(day % 2 == 0 ? "100" : "102");
    rows.bars.push_back(bar);
  }
  store::Batch batch;
  batch.through = storage_.store->through();
  batch.bars = {rows};
  ASSERT_TRUE(storage_.store->Write(batch));
  auto reader = OpenStoreReader(config_.server.data_dir);
  ASSERT_TRUE(reader) << reader.error().message;
  BarQueue bars(*instruments_, *metrics_);
  CloseFeed feed(*instruments_, *floor_, bars, "paper", log_);
  feed.Refresh(**reader);
  Work();
  const floor::RiskReport report = Report();
  EXPECT_EQ(report.days, 29U);  // the day that goes on does not count
  ASSERT_TRUE(report.tail_risk[0]);
  EXPECT_NEAR(report.tail_risk[0]->var, 0.5 * 2 / 102, 1e-12);

  // The same days once more, with other closes.
  for (model::Bar& bar : rows.bars) {
    if (bar.close != *base::Price::Parse("102")) continue;
    bar.open = bar.high = bar.low = bar.close = *base::Price::Parse("110");
  }
  const auto fault = std::make_shared<BarQueue::Fault>();
  ASSERT_TRUE(bars.Put(rows, fault));
  batch.bars = bars.Next().bars;
  ASSERT_TRUE(storage_.store->Write(batch));
  bars.Done();
  feed.Refresh(**reader);
  Work();
  EXPECT_NEAR(Report().tail_risk[0]->var, 0.5 * 10 / 110, 1e-12);
  reader->reset();
}

}  // namespace
}  // namespace livetape::app
