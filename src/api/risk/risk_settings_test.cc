#include "api/risk/risk_settings.h"

#include <gtest/gtest.h>

#include "api/risk/alert_record.h"

namespace livetape::api {
namespace {

RiskOverrides Changed(std::string_view body, const RiskOverrides& before = {}) {
  auto changed = ChangeRiskOverrides(before, body);
  EXPECT_TRUE(changed) << changed.error().detail;
  return changed ? *changed : RiskOverrides();
}

std::string FaultOf(std::string_view body) {
  const auto changed = ChangeRiskOverrides({}, body);
  return changed ? "" : changed.error().field + ": " + changed.error().detail;
}

TEST(RiskSettings, OfTheConfigurationWithChanges) {
  config::RiskConfig config;
  config.gross_limit = *base::Decimal::Parse("2");
  config.reactions[3].action = config::RiskAction::kHalt;
  const RiskSettings configured = SettingsOf(config);
  EXPECT_EQ(configured.orders.gross.ToString(), "2");
  EXPECT_EQ(configured.rules.of(floor::RiskMetric::kGross).limit.ToString(), "2");
  EXPECT_EQ(configured.rules.of(floor::RiskMetric::kGross).action, floor::RiskAction::kHalt);
  RiskOverrides overrides = Changed(
      R"({"gross_limit":"1.5","var_method":"monte_carlo","max_orders_per_s":7,"max_order_value":1e3})");
  EXPECT_EQ(overrides.version, 1U);
  const RiskSettings after = WithOverrides(configured, overrides);
  EXPECT_EQ(after.orders.gross.ToString(), "1.5");
  EXPECT_EQ(after.rules.of(floor::RiskMetric::kGross).limit.ToString(), "1.5");
  EXPECT_EQ(after.rules.var_method, floor::VarMethod::kMonteCarlo);
  EXPECT_EQ(after.orders.max_orders_per_s, 7U);
  EXPECT_EQ(after.orders.max_order_value.ToString(), "1000");
  overrides = Changed(R"({"gross_limit":null})", overrides);
  EXPECT_EQ(overrides.version, 2U);
  EXPECT_EQ(WithOverrides(configured, overrides).orders.gross.ToString(), "2");
}

TEST(RiskSettings, JsonOfAllIsABodyAgain) {
  RiskSettings settings;
  settings.rules.of(floor::RiskMetric::kNet) = {
      *base::Decimal::Parse("0.25"), floor::Severity::kCritical, floor::RiskAction::kReduce};
  const std::string json = RiskSettingsJson(settings);
  EXPECT_NE(
      json.find(R"("net_limit":0.25,"net_limit_severity":"critical","net_limit_action":"reduce")"),
      std::string::npos)
      << json;
  EXPECT_EQ(RiskSettingsJson(WithOverrides({}, Changed(json))), json);
}

TEST(RiskSettings, ARecordKeepsWhatWasChanged) {
  RiskOverrides overrides = Changed(R"({"drawdown_limit":0.1,"drawdown_limit_action":"halt"})");
  overrides.version = 41;
  const auto again = ParseRiskLimitsRecord(RiskLimitsRecord(overrides).data);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->version, 41U);
  EXPECT_EQ(again->values, overrides.values);
  EXPECT_FALSE(ParseRiskLimitsRecord("{}"));
  EXPECT_FALSE(ParseRiskLimitsRecord(R"({"version":"1","limits":{"x":1}})"));
}

TEST(RiskSettings, WhatIsWrongIsNamedWithWhatIsRight) {
  EXPECT_EQ(FaultOf(R"({"drawdown_limit":-1})"),
            "drawdown_limit: drawdown_limit must be a number from 0 to 1000 with at most 9 "
            "decimals, got -1");
  EXPECT_EQ(FaultOf(R"({"hysteresis":1.1})").substr(0, 11), "hysteresis:");
  EXPECT_EQ(FaultOf(R"({"var_confidence":0})").substr(0, 15), "var_confidence:");
  EXPECT_EQ(FaultOf(R"({"var_limit_severity":"loud"})"),
            "var_limit_severity: var_limit_severity must be one of low, medium, high, critical, "
            "got \"loud\"");
  EXPECT_NE(FaultOf(R"({"limit":1})").find("max_order_value"), std::string::npos);
  EXPECT_NE(FaultOf(R"({"var_limit":1,"var_limit":2})").find("twice"), std::string::npos);
  EXPECT_NE(FaultOf("[1]"), "");
}

TEST(AlertRecord, TellsWhatIsBrokenAndWhatIsDone) {
  floor::RiskAlert alert;
  alert.metric = floor::RiskMetric::kGross;
  alert.broken = true;
  alert.value = 1.25;
  alert.rule = {*base::Decimal::Parse("1.2"), floor::Severity::kCritical, floor::RiskAction::kHalt};
  const tape::NewRecord broken = RiskAlertRecord(alert, "desk");
  EXPECT_EQ(broken.topic, "alerts/critical");
  EXPECT_EQ(
      broken.data,
      R"({"alert_type":"gross_limit","severity":"critical","message":"gross of desk is 1.25, )"
      R"(over its limit 1.2; trading is halted and its orders are canceled",)"
      R"("metric_name":"gross","metric_value":1.25,"threshold":1.2,"entity_type":"account",)"
      R"("entity_id":"desk"})");
  alert.broken = false;
  alert.value.reset();
  const tape::NewRecord armed = RiskAlertRecord(alert, "desk");
  EXPECT_EQ(armed.topic, "alerts/low");
  EXPECT_NE(armed.data.find(R"("alert_type":"gross_limit_recovered")"), std::string::npos);
  EXPECT_NE(armed.data.find(R"("metric_value":null)"), std::string::npos);
}

}  // namespace
}  // namespace livetape::api
