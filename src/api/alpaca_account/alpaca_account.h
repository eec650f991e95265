#pragma once

// What an Alpaca client asks of its account: the account itself, its configuration, positions,
// portfolio history, activities, and the reset, which is ours (API section 9).

#include "api/paper/account_directory.h"
#include "api/paper/trading_backend.h"
#include "base/clock.h"
#include "http/router.h"

namespace livetape::api {

// What these endpoints work with; outlives the router.
struct AlpacaAccountView {
  const TradingBackend& trading;
  const AccountDirectory& directory;
  std::function<base::WallTime()> floor_time;
};

void AddAlpacaAccount(http::Router& router, const AlpacaAccountView& view);

// Its parts.
void AddAccountItself(http::Router& router, const AlpacaAccountView& view);
void AddPositions(http::Router& router, const AlpacaAccountView& view);
void AddPortfolioHistory(http::Router& router, const AlpacaAccountView& view);
void AddActivities(http::Router& router, const AlpacaAccountView& view);

}  // namespace livetape::api
