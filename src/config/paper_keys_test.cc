#include "config/paper_keys.h"

#include <gtest/gtest.h>

#include "config/loading_fixture.h"

namespace livetape::config {
namespace {

TEST_F(Loading, MoneyIsTakenExactly) {
  File(R"(
[paper]
account = "desk-1"
cash = 250000.25
fee = 0.002
fee_per_share = "0.005000001"
fee_min = 1
slippage_bps = 2.5
multiplier = 4
)");
  const PaperConfig paper = Loaded().paper;
  EXPECT_EQ(paper.account, "desk-1");
  EXPECT_EQ(paper.cash.ToString(), "250000.25");
  EXPECT_EQ(paper.fee.ToString(), "0.002");
  EXPECT_EQ(paper.fee_per_share.ToString(), "0.005000001");
  EXPECT_EQ(paper.fee_min.ToString(), "1");
  EXPECT_EQ(paper.slippage_bps.ToString(), "2.5");
  EXPECT_EQ(paper.multiplier, 4);
}

TEST_F(Loading, MoneyAsTextIsTakenDigitByDigit) {
  Environment("LIVETAPE_PAPER_CASH", "999999999999999.123456789");
  Set("paper.fee= 1e-9");
  const PaperConfig paper = Loaded().paper;
  EXPECT_EQ(paper.cash.ToString(), "999999999999999.123456789");
  EXPECT_EQ(paper.fee.ToString(), "0.000000001");
  Set("paper.cash=1e15");
  EXPECT_EQ(Loaded().paper.cash.ToString(), "1000000000000000");
}

TEST_F(Loading, ANumberThatLostItsLastDigitsIsRefused) {
  EXPECT_EQ(FaultOf("paper.cash = 999999999999.123456789"),
            "FILE:1: paper.cash: got 999999999999.1234, expected a number above 0 to "
            "1000000000000000 with at most 9 decimals, in quotes if it has more than 15 digits");
  File("paper.cash = \"999999999999.123456789\"");
  EXPECT_EQ(Loaded().paper.cash.ToString(), "999999999999.123456789");
}

TEST_F(Loading, MoneyHasLimits) {
  for (const char* wrong : {"cash = 0",
                            "cash = -1",
                            "cash = 1000000000000001",
                            "cash = \"0.0000000001\"",
                            "cash = true",
                            "cash = \"ten\"",
                            "cash = inf",
                            "cash = nan",
                            "cash = \"\"",
                            "cash = 1e300",
                            "fee = 1.000000001",
                            "fee = -0.1",
                            "fee = 1e-10",
                            "fee_per_share = -1",
                            "fee_min = 1e7",
                            "slippage_bps = 10000",
                            "slippage_bps = -1",
                            "multiplier = 3",
                            "multiplier = 2.0",
                            "multiplier = \"2\"",
                            "account = \"\"",
                            "account = \"a b\"",
                            "strategy = \"sma\""}) {
    const std::string fault = FaultOf(std::string("[paper]\n") + wrong);
    EXPECT_TRUE(fault.starts_with("FILE:2: paper.")) << wrong << ": " << fault;
    EXPECT_NE(fault.find(", expected "), std::string::npos) << fault;
  }
  for (const char* right : {"cash = 0.000000001", "cash = 1e15", "fee = 1", "fee = 0.0",
                            "slippage_bps = \"9999.999999999\"", "multiplier = 1"}) {
    EXPECT_EQ(FaultOf(std::string("[paper]\n") + right), "loaded") << right;
  }
  EXPECT_EQ(FaultOf("paper.slippage_bps = 10000"),
            "FILE:1: paper.slippage_bps: got 10000, expected a number from 0 to under 10000 with "
            "at most 9 decimals, in quotes if it has more than 15 digits");
  EXPECT_EQ(FaultOf("paper.multiplier = 8"),
            "FILE:1: paper.multiplier: got 8, expected one of 1, 2, 4");
  EXPECT_EQ(FaultOf("paper.account = \"" + std::string(64, 'a') + "\""), "loaded");
  EXPECT_NE(FaultOf("paper.account = \"" + std::string(65, 'a') + "\""), "loaded");
}

TEST_F(Loading, DemoTradesTheSyntheticSourceOnlyUnlessAskedTo) {
  EXPECT_EQ(Loaded().paper.strategy, PaperStrategy::kDemo);
  Set("market.source=none");
  EXPECT_EQ(Loaded().paper.strategy, PaperStrategy::kNone);
  EXPECT_FALSE(Loaded().origins.contains("paper.strategy"));
  Set("paper.strategy=demo");
  EXPECT_EQ(Loaded().paper.strategy, PaperStrategy::kDemo);
  Set("market.source=synthetic");
  Set("paper.strategy=none");
  EXPECT_EQ(Loaded().paper.strategy, PaperStrategy::kNone);
}

TEST_F(Loading, RiskLimitsAreOffUntilSet) {
  File(
      "[risk]\nmax_order_value = 50000\nmax_order_qty = 0.5\nprice_collar = 0.05\n"
      "max_orders_per_s = 20\ngross_limit = 2\nnet_limit = 1.5\nconcentration_limit = 0.25\n");
  const RiskConfig risk = Loaded().risk;
  EXPECT_EQ(risk.max_order_value.ToString(), "50000");
  EXPECT_EQ(risk.max_order_qty.ToString(), "0.5");
  EXPECT_EQ(risk.price_collar.ToString(), "0.05");
  EXPECT_EQ(risk.max_orders_per_s, 20U);
  EXPECT_EQ(risk.gross_limit.ToString(), "2");
  EXPECT_EQ(risk.net_limit.ToString(), "1.5");
  EXPECT_EQ(risk.concentration_limit.ToString(), "0.25");
  EXPECT_EQ(FaultOf("risk.gross_limit = -1"),
            "FILE:1: risk.gross_limit: got -1, expected a number from 0 to 1000 with at most 9 "
            "decimals, in quotes if it has more than 15 digits");
}

TEST_F(Loading, EachRiskLimitHasASeverityAndAnAction) {
  const RiskConfig usual = Loaded().risk;
  EXPECT_TRUE(usual.var_limit.zero());
  EXPECT_EQ(usual.var_confidence.ToString(), "0.95");
  EXPECT_EQ(usual.var_method, VarMethod::kParametric);
  EXPECT_EQ(usual.hysteresis.ToString(), "0.9");
  EXPECT_EQ(usual.reactions[0].severity, RiskSeverity::kHigh);
  EXPECT_EQ(usual.reactions[0].action, RiskAction::kAlert);
  File(
      "[risk]\nvar_confidence = 0.99\nvar_method = \"monte_carlo\"\nhysteresis = 0.8\n"
      "var_limit = 0.02\ndrawdown_limit = 0.1\ndrawdown_limit_severity = \"critical\"\n"
      "drawdown_limit_action = \"halt\"\nday_drawdown_limit = 0.05\n"
      "day_drawdown_limit_action = \"reduce\"\n");
  const RiskConfig risk = Loaded().risk;
  EXPECT_EQ(risk.var_confidence.ToString(), "0.99");
  EXPECT_EQ(risk.var_method, VarMethod::kMonteCarlo);
  EXPECT_EQ(risk.hysteresis.ToString(), "0.8");
  EXPECT_EQ(risk.var_limit.ToString(), "0.02");
  EXPECT_EQ(risk.drawdown_limit.ToString(), "0.1");
  EXPECT_EQ(risk.day_drawdown_limit.ToString(), "0.05");
  EXPECT_EQ(risk.reactions[1].severity, RiskSeverity::kCritical);
  EXPECT_EQ(risk.reactions[1].action, RiskAction::kHalt);
  EXPECT_EQ(risk.reactions[2].severity, RiskSeverity::kHigh);
  EXPECT_EQ(risk.reactions[2].action, RiskAction::kReduce);
  EXPECT_EQ(FaultOf("risk.net_limit_action = \"stop\""),
            "FILE:1: risk.net_limit_action: got \"stop\", expected one of alert, reduce, halt");
  EXPECT_EQ(FaultOf("risk.var_confidence = 1"),
            "FILE:1: risk.var_confidence: got 1, expected a number above 0 to under 1 with at most "
            "9 decimals, in quotes if it has more than 15 digits");
}

TEST_F(Loading, MarketHoursAreAlwaysOrTheExchanges) {
  EXPECT_EQ(FaultOf("market.hours = \"never\""),
            "FILE:1: market.hours: got \"never\", expected one of always, exchange");
  File("market.hours = \"exchange\"");
  EXPECT_EQ(Loaded().market.hours, MarketHours::kExchange);
}

}  // namespace
}  // namespace livetape::config
