#pragma once

// RiskSettings: the [risk] keys as the floor has them, as JSON, and as a request changes them
// (docs/risk.md). Values and pure functions.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "api/body/body_error.h"
#include "base/result.h"
#include "config/config.h"
#include "floor/account_settings.h"
#include "floor/risk/risk_rules.h"
#include "tape/record.h"

namespace livetape::api {

// The gross, net and concentration limits stand in both: orders that would pass them are refused,
// and what has passed them by its prices is told.
struct RiskSettings {
  floor::RiskLimits orders;
  floor::RiskRules rules;
};

RiskSettings SettingsOf(const config::RiskConfig& config);

// What requests have changed of the configuration: by key, the value as JSON. `version` grows with
// each request.
struct RiskOverrides {
  uint64_t version = 0;
  std::map<std::string, std::string, std::less<>> values;
};

// {"drawdown_limit":0.1,...}: every key.
std::string RiskSettingsJson(const RiskSettings& settings);

// The overrides after a request with this body: an object of some keys; null: as it is configured.
// Errors name the key and what it allows, and nothing is changed.
BodyResult<RiskOverrides> ChangeRiskOverrides(const RiskOverrides& before, std::string_view body);
// The settings with what has been changed.
RiskSettings WithOverrides(const RiskSettings& configured, const RiskOverrides& overrides);

// As an internal record of the tape, and back.
tape::NewRecord RiskLimitsRecord(const RiskOverrides& overrides);
base::Result<RiskOverrides> ParseRiskLimitsRecord(std::string_view data);

// The key of a metric's limit: "drawdown_limit".
std::string RiskLimitKey(floor::RiskMetric metric);

}  // namespace livetape::api
