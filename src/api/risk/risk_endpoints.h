#pragma once

// GET /api/v1/risk: what an account risks; GET and PUT /api/v1/risk/limits (API section 10;
// docs/risk.md).

#include <functional>

#include "api/paper/trading_backend.h"
#include "http/router.h"
#include "store/reader.h"

namespace livetape::api {

// What the endpoints work with; outlives the router.
struct RiskView {
  const TradingBackend& trading;
  std::string default_account;
  // A reading thread: brings daily closes that the store has and the floor does not on their way to
  // the floor, in front of what is asked of it after.
  std::function<void(store::Reader&)> refresh_closes;
};

void AddRisk(http::Router& router, const RiskView& view);

}  // namespace livetape::api
