#pragma once

// Guard: puts the question who asks in front of a handler.

#include <functional>
#include <optional>
#include <utility>

#include "api/access/access.h"
#include "http/router.h"

namespace livetape::api {

using GuardedHandler =
    std::function<http::Reply(const http::Request& request, size_t loop, const Caller& caller)>;

// Route::admit of a route that Guard guards.
inline std::function<std::optional<http::Response>(const http::Request&)> Admission(
    const Access& access, auth::Permission permission,
    Access::Token token = Access::Token::kWhereConfigured) {
  return [&access, permission, token](const http::Request& head) -> std::optional<http::Response> {
    auto caller = access.Admit(head, permission, token);
    if (caller) return std::nullopt;
    return std::move(caller.error());
  };
}

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
