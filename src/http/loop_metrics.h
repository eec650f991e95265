#pragma once

// LoopMetrics: what one event loop counts. The cells' one writing thread is the loop's.

#include <array>
#include <cstdint>

#include "base/clock.h"
#include "metrics/registry.h"

namespace livetape::http {

struct LoopMetrics {
  explicit LoopMetrics(metrics::Registry& registry);

  // The answer's status, 200 to 599.
  void CountRequest(unsigned status);

  metrics::Gauge& connections;
  metrics::Counter& connections_refused;
  metrics::Counter& accept_errors;
  std::array<metrics::Counter*, 4> requests;  // 2xx to 5xx
  metrics::Gauge& body_bytes;
  metrics::Gauge& answer_bytes;
  metrics::Counter& answers_cut;
  metrics::Gauge& streams_open;
  metrics::Gauge& streams_pending;
  metrics::Counter& streams_opened;
  metrics::Counter& stream_sends;
  metrics::Counter& stream_bytes;
  metrics::Counter& streams_stalled;
  metrics::Counter& streams_flooding;
  metrics::Gauge& websockets_open;
  metrics::Counter& websockets_opened;
  metrics::Counter& websocket_messages_in;
  metrics::Counter& websocket_messages_out;
  metrics::Counter& websocket_bytes;
  metrics::Counter& websockets_slow;
  metrics::Counter& websockets_silent;
  metrics::Counter& websockets_stalled;
  metrics::Histogram& loop_seconds;
  uint64_t turns = 0;  // that loop_seconds has seen; the loop's own
};

// Measures one batch of work of the loop, from its construction to its end.
class TurnTimer {
 public:
  TurnTimer(LoopMetrics& metrics, const base::Clock& clock)
      : metrics_(metrics), clock_(clock), start_(clock.Mono()) {}
  TurnTimer(const TurnTimer&) = delete;
  TurnTimer& operator=(const TurnTimer&) = delete;
  ~TurnTimer() {
    ++metrics_.turns;
    metrics_.loop_seconds.Observe(std::chrono::duration<double>(clock_.Mono() - start_).count());
  }

 private:
  LoopMetrics& metrics_;
  const base::Clock& clock_;
  const base::MonoTime start_;
};

}  // namespace livetape::http
