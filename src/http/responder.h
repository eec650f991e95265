#pragma once

// Responder: the door through which a deferred answer comes back to the connection that waits.
//
// Copyable, and may be carried through and dropped by any thread; Send belongs to the thread of the
// loop that made it. It keeps no connection alive and dangles never: when the connection has gone,
// or has been told 503 because the answer took too long, Send does nothing.

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <variant>

#include "http/message.h"
#include "http/streams.h"

namespace livetape::http {

class Responder {
 public:
  using Answer = std::variant<Response, StreamStart>;

  // Who waits: a session, or a test.
  class Taker {
   public:
    virtual ~Taker() = default;
    // `request` tells this request from others on the same connection.
    virtual void TakeAnswer(uint64_t request, Answer answer) = 0;
  };

  Responder(std::weak_ptr<Taker> taker, uint64_t request)
      : taker_(std::move(taker)), request_(request) {}

  // The first call counts. A StreamStart opens its stream from inside this call.
  void Send(Answer answer) const {
    if (const auto taker = taker_.lock()) taker->TakeAnswer(request_, std::move(answer));
  }

 private:
  std::weak_ptr<Taker> taker_;
  uint64_t request_;
};

// A handler's answer that comes later. `begin` is called once, on the loop's thread, right after
// the handler has returned, and never for HEAD of a stream; it may Send from inside. The request is gone by
// then: capture what is needed of it. Without an answer after ServerOptions::answer_timeout the
// client gets 503.
struct DeferredReply {
  std::function<void(Responder)> begin;
};

}  // namespace livetape::http
