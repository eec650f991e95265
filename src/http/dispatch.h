#pragma once

// Dispatcher: what a complete request is answered with: the Host and Origin rules, then the route's
// handler, then CORS (API sections 7 and 8). Without a socket.
//
// Read-only after construction; any thread.

#include <cstddef>
#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>

#include "base/log.h"
#include "http/body_sink.h"
#include "http/message.h"
#include "http/origin.h"
#include "http/router.h"

namespace livetape::http {

struct Answer {
  Reply reply;
  Headers fields;          // Vary and CORS, for every kind of reply
  bool head_only = false;  // HEAD: the body, or the stream, stays here
};

class Dispatcher {
 public:
  // The references outlive the dispatcher.
  Dispatcher(const Router& router, const OriginRules& rules, base::Log& log)
      : router_(router), rules_(rules), log_(log) {}

  // Fills in request.args. A handler's std::exception becomes a 500 and a line in the log. The reply
  // to HEAD of a stream is never a DeferredReply.
  Answer Dispatch(Request& request, size_t loop) const;

  // What a request is answered with whose head is complete and whose body need not come; nothing if
  // it is to be sent.
  std::optional<Answer> RefuseHead(Request head) const;

  // As Dispatch, for a route with a BodyStart: the sink of a request whose head is complete, or what it
  // is answered with instead, a Response; then the answer to the whole request.
  std::expected<std::unique_ptr<BodySink>, Answer> OpenBody(Request head, size_t loop) const;
  Answer FinishBody(Request& request, BodySink& sink) const;
  // The body of a request with that head goes into a sink.
  bool StreamsBody(const Request& head) const;

  // Answer::fields for a request that is refused before it is whole, by what is known of its head.
  Headers FieldsOf(const Request& head) const {
    return CorsHeaders(CheckOrigin(rules_, head, false));
  }

  // What goes out for an answer to a request of that path: Router::InFormOf.
  Response Formed(std::string_view path, Response response) const {
    return router_.InFormOf(path, std::move(response));
  }

  // Route::body_bytes_max of the route that the head of a request asks for; 0 without one. Of a
  // body that goes into a sink: no bound.
  size_t BodyBytesMax(const Request& head) const;

 private:
  struct Checked {
    Answer answer{};               // without a route: complete
    const Route* route = nullptr;  // which is to answer
  };
  Checked Check(Request& request) const;
  Reply Call(const Route& route, const Request& request, size_t loop) const;

  const Router& router_;
  const OriginRules& rules_;
  base::Log& log_;
};

// The answer for an exception that came out of a handler, a deferred answer's beginning or a
// stream's opening.
Response HandlerFailed(base::Log& log, std::string_view method, std::string_view path,
                       const std::exception& error);

}  // namespace livetape::http
