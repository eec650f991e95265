#pragma once

// Market data over REST (API section 3): symbols, latest quotes, bars.

#include "api/backend.h"
#include "http/router.h"

namespace livetape::api {

void AddMarketRest(http::Router& router, const Backend& backend);

}  // namespace livetape::api
