#pragma once

// GET /api/v1/alerts: those of the tape, newest first; POST /api/v1/alerts/{id}/ack (API section 10;
// docs/risk.md).

#include "api/backend.h"
#include "http/router.h"

namespace livetape::api {

void AddAlerts(http::Router& router, const Backend& backend);

}  // namespace livetape::api
