#pragma once

// The latest quote, trade and bar, and snapshots of all of them (API section 9). Any instrument is
// served by the paths of stocks and of crypto alike.

#include "api/alpaca_data/market_reads.h"
#include "http/router.h"

namespace livetape::api {

void AddLatestEndpoints(http::Router& router, const MarketReadsPtr& reads);

}  // namespace livetape::api
