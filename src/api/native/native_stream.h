#pragma once

// GET /api/v1/stream: any topics in one connection (API section 6).

#include "api/backend.h"
#include "http/router.h"

namespace livetape::api {

// The backend outlives the router.
void AddNativeStream(http::Router& router, const Backend& backend);

}  // namespace livetape::api
