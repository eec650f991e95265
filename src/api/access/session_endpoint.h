#pragma once

// DELETE /api/v1/sessions/{session_id}: ends a session for good (API section 5).

#include "api/backend.h"
#include "http/router.h"

namespace livetape::api {

// The backend outlives the router.
void AddSessions(http::Router& router, const Backend& backend);

}  // namespace livetape::api
