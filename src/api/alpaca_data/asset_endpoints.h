#pragma once

// The instruments as Alpaca's assets, the exchange's clock and its calendar (API section 9).

#include "api/alpaca_data/market_reads.h"
#include "http/router.h"

namespace livetape::api {

void AddAssetEndpoints(http::Router& router, const MarketReadsPtr& reads);
// /v2/clock says what market.hours makes of the floor's time; /v2/calendar is the exchange's always.
void AddSessionEndpoints(http::Router& router, const MarketReadsPtr& reads);

}  // namespace livetape::api
