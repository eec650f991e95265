#pragma once

// The figures of risk as JSON (docs/risk.md). A pure function; the floor's thread.

#include <string>
#include <string_view>

#include "api/paper/paper_json.h"
#include "base/clock.h"
#include "floor/risk/risk_figures.h"

namespace livetape::api {

std::string RiskJson(const floor::RiskReport& report, const floor::RiskRules& rules,
                     std::string_view account, base::WallTime now,
                     const InstrumentOf& instrument_of);

}  // namespace livetape::api
