#pragma once

// Alpaca's Position object (alpaca.md). Pure functions.

#include <string>

#include "api/paper/trading_ids.h"
#include "floor/account.h"
#include "model/instrument.h"
#include "model/quote.h"

namespace livetape::api {

// `quote` is null while there is none: then it is worth what it has cost. Market value, cost basis
// and quantities of a short are negative; fractions have 16 digits.
void AppendAlpacaPosition(std::string& out, const floor::Position& position,
                          const model::Instrument& instrument, const model::Quote* quote,
                          const TradingIds& ids);

}  // namespace livetape::api
