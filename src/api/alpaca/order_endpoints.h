#pragma once

// The endpoints of orders of the Alpaca family: /v2/orders and what is below it (API section 9).

#include "api/paper/account_access.h"
#include "api/paper/floor_desk.h"
#include "api/paper/store_reads.h"
#include "api/paper/trading_backend.h"
#include "api/paper/trading_ids.h"
#include "http/router.h"
#include "market/instruments.h"

namespace livetape::api {

// What these endpoints work with; all outlive them.
struct OrderBackend {
  const AccountAccess& access;
  FloorDesk& desk;
  StoreReads& store;
  const TradingIds& ids;
  const market::Instruments& instruments;
};

void AddAlpacaOrders(http::Router& router, const OrderBackend& backend);
void AddAlpacaOrders(http::Router& router, const TradingBackend& backend);

}  // namespace livetape::api
