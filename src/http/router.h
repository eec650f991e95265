#pragma once

// Router: which handler answers which method and path, and the documentation of each.
//
// Built before the server starts, then read-only and shared by all loops. Routes carry their own
// description, so that /openapi.json is made from what is really served.

#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/message.h"
#include "http/responder.h"
#include "http/streams.h"
#include "http/websocket.h"

namespace livetape::http {

// HEAD of a stream that defers gets the head of a stream without asking for its opening.
using Reply = std::variant<Response, StreamStart, DeferredReply, WebSocketStart>;

// `loop` is the index of the event loop that runs the handler, from 0.
using Handler = std::function<Reply(const Request& request, size_t loop)>;

class BodySink;
// Opens the sink for a body when the request's head is complete, before the client is told to send
// it; or refuses the request.
using BodyStart = std::function<std::expected<std::unique_ptr<BodySink>, Response>(
    const Request& head, size_t loop)>;

// One parameter of an operation, for the documentation.
struct ParameterDoc {
  std::string name;
  std::string in;  // "path", "query" or "header"
  std::string description;
  std::string type = "string";  // of JSON Schema, or the name of one of the API's schemas
  bool required = false;
};

// A form that a request's body may have. `schema`: the name of one of the API's schemas.
struct RequestDoc {
  std::string schema;
  std::string content_type = "application/json";
};

struct ResponseDoc {
  unsigned status = 200;
  std::string content_type;
  std::string description;
  std::string schema{};  // the name of one of the API's schemas
};

struct Route {
  std::string method;   // "GET", "POST", ...
  std::string pattern;  // "/sse/{symbol}": a {name} is one whole segment
  std::string summary;
  std::vector<ParameterDoc> parameters;
  std::vector<RequestDoc> request{};  // empty: there is no body
  std::vector<ResponseDoc> responses;
  bool stream = false;        // answers with a stream: HEAD gives its head without opening one
  size_t body_bytes_max = 0;  // a longer body gets 413; 0: ServerOptions::body_bytes_max
  // Asked once the head is there, of a body that is longer than what comes with it: the answer to who
  // need not send it. Null: all may.
  std::function<std::optional<Response>(const Request& head)> admit{};
  Handler handler;
  // Instead of a handler: the body goes into a sink, without a limit of its length (body_sink.h).
  BodyStart body{};
};

class Router {
 public:
  // A static segment beats a {parameter}; the same method and pattern twice is a bug.
  void Add(Route route);

  struct Match {
    const Route* route = nullptr;   // null: see `allow`
    std::vector<std::string> args;  // percent-decoded
    std::string allow;  // without a route, for 405 and OPTIONS; empty: no such path, 404
  };
  // HEAD finds the GET route. OPTIONS never finds a route, but fills `allow`.
  Match Find(std::string_view method, std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }

  // How a family of paths says what is wrong, where that is not application/problem+json. `form`
  // makes its answer of the status and detail of a Problem; header fields stay.
  using ErrorForm = Response (*)(unsigned status, std::string_view detail);
  void SetErrorForm(std::string path_prefix, ErrorForm form);
  // A Problem in the form of the path's family; anything else as it is.
  Response InFormOf(std::string_view path, Response response) const;

 private:
  struct Segment {
    std::string text;
    bool parameter = false;  // stands for any text but the empty one
  };
  struct Way {
    size_t route = 0;  // in routes_
    std::vector<Segment> segments;
  };
  // One segment of a path as it was asked for, percent-decoded if need be.
  class Asked;

  static bool Matches(const Way& way, const std::vector<Asked>& asked);
  static bool MoreSpecific(const Way& a, const Way& b);
  std::string Allow(const std::vector<Asked>& asked) const;
  // Those with `segments` segments.
  const std::vector<Way>& WaysOf(size_t segments) const;

  std::vector<Route> routes_;
  std::vector<std::vector<Way>> ways_;  // by number of segments
  std::vector<std::pair<std::string, ErrorForm>> error_forms_;
};

}  // namespace livetape::http
