#pragma once

// POST /api/v1/publish: records, state and market data of any program (API section 6).

#include "api/backend.h"
#include "http/router.h"

namespace livetape::api {

// The backend outlives the router.
void AddPublishing(http::Router& router, const Backend& backend);

}  // namespace livetape::api
