#pragma once

// Backtests over HTTP (API section 10): a new one, the lists of its result, and the strategies.

#include "api/jobs/job_backend.h"
#include "http/router.h"

namespace livetape::api {

// The backend outlives the router.
void AddBacktests(http::Router& router, const JobBackend& backend);

}  // namespace livetape::api
