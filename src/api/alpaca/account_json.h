#pragma once

// Alpaca's Account object (alpaca.md). Pure functions.

#include <string>
#include <string_view>

#include "api/paper/trading_ids.h"
#include "base/clock.h"
#include "floor/account.h"
#include "floor/quote_board.h"

namespace livetape::api {

// An account of that name at the marks of now. What is not simulated here (transfers, options, day
// trading rules, interest) is 0 or false. initial_margin is gross / multiplier, maintenance_margin
// 30 % of gross: both are told, neither is enforced. `state` besides: ACTIVE, REDUCING, HALTED.
void AppendAlpacaAccount(std::string& out, const floor::Account& account, std::string_view name,
                         const floor::QuoteBoard& quotes, base::WallTime now,
                         const TradingIds& ids);

}  // namespace livetape::api
