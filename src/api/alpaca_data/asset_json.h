#pragma once

// An instrument as Alpaca's clients read it: an Asset. Pure functions.

#include <string>
#include <string_view>

#include "api/paper/trading_ids.h"
#include "model/instrument.h"

namespace livetape::api {

// CRYPTO, and for shares nothing, as in a position: no feed tells where a share is listed.
std::string_view AssetExchange(model::AssetClass asset_class);

// {"id","class","exchange","symbol","name",...}. Every instrument is active and tradable; shares can
// be bought on margin and sold short, crypto cannot (docs/trading.md, "Buying power"). Increments are those of
// what an order may say.
void AppendAsset(std::string& out, const model::Instrument& instrument, const TradingIds& ids);

}  // namespace livetape::api
