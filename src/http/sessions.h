#pragma once

// Sessions: the HTTP/1.x connections of one event loop, from accept to close, or to the moment when
// one becomes a stream and is handed to the StreamTable. Owned by the loop's thread.
//
// A session reads one request, answers it, then reads the next; pipelined requests wait in its
// inbox. It reads nothing while its answer waits for the socket, so it never holds more than one
// request, one answer and one read of input.
//
//   accepted ──► reading ──► answering ──► reading ...      (kept alive)
//                   │            └───────► lingering ──► closed
//                   └──► handed over as a stream

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "http/connection_count.h"
#include "http/dispatch.h"
#include "http/loop_metrics.h"
#include "http/stream_table.h"
#include "http/unique_fd.h"

namespace boost::asio {
class io_context;
}

namespace livetape::http {

struct SessionLimits {
  size_t head_bytes_max;
  size_t body_bytes_max;
  std::chrono::milliseconds head_timeout;
  std::chrono::milliseconds idle_timeout;
  std::chrono::milliseconds stall_timeout;
};

// What a loop's sessions work with. The references outlive them.
struct SessionSurroundings {
  boost::asio::io_context& io;
  const Dispatcher& dispatcher;
  StreamTable& streams;
  ConnectionCount& connections;
  LoopMetrics& metrics;
  const base::Clock& clock;
  base::Log& log;
  size_t loop;  // index
};

class Sessions {
 public:
  Sessions(SessionSurroundings surroundings, SessionLimits limits);
  ~Sessions();

  // The socket does not block and is already counted as a connection.
  void Add(UniqueFd socket, std::string peer);

  // Closes those whose time is over. To be called several times per shortest timeout.
  void Sweep();
  // Closes idle ones; the others close after the answer to the request they are at.
  void Drain();
  void CloseAll();

 private:
  class Session;
  void Remove(size_t index);

  const SessionSurroundings surroundings_;
  const SessionLimits limits_;
  std::vector<std::shared_ptr<Session>> sessions_;  // each knows its index
  bool draining_ = false;
  const std::unique_ptr<char[]> scratch_;  // for one read
};

}  // namespace livetape::http
