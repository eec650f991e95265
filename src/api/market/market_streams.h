#pragma once

// The market streams of API section 3: /stream, /sse/{symbol}, /sse.

#include "api/backend.h"
#include "http/router.h"

namespace livetape::api {

void AddMarketStreams(http::Router& router, const Backend& backend);

}  // namespace livetape::api
