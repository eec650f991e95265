#include "api/schemas.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <string_view>
#include <vector>

#include "api/channels/channel.h"
#include "api/events/event_registry.h"
#include "api/schema_text.h"
#include "floor/account_settings.h"
#include "floor/order_event.h"
#include "floor/risk/risk_rules.h"
#include "jobs/backtest/backtest.h"
#include "jobs/backtest/strategy_catalog.h"
#include "jobs/import/row_fault.h"
#include "model/bar.h"
#include "model/job.h"
#include "model/order.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

json::object AllSchemas() {
  json::object all;
  for (const std::string_view* const text : schemas::kAll) {
    for (const auto& [name, schema] : ExpandSchemas(*text)) all[name] = schema;
  }
  return all;
}

template <typename Names>
json::array ListOf(const Names& names) {
  json::array list;
  for (const std::string_view name : names) list.emplace_back(name);
  return list;
}

TEST(Schemas, NoNameIsGivenTwice) {
  json::object all;
  for (const std::string_view* const text : schemas::kAll) {
    for (const auto& [name, schema] : ExpandSchemas(*text)) {
      EXPECT_FALSE(all.contains(name)) << name;
      all[name] = schema;
    }
  }
}

TEST(Schemas, NameTheChoicesThatTheCodeHas) {
  const json::object all = AllSchemas();
  const auto expect = [&all](std::string_view name, const auto& names) {
    EXPECT_EQ(all.at(name).at("enum"), json::value(ListOf(names))) << name;
  };
  expect("Side", model::kSideNames);
  expect("OrderType", model::kOrderTypeNames);
  expect("TimeInForce", model::kTimeInForceNames);
  expect("OrderClass", model::kOrderClassNames);
  expect("OrderStatus", model::kOrderStatusNames);
  expect("PositionIntent", model::kPositionIntentNames);
  expect("OrderEventKind", floor::kOrderEventNames);
  expect("AccountState", floor::kAccountStateNames);
  expect("Severity", floor::kSeverityNames);
  expect("RiskAction", floor::kRiskActionNames);
  expect("VarMethod", floor::kVarMethodNames);
  expect("JobStatus", model::kJobStateNames);
  expect("CloseAtEnd", jobs::kCloseAtEndNames);
  expect("EventCategory", EventCategories());
  std::vector<std::string_view> names;
  for (const model::Timeframe timeframe : model::kTimeframes) names.push_back(Name(timeframe));
  expect("Timeframe", names);
  names.clear();
  for (size_t i = 0; i < jobs::kRowFaults; ++i) {
    names.push_back(jobs::Name(static_cast<jobs::RowFault>(i)));
  }
  expect("RowFault", names);
  names.clear();
  for (const Channel& channel : Channels()) names.push_back(channel.name);
  expect("ChannelName", names);
}

// What a channel needs, its schema requires; what may be missing may be missing there.
TEST(Schemas, RequireWhatTheChannelsRequire) {
  const json::object all = AllSchemas();
  const std::map<std::string_view, std::string_view> schema_of = {{"training", "TrainingProgress"},
                                                                  {"backtest", "BacktestProgress"},
                                                                  {"alerts", "RiskAlert"},
                                                                  {"dashboard", "DashboardUpdate"}};
  for (const Channel& channel : Channels()) {
    const json::object& schema = all.at(schema_of.at(channel.name)).as_object();
    json::array required;
    for (const ChannelField& field : channel.fields) {
      EXPECT_TRUE(schema.at("properties").as_object().contains(field.name)) << field.name;
      if (field.required) required.emplace_back(field.name);
    }
    EXPECT_EQ(schema.at("required"), json::value(required)) << channel.name;
  }
}

}  // namespace
}  // namespace livetape::api
