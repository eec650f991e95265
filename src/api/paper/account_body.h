#pragma once

// The bodies of POST /api/v1/accounts and PUT /api/v1/accounts/{name}/state. Pure functions.

#include <string_view>

#include "api/body/body_error.h"
#include "api/paper/account_change.h"
#include "floor/account_settings.h"

namespace livetape::api {

// What is missing is as in `usual`; an unknown field is an error. The profile has no key yet.
BodyResult<AccountProfile> ParseAccountBody(std::string_view body, const AccountProfile& usual);

// {"state":"ACTIVE|REDUCING|HALTED"}
BodyResult<floor::AccountState> ParseStateBody(std::string_view body);

}  // namespace livetape::api
