#pragma once

// RequestParser: the bytes of one HTTP/1.x request as a Request, or the status that refuses them.
//
// Beast's grammar (RFC 9112), with our limits and the rules against request smuggling on top.
// Without a socket, so that tests and fuzzers feed it directly. One thread.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

namespace livetape::http {

class RequestParser {
 public:
  struct Limits {
    size_t head_bytes;  // more: 431, or 414 when the request line alone does not end before it
    size_t body_bytes;  // more, announced or sent: 413
  };
  // Limits::body_bytes of one request, by its head; 0: the usual.
  using BodyLimit = std::function<size_t(const Request& head)>;
  enum class Progress { kHead, kBody, kDone, kRefused };

  // `body_limit` outlives the parser; null: the usual for all.
  explicit RequestParser(Limits limits, const BodyLimit* body_limit = nullptr);
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;
  ~RequestParser();

  // Takes what it can from the front of `bytes`, all that is there and not yet taken; returns how
  // many it took. The rest belongs to the next call, or after kDone to the next request. Not to
  // be called after kDone or kRefused.
  size_t Put(std::string_view bytes);
  Progress progress() const;

  // After kRefused: what to answer. The connection is of no more use.
  unsigned refusal_status() const;
  std::string_view refusal_detail() const;

  // From kBody on: the client waits for `100 Continue` before it sends the body.
  bool expects_continue() const;
  // From kBody on: the connection may serve another request.
  bool keep_alive() const;

  // Forgets what has come of the body: the limits count on from there. kBody, or before Take.
  void ClearBody();

  // What is known of the request so far.
  const Request& request() const;
  // After kDone, once. `args` and `peer` are left empty.
  Request Take();

 private:
  class Grammar;
  std::unique_ptr<Grammar> grammar_;
};

}  // namespace livetape::http
