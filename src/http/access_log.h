#pragma once

// AccessLog: one line of the log for each finished request, stream and WebSocket, as fields. Any
// thread.
//
//   request method=GET path=/readyz status=200 bytes=143 ms=0.071 peer=127.0.0.1
//   stream method=GET path=/sse/AAPL status=200 frames=61 bytes=2931 ms=60007.113 peer=... end=left
//   websocket path=/stream messages=3 bytes=1931 ms=60007.113 peer=127.0.0.1 end=left
//
// The query is left out, because tokens travel in it. `bytes` are those that the socket took, heads
// and chunk heads included; `ms` runs from the request's first byte to the last of the answer.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "http/message.h"

namespace livetape::http {

// What a line tells of a request, kept while its answer or its stream is under way.
struct Exchange {
  std::string method;
  std::string path;  // without query, as sent; what is over 256 bytes is cut off and marked "..."
  std::string peer;
  base::MonoTime began;
};
// Takes the texts out of `request`.
Exchange ExchangeOf(Request&& request, base::MonoTime began);
Exchange ExchangeOf(const Request& request, base::MonoTime began);

class AccessLog {
 public:
  // `log` outlives this.
  AccessLog(base::Log& log, bool requests, bool streams)
      : log_(log), requests_(requests), streams_(streams) {}

  bool requests() const { return requests_; }
  bool streams() const { return streams_; }

  // To be called only if requests() or streams().
  void WriteRequest(const Exchange& exchange, unsigned status, uint64_t bytes,
                    base::MonoTime now) const;
  // `end`: one word for why it is over: left, ended, aborted, stalled, flooding, stopped.
  void WriteStream(const Exchange& exchange, uint64_t frames, uint64_t bytes, std::string_view end,
                   base::MonoTime now) const;
  // A WebSocket: `messages` and `bytes` are those it was sent. `end` is one of left, ended, slow,
  // stalled, silent, too-big, protocol, stopped.
  void WriteWebSocket(const Exchange& exchange, uint64_t messages, uint64_t bytes,
                      std::string_view end, base::MonoTime now) const;

 private:
  base::Log& log_;
  const bool requests_;
  const bool streams_;
};

}  // namespace livetape::http
