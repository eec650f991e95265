#pragma once

// Paper accounts (API section 10): opening one, the list, and the kill switch.

#include "api/paper/paper_endpoints.h"
#include "http/router.h"

namespace livetape::api {

// `view` outlives the router.
void AddAccounts(http::Router& router, const PaperView& view);

}  // namespace livetape::api
