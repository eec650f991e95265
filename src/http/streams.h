#pragma once

// Streams: the open streaming responses of one event loop. Owned by that loop's thread.
//
// Broadcast is the hot path of the whole system: one non-blocking send() of a shared buffer per
// stream. A stream that only listens holds a socket and a slot: no parser, no read buffer, no copy.
//
// Invariants:
//  1. A stream has at most one pending frame: the rest of what its socket did not take. While it
//     has one, what else is sent to it is kRefused.
//  2. Writability is watched exactly while a frame is pending or after a send was kRefused.
//  3. After OnClosed a StreamId never names a stream again.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/chunk_frame.h"
#include "base/stream_id.h"

namespace livetape::http {

using base::SendOutcome;
using base::StreamId;

// What a stream's owner is told, on the loop's thread, never from inside a call to Streams.
class StreamObserver {
 public:
  virtual ~StreamObserver() = default;
  // All that was handed over has been accepted by the socket: after a kPending or kRefused, and
  // once after the opening bytes.
  virtual void OnWritable(StreamId stream) = 0;
  // The peer went away, or the stream broke or was cut. Not called after End or Abort, nor for
  // what is left when the server stops.
  virtual void OnClosed(StreamId stream) = 0;
};

class Streams {
 public:
  virtual ~Streams() = default;

  // Sends `frame` to each stream without blocking. Appends one outcome per stream.
  virtual void Broadcast(const base::ChunkFrame& frame, std::span<const StreamId> streams,
                         std::vector<SendOutcome>& outcomes) = 0;

  // Sends `last` if it is not empty, the end of the chunked body, and closes when all is out or
  // the peer has gone; a pending frame goes first. At once out of the count of open streams.
  virtual void End(StreamId stream, std::string_view last) = 0;

  // Drops the connection now, with what is pending.
  virtual void Abort(StreamId stream) = 0;

  virtual size_t open() const = 0;
};

// A handler's answer that opens a stream: 200 and the stream's head, then `open`'s bytes.
struct StreamStart {
  std::string content_type = "text/event-stream; charset=utf-8";
  StreamObserver* observer = nullptr;  // outlives the stream
  // Called on the loop's thread, once, and never for HEAD: only here may opening a stream have
  // effects. The bytes it returns leave in one write with the head; End may be called from inside.
  std::function<std::string(StreamId)> open;
};

}  // namespace livetape::http
