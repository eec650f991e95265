#pragma once

// Loop: one event loop with its listener, sessions and streams, and the thread-safe door to it.
//
// Built on the main thread. Between Start and the end of Run its parts belong to the thread that
// runs it; Post, Drain and Stop may be called by any thread.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "http/access_log.h"
#include "http/dispatch.h"
#include "http/server.h"
#include "http/trusted_proxies.h"
#include "http/unique_fd.h"

namespace livetape::http {

// What all loops of a server share. The references outlive the loops.
struct LoopSurroundings {
  const ServerOptions& options;
  const Dispatcher& dispatcher;
  const TrustedProxies& proxies;
  const AccessLog& access_log;
  std::atomic<size_t>& connections;  // of the process
  metrics::Registry& metrics;
  const base::Clock& clock;
  base::Log& log;
};

class Loop final : public EventLoop {
 public:
  Loop(const LoopSurroundings& surroundings, size_t index);
  ~Loop() override;

  void Post(std::function<void()> task) override;
  void Every(std::chrono::milliseconds period, std::function<void()> task) override;
  void After(std::chrono::nanoseconds delay, std::function<void()> task) override;
  Streams& streams() override;
  WebSockets& websockets() override;

  // Before Run: the socket to accept from.
  void Listen(UniqueFd socket);
  // Handles events on the calling thread until Stop.
  void Run();
  // Accepts no more and closes what is idle; `none_left` is called once, on the loop's thread, when
  // the last connection is gone.
  void Drain(std::function<void()> none_left);
  // Closes what is left; Run returns.
  void Stop();

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace livetape::http
