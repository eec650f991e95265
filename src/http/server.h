#pragma once

// Server: listeners, event loops and HTTP/1.x sessions. One loop per core thread, each with its
// own listener on the same port (SO_REUSEPORT), its own connections and its own Streams.
//
// The owner (main thread) constructs, starts and stops it; handlers run on the loops' threads.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "http/origin.h"
#include "http/router.h"
#include "http/streams.h"
#include "http/websocket.h"
#include "metrics/registry.h"

namespace livetape::http {

struct ServerOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 8000;  // 0: any free one
  size_t threads = 1;
  size_t head_bytes_max = 16384;
  size_t body_bytes_max = 1048576;  // where the route does not say otherwise
  // Of bodies that a loop is receiving, together, and half of it of those of one client; then 503.
  size_t bodies_bytes_max = 268435456;
  // Of answers that their clients have not taken, of a loop together; who exceeds it is cut.
  size_t answers_bytes_max = 134217728;
  size_t connections_max = 20000;  // per process; more are closed at once, and counted
  // To send a whole request head; of a body, between two pieces of it.
  std::chrono::milliseconds head_timeout{10'000};
  std::chrono::milliseconds answer_timeout{60'000};  // of a DeferredReply, then 503
  std::chrono::milliseconds idle_timeout{60'000};    // between requests of a kept-alive connection
  std::chrono::milliseconds stall_timeout{30'000};   // without a byte accepted by the peer
  // A WebSocket that says nothing for so long is sent a ping, and closed after as long again.
  std::chrono::milliseconds websocket_ping{30'000};
  std::vector<std::string> hosts;            // OriginRules::hosts
  std::vector<std::string> cors_origins;     // OriginRules::cors_origins
  std::vector<std::string> trusted_proxies;  // TrustedProxies::Parse; checked by Bind
  bool log_requests = true;                  // a line for each finished request
  bool log_streams = false;                  // a line for each finished stream
};

// One event loop, as its users see it. Functions without a note belong to the loop's thread.
class EventLoop {
 public:
  virtual ~EventLoop() = default;
  // Any thread: runs `task` on the loop, in order of posting.
  virtual void Post(std::function<void()> task) = 0;
  // Runs `task` each `period`, until the loop ends. Before Start, or on the loop's thread. A loop
  // that is late skips beats.
  virtual void Every(std::chrono::milliseconds period, std::function<void()> task) = 0;
  // The loop's thread: runs `task` once, after `delay`; not at all if the loop ends before.
  virtual void After(std::chrono::nanoseconds delay, std::function<void()> task) = 0;
  virtual Streams& streams() = 0;
  virtual WebSockets& websockets() = 0;
};

class Server {
 public:
  // The references outlive the server; `log` also what reads `metrics`.
  Server(ServerOptions options, const Router& router, const base::Clock& clock,
         metrics::Registry& metrics, base::Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds, without accepting yet: until Start the kernel queues who connects. The error is one
  // clear line ("port 8000 on 127.0.0.1 is already in use; ..."). No port is ever shared with
  // another process.
  base::Result<void> Bind();
  // The bound port. After Bind.
  uint16_t port() const;

  size_t loop_count() const;
  EventLoop& loop(size_t index);

  // Starts the loops' threads and accepts. After Bind.
  void Start();
  // Closes the listeners and idle connections; requests in flight are finished, with
  // `Connection: close`. Returns at once.
  void StopAccepting();
  // Waits until every stream has ended and every answer is out, at most `patience`; then closes
  // what is left and joins the threads. True when nothing had to be cut.
  bool Join(std::chrono::milliseconds patience);

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace livetape::http
