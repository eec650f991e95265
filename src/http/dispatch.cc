#include "http/dispatch.h"

#include <exception>
#include <set>

namespace livetape::http {
namespace {

Response Refusal(unsigned status) {
  if (status == 421) {
    return Problem(421,
                   "the Host field does not name this server; names besides its address and "
                   "localhost go into server.hosts");
  }
  return Problem(403,
                 "this Origin is not allowed; origins of other sites go into "
                 "server.cors_origins");
}

Response NoContent(std::string allow) {
  Response response;
  response.status = 204;
  response.content_type.clear();
  response.headers.Add("Allow", std::move(allow));
  return response;
}

Response MethodNotAllowed(std::string allow) {
  Response response = Problem(405, "this path allows " + allow);
  response.headers.Add("Allow", std::move(allow));
  return response;
}

// For "OPTIONS *", which asks about the server as a whole.
std::string AllMethods(const Router& router) {
  std::set<std::string_view> methods = {"HEAD", "OPTIONS"};
  for (const Route& route : router.routes()) methods.insert(route.method);
  std::string all;
  for (const std::string_view method : methods) {
    if (!all.empty()) all += ", ";
    all += method;
  }
  return all;
}

}  // namespace

Answer Dispatcher::Dispatch(Request& request, size_t loop) const {
  Router::Match match = router_.Find(request.method, request.path);
  const bool stream = match.route != nullptr && match.route->stream;
  const OriginVerdict verdict = CheckOrigin(rules_, request, stream);
  const bool preflight = request.method == "OPTIONS";
  if (preflight && request.path == "*") match.allow = AllMethods(router_);

  Answer answer;
  answer.head_only = request.method == "HEAD";
  answer.fields = CorsHeaders(verdict, preflight ? match.allow : "");
  if (verdict.refuse != 0) {
    answer.reply = Refusal(verdict.refuse);
  } else if (match.allow.empty()) {
    answer.reply = Problem(404, "there is nothing at this path");
  } else if (preflight) {
    answer.reply = NoContent(std::move(match.allow));
  } else if (match.route == nullptr) {
    answer.reply = MethodNotAllowed(std::move(match.allow));
  } else {
    request.args = std::move(match.args);
    answer.reply = Call(*match.route, request, loop);
  }
  return answer;
}

Reply Dispatcher::Call(const Route& route, const Request& request, size_t loop) const {
  try {
    return route.handler(request, loop);
  } catch (const std::exception& error) {
    return HandlerFailed(log_, request, error);
  }
}

Response HandlerFailed(base::Log& log, const Request& request, const std::exception& error) {
  log.Error("{} {} failed: {}", request.method, request.path, error.what());
  return Problem(500, "the server failed on this request; its log says why");
}

}  // namespace livetape::http
