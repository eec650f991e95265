#pragma once

// TradingBackend: what the trading endpoints work with besides the Backend. All outlive them.

#include "api/backend.h"
#include "api/paper/account_access.h"
#include "api/paper/floor_desk.h"
#include "api/paper/store_reads.h"
#include "api/paper/trading_ids.h"

namespace livetape::api {

struct TradingBackend {
  const Backend& server;
  const AccountAccess& access;  // which account a request is for
  FloorDesk& desk;
  StoreReads& store;
  const TradingIds& ids;
};

}  // namespace livetape::api
