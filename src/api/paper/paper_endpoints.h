#pragma once

// Paper trading as native programs see it (API section 3): the equity stream, status, trades and
// equity history.

#include <string>

#include "api/paper/account_directory.h"
#include "api/paper/equity_rendering.h"
#include "api/paper/trading_backend.h"
#include "http/router.h"

namespace livetape::api {

// What the endpoints work with besides; outlives the router.
struct PaperView {
  const TradingBackend& trading;
  const AccountDirectory& directory;
  const EquityRendering& rendering;
  std::string strategy;  // of the default account: "demo", "none"
  AccountProfile usual;  // what an account is like of which nothing else is said
};

void AddPaperTrading(http::Router& router, const PaperView& view);

}  // namespace livetape::api
