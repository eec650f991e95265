#include "http/loop.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "http/connection_count.h"
#include "http/listener.h"
#include "http/loop_metrics.h"
#include "http/sessions.h"
#include "http/stream_table.h"
#include "http/websocket_table.h"

namespace livetape::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Only one thread touches the sockets and timers of a loop; others post.
constexpr int kOneThread = BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO;

SessionLimits LimitsOf(const ServerOptions& options) {
  return {options.head_bytes_max,    options.body_bytes_max, options.bodies_bytes_max,
          options.answers_bytes_max, options.head_timeout,   options.idle_timeout,
          options.stall_timeout,     options.answer_timeout};
}

// Four looks at the shortest of the timeouts, and at least one a second.
std::chrono::milliseconds SweepPeriod(const ServerOptions& options) {
  const auto shortest = std::min(
      {options.head_timeout, options.idle_timeout, options.stall_timeout, options.answer_timeout});
  return std::clamp<std::chrono::milliseconds>(shortest / 4, 5ms, 1s);
}

}  // namespace

struct Loop::Parts {
  // A task that comes back; it keeps its rhythm, and skips beats that it has missed.
  struct Repeater {
    asio::steady_timer timer;
    std::chrono::milliseconds period;
    std::function<void()> task;
  };

  Parts(const LoopSurroundings& surroundings, size_t index)
      : clock(surroundings.clock),
        log(surroundings.log),
        metrics(surroundings.metrics),
        connections(surroundings.connections, surroundings.options.connections_max, metrics),
        streams(io, clock, surroundings.options.stall_timeout, connections, metrics,
                surroundings.access_log),
        websockets({io, clock, connections, metrics, surroundings.access_log, log},
                   {surroundings.options.websocket_ping, surroundings.options.stall_timeout}),
        sessions({io, surroundings.dispatcher, surroundings.proxies, streams, websockets,
                  connections, metrics, surroundings.access_log, clock, log, index},
                 LimitsOf(surroundings.options)) {}

  void Arm(Repeater& repeater) {
    repeater.timer.async_wait([this, &repeater](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      {
        const TurnTimer turn(metrics, clock);
        repeater.task();
      }
      if (stopping) return;
      const auto next = repeater.timer.expiry() + repeater.period;
      const auto now = asio::steady_timer::clock_type::now();
      repeater.timer.expires_at(next > now ? next : now + repeater.period);
      Arm(repeater);
    });
  }

  const base::Clock& clock;
  base::Log& log;
  asio::io_context io{kOneThread};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  LoopMetrics metrics;
  ConnectionCount connections;
  StreamTable streams;
  WebSocketTable websockets;
  Sessions sessions;
  std::optional<Listener> listener;
  std::list<Repeater> repeaters;
  bool stopping = false;
};

Loop::Loop(const LoopSurroundings& surroundings, size_t index)
    : parts_(std::make_unique<Parts>(surroundings, index)) {
  Every(SweepPeriod(surroundings.options), [this] {
    parts_->sessions.Sweep();
    parts_->streams.Sweep();
    parts_->websockets.Sweep();
  });
}

Loop::~Loop() = default;

void Loop::Post(std::function<void()> task) {
  asio::post(parts_->io, [this, task = std::move(task)] {
    const TurnTimer turn(parts_->metrics, parts_->clock);
    task();
  });
}

void Loop::Every(std::chrono::milliseconds period, std::function<void()> task) {
  auto& repeater = parts_->repeaters.emplace_back(asio::steady_timer(parts_->io, period), period,
                                                  std::move(task));
  parts_->Arm(repeater);
}

void Loop::After(std::chrono::nanoseconds delay, std::function<void()> task) {
  const auto timer = std::make_shared<asio::steady_timer>(parts_->io, delay);
  timer->async_wait([this, timer, task = std::move(task)](const boost::system::error_code& error) {
    if (error) return;
    const TurnTimer turn(parts_->metrics, parts_->clock);
    task();
  });
}

Streams& Loop::streams() { return parts_->streams; }

WebSockets& Loop::websockets() { return parts_->websockets; }

void Loop::Listen(UniqueFd socket) {
  parts_->listener.emplace(parts_->io, std::move(socket), parts_->clock, parts_->metrics,
                           parts_->log, [this](UniqueFd accepted, std::string peer) {
                             if (!parts_->connections.Add()) return;
                             parts_->sessions.Add(std::move(accepted), std::move(peer));
                           });
}

void Loop::Run() {
  if (parts_->listener) parts_->listener->Start();
  parts_->io.run();
}

void Loop::Drain(std::function<void()> none_left) {
  asio::post(parts_->io, [this, none_left = std::move(none_left)] {
    parts_->listener->Close();
    parts_->streams.Drain();
    parts_->websockets.Drain();
    parts_->sessions.Drain();
    parts_->connections.WhenNone(none_left);
  });
}

void Loop::Stop() {
  asio::post(parts_->io, [this] {
    parts_->stopping = true;
    parts_->sessions.CloseAll();
    parts_->streams.CloseAll();
    parts_->websockets.CloseAll();
    for (auto& repeater : parts_->repeaters) repeater.timer.cancel();
    parts_->work.reset();  // Run returns after the last handler
  });
}

}  // namespace livetape::http
