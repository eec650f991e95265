#include "http/server.h"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "http/dispatch.h"
#include "http/listen_socket.h"
#include "http/loop.h"

namespace livetape::http {

// Main thread, but for `mutex` and what it guards.
struct Server::State {
  State(ServerOptions given, const Router& router, const base::Clock& clock,
        metrics::Registry& metrics, base::Log& log)
      : options(std::move(given)),
        dispatcher(router, rules, log),
        access_log(log, options.log_requests, options.log_streams) {
    LT_ASSERT(options.threads > 0);
    metrics.AddComputed("livetape_log_lines_dropped_total",
                        "Access lines dropped because stderr's reader was too slow.",
                        [&log] { return static_cast<double>(log.dropped()); });
    const LoopSurroundings surroundings{options,     dispatcher, proxies, access_log,
                                        connections, metrics,    clock,   log};
    for (size_t i = 0; i < options.threads; ++i) {
      loops.push_back(std::make_unique<Loop>(surroundings, i));
    }
  }

  void LoopIsEmpty() {
    const std::scoped_lock lock(mutex);
    ++empty_loops;
    changed.notify_one();
  }

  const ServerOptions options;
  OriginRules rules;       // complete after Bind, read-only from Start
  TrustedProxies proxies;  // likewise
  const Dispatcher dispatcher;
  const AccessLog access_log;
  std::atomic<size_t> connections = 0;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::thread> threads;
  uint16_t port = 0;
  bool draining = false;

  std::mutex mutex;
  std::condition_variable changed;
  size_t empty_loops = 0;
};

Server::Server(ServerOptions options, const Router& router, const base::Clock& clock,
               metrics::Registry& metrics, base::Log& log)
    : state_(std::make_unique<State>(std::move(options), router, clock, metrics, log)) {}

Server::~Server() { Join(std::chrono::milliseconds(0)); }

base::Result<void> Server::Bind() {
  auto proxies = TrustedProxies::Parse(state_->options.trusted_proxies);
  if (!proxies) return std::unexpected(proxies.error());
  state_->proxies = std::move(*proxies);
  auto listening = Listen(state_->options.host, state_->options.port, state_->loops.size(),
                          state_->options.stall_timeout);
  if (!listening) return std::unexpected(listening.error());
  for (size_t i = 0; i < state_->loops.size(); ++i) {
    state_->loops[i]->Listen(std::move(listening->sockets[i]));
  }
  state_->port = listening->port;
  state_->rules = {listening->addresses, listening->port, state_->options.hosts,
                   state_->options.cors_origins, listening->loopback};
  return {};
}

uint16_t Server::port() const { return state_->port; }

size_t Server::loop_count() const { return state_->loops.size(); }

EventLoop& Server::loop(size_t index) { return *state_->loops.at(index); }

void Server::Start() {
  LT_ASSERT(state_->port != 0, "Start before Bind");
  LT_ASSERT(state_->threads.empty(), "Start twice");
  for (size_t i = 0; i < state_->loops.size(); ++i) {
    state_->threads.emplace_back([loop = state_->loops[i].get()] { loop->Run(); });
    pthread_setname_np(state_->threads.back().native_handle(),
                       ("http-" + std::to_string(i)).c_str());
  }
}

void Server::StopAccepting() {
  if (state_->threads.empty() || std::exchange(state_->draining, true)) return;
  for (const auto& loop : state_->loops) {
    loop->Drain([state = state_.get()] { state->LoopIsEmpty(); });
  }
}

bool Server::Join(std::chrono::milliseconds patience) {
  if (state_->threads.empty()) return true;
  StopAccepting();
  bool all_empty = false;
  {
    std::unique_lock lock(state_->mutex);
    all_empty = state_->changed.wait_for(
        lock, patience, [this] { return state_->empty_loops == state_->loops.size(); });
  }
  for (const auto& loop : state_->loops) loop->Stop();
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
  return all_empty;
}

}  // namespace livetape::http
