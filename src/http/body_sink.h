#pragma once

// BodySink: where the body of one request goes, piece by piece as it comes, for routes whose bodies
// have no bound. Of one request; the loop's thread.
//
//   Route::body ──► sink ──► Put ... Put ──► Finish ──► the answer
//                             └ full: the connection is not read until BodyFlow::Resume
//
// A client that goes away, or is too slow, destroys the sink without Finish.

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "http/message.h"
#include "http/router.h"

namespace livetape::http {

// How a sink that was full asks for more. Copyable, and may be carried through and dropped by any
// thread, as a Responder; Resume belongs to the loop's thread.
class BodyFlow {
 public:
  // Whose reading is paused: a session, or a test.
  class Source {
   public:
    virtual ~Source() = default;
    // `request` tells this request from others on the same connection.
    virtual void ResumeBody(uint64_t request) = 0;
  };

  BodyFlow(std::weak_ptr<Source> source, uint64_t request)
      : source_(std::move(source)), request_(request) {}

  // Not from inside of Put. Does nothing when the connection has gone or reads anyway.
  void Resume() const {
    if (const auto source = source_.lock()) source->ResumeBody(request_);
  }

 private:
  std::weak_ptr<Source> source_;
  uint64_t request_;
};

class BodySink {
 public:
  enum class Room { kMore, kFull };

  virtual ~BodySink() = default;
  // Takes all of `bytes`, which are gone afterwards. kFull: a Resume must follow, or the client gets
  // 503 after ServerOptions::answer_timeout. The error is the answer; no more is read then.
  virtual std::expected<Room, Response> Put(std::string_view bytes, const BodyFlow& flow) = 0;
  // The body is complete. The sink is destroyed right after.
  virtual Reply Finish() = 0;
};

}  // namespace livetape::http
