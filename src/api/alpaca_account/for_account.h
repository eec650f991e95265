#pragma once

// ForAccount: puts the question which account a request is for in front of a handler of the Alpaca
// family.

#include <functional>
#include <utility>

#include "api/paper/account_access.h"
#include "http/router.h"

namespace livetape::api {

using AccountHandler =
    std::function<http::Reply(const http::Request& request, size_t loop, AccountWish account)>;

// `handler` for those whose account is known; others get Alpaca's 401 or 403. `access` outlives it.
inline http::Handler ForAccount(const AccountAccess& access, AccountHandler handler) {
  return [&access, handler = std::move(handler)](const http::Request& request,
                                                 size_t loop) -> http::Reply {
    auto account = access.OfAlpaca(request);
    if (!account) return std::move(account.error());
    return handler(request, loop, *std::move(account));
  };
}

}  // namespace livetape::api
