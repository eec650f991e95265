#pragma once

// Alerts of the floor as records of the alerts channel (API section 4). Pure functions.

#include <string_view>

#include "base/decimal.h"
#include "floor/risk/risk_figures.h"
#include "tape/record.h"

namespace livetape::api {

// A limit of this account is broken, or armed again: then the severity is low.
tape::NewRecord RiskAlertRecord(const floor::RiskAlert& alert, std::string_view account);
// Its equity is used up.
tape::NewRecord RuinAlertRecord(std::string_view account, base::Amount equity);

}  // namespace livetape::api
