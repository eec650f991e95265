#pragma once

// Guard: puts the question who asks in front of a handler.

#include <functional>

#include "api/access/access.h"
#include "http/router.h"

namespace livetape::api {

using GuardedHandler =
    std::function<http::Reply(const http::Request& request, size_t loop, const Caller& caller)>;

// `handler` for callers with `permission`; others get 401 or 403. `access` outlives it.
inline http::Handler Guard(const Access& access, auth::Permission permission,
                           GuardedHandler handler,
                           Access::Token token = Access::Token::kWhereConfigured) {
  return [&access, permission, token, handler = std::move(handler)](const http::Request& request,
                                                                    size_t loop) -> http::Reply {
    const auto caller = access.Admit(request, permission, token);
    if (!caller) return caller.error();
    return handler(request, loop, *caller);
  };
}

}  // namespace livetape::api
