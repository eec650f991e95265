#include "http/dispatch.h"

#include <limits>
#include <set>
#include <utility>

#include "base/assert.h"
#include "http/field_text.h"
#include "http/websocket_handshake.h"

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

// A body that comes whole is taken as it is; only routes with a BodySink look at its coding.
bool CodedBody(const Request& request) {
  const auto coding = request.headers.Find("Content-Encoding");
  return coding && !request.body.empty() && !EqualsIgnoringCase(*coding, "identity");
}

// RFC 9110, section 15.5.16.
Response UnsupportedCoding() {
  Response response =
      Problem(415, "no Content-Encoding is understood here: send the body as it is");
  response.headers.Add("Accept-Encoding", "identity");
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

Dispatcher::Checked Dispatcher::Check(Request& request) const {
  Router::Match match = router_.Find(request.method, request.path);
  const bool stream = match.route != nullptr && match.route->stream;
  // A page reads a WebSocket whatever its answer's header fields say: as of a stream, the answer to
  // a foreign one is no.
  const OriginVerdict verdict = CheckOrigin(rules_, request, stream || AsksForWebSocket(request));
  request.foreign_origin =
      request.headers.Find("Origin").has_value() && verdict.allow_origin.empty();
  const bool preflight = request.method == "OPTIONS";
  if (preflight && request.path == "*") match.allow = AllMethods(router_);

  Checked checked;
  Answer& answer = checked.answer;
  answer.head_only = request.method == "HEAD";
  answer.fields = CorsHeaders(verdict, preflight ? match.allow : "");
  if (verdict.refuse != 0) {
    answer.reply = Refusal(verdict.refuse);
  } else if (match.route == nullptr && match.allow.empty()) {
    answer.reply = Problem(404, "there is nothing at this path");
  } else if (preflight) {
    answer.reply = NoContent(std::move(match.allow));
  } else if (match.route == nullptr) {
    answer.reply = MethodNotAllowed(std::move(match.allow));
  } else {
    request.args = std::move(match.args);
    checked.route = match.route;
  }
  return checked;
}

Answer Dispatcher::Dispatch(Request& request, size_t loop) const {
  Checked checked = Check(request);
  Answer answer = std::move(checked.answer);
  if (checked.route == nullptr) return answer;
  LT_ASSERT(checked.route->handler != nullptr, "{} {}", request.method, request.path);
  answer.reply =
      CodedBody(request) ? Reply(UnsupportedCoding()) : Call(*checked.route, request, loop);
  // What a stream is opened with is asked for, and counted, for those who read it.
  const bool unread = answer.head_only && checked.route->stream;
  if (unread && std::holds_alternative<DeferredReply>(answer.reply)) answer.reply = StreamStart();
  return answer;
}

std::optional<Answer> Dispatcher::RefuseHead(Request head) const {
  Checked checked = Check(head);
  if (checked.route == nullptr) return std::move(checked.answer);
  if (checked.route->admit == nullptr) return std::nullopt;
  try {
    auto refused = checked.route->admit(head);
    if (!refused) return std::nullopt;
    checked.answer.reply = *std::move(refused);
  } catch (const std::exception& error) {
    checked.answer.reply = HandlerFailed(log_, head.method, head.path, error);
  }
  return std::move(checked.answer);
}

std::expected<std::unique_ptr<BodySink>, Answer> Dispatcher::OpenBody(Request head,
                                                                      size_t loop) const {
  Checked checked = Check(head);
  if (checked.route == nullptr) return std::unexpected(std::move(checked.answer));
  try {
    auto sink = checked.route->body(head, loop);
    if (sink) return *std::move(sink);
    checked.answer.reply = std::move(sink.error());
  } catch (const std::exception& error) {
    checked.answer.reply = HandlerFailed(log_, head.method, head.path, error);
  }
  return std::unexpected(std::move(checked.answer));
}

Answer Dispatcher::FinishBody(Request& request, BodySink& sink) const {
  Checked checked = Check(request);
  if (checked.route == nullptr) return std::move(checked.answer);
  try {
    checked.answer.reply = sink.Finish();
  } catch (const std::exception& error) {
    checked.answer.reply = HandlerFailed(log_, request.method, request.path, error);
  }
  return std::move(checked.answer);
}

bool Dispatcher::StreamsBody(const Request& head) const {
  if (head.method == "GET" || head.method == "HEAD") return false;
  const Router::Match match = router_.Find(head.method, head.path);
  return match.route != nullptr && match.route->body != nullptr;
}

size_t Dispatcher::BodyBytesMax(const Request& head) const {
  const Router::Match match = router_.Find(head.method, head.path);
  if (match.route == nullptr) return 0;
  if (match.route->body != nullptr) return std::numeric_limits<size_t>::max();
  return match.route->body_bytes_max;
}

Reply Dispatcher::Call(const Route& route, const Request& request, size_t loop) const {
  try {
    return route.handler(request, loop);
  } catch (const std::exception& error) {
    return HandlerFailed(log_, request.method, request.path, error);
  }
}

Response HandlerFailed(base::Log& log, std::string_view method, std::string_view path,
                       const std::exception& error) {
  log.Error("{} {} failed: {}", method, path, error.what());
  return Problem(500, "the server failed on this request; its log says why");
}

}  // namespace livetape::http
