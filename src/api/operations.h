#pragma once

// Operations (API section 11): health, readiness, metrics, and the description of it all.

#include <functional>
#include <string>

#include "api/backend.h"
#include "http/router.h"

namespace livetape::api {

// `ready` may be called by any loop's thread.
void AddOperations(http::Router& router, const Backend& backend, std::function<bool()> ready);

// /openapi.json, made from the routes themselves. To be added last. `cookie`: in which a browser may
// carry its token.
void AddOpenApi(http::Router& router, std::string cookie);

}  // namespace livetape::api
