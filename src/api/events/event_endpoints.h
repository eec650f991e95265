#pragma once

// User events over HTTP: a user's stream, publishing to users, the registry (API section 5).

#include "api/backend.h"
#include "http/router.h"

namespace livetape::api {

// The backend outlives the router.
void AddUserEvents(http::Router& router, const Backend& backend);

}  // namespace livetape::api
