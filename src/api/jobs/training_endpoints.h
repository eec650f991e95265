#pragma once

// Trainings over HTTP (API section 10): a new one, and its rounds.

#include "api/jobs/job_backend.h"
#include "http/router.h"

namespace livetape::api {

// The backend outlives the router.
void AddTrainings(http::Router& router, const JobBackend& backend);

}  // namespace livetape::api
