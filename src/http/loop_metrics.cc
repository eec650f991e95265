#include "http/loop_metrics.h"

#include <algorithm>

namespace livetape::http {
namespace {

metrics::Counter* Requests(metrics::Registry& registry, std::string_view labels) {
  return &registry.AddCounter("livetape_http_requests_total",
                              "Answered requests, streams included.", labels);
}

metrics::Counter& Cut(metrics::Registry& registry, std::string_view labels) {
  return registry.AddCounter(
      "livetape_streams_cut_total",
      "Streams closed: took no byte for too long (stalled), sent us over 64 KiB (flooding).",
      labels);
}

metrics::Counter& Messages(metrics::Registry& registry, std::string_view labels) {
  return registry.AddCounter("livetape_websocket_messages_total", "Messages over WebSockets.",
                             labels);
}

metrics::Counter& CutWebSockets(metrics::Registry& registry, std::string_view labels) {
  return registry.AddCounter("livetape_websockets_cut_total",
                             "WebSockets closed: outbox over 1 MiB (slow), no pong (silent), took "
                             "nothing for too long (stalled).",
                             labels);
}

}  // namespace

LoopMetrics::LoopMetrics(metrics::Registry& registry)
    : connections(
          registry.AddGauge("livetape_http_connections", "Open connections, streams included.")),
      connections_refused(registry.AddCounter("livetape_http_connections_refused_total",
                                              "Connections closed at once, over the limit.")),
      accept_errors(registry.AddCounter("livetape_http_accept_errors_total",
                                        "Connections that could not be accepted.")),
      requests{Requests(registry, R"(status="2xx")"), Requests(registry, R"(status="3xx")"),
               Requests(registry, R"(status="4xx")"), Requests(registry, R"(status="5xx")")},
      body_bytes(registry.AddGauge("livetape_http_body_bytes",
                                   "Bytes held of request bodies that are being received.")),
      answer_bytes(registry.AddGauge("livetape_http_answer_bytes",
                                     "Bytes held of answers that clients have not taken.")),
      answers_cut(registry.AddCounter(
          "livetape_http_answers_cut_total",
          "Connections closed because too much was held of answers that are not taken.")),
      streams_open(registry.AddGauge("livetape_streams_open", "Open streams.")),
      streams_pending(registry.AddGauge(
          "livetape_streams_pending", "Streams whose socket has not taken all that it was sent.")),
      streams_opened(registry.AddCounter("livetape_streams_opened_total", "Streams opened.")),
      stream_sends(registry.AddCounter("livetape_stream_sends_total",
                                       "Sends to streams that took at least one byte.")),
      stream_bytes(
          registry.AddCounter("livetape_stream_bytes_total", "Bytes that streams' sockets took.")),
      streams_stalled(Cut(registry, R"(reason="stalled")")),
      streams_flooding(Cut(registry, R"(reason="flooding")")),
      websockets_open(registry.AddGauge("livetape_websockets_open", "Open WebSockets.")),
      websockets_opened(
          registry.AddCounter("livetape_websockets_opened_total", "WebSockets opened.")),
      websocket_messages_in(Messages(registry, R"(direction="in")")),
      websocket_messages_out(Messages(registry, R"(direction="out")")),
      websocket_bytes(registry.AddCounter("livetape_websocket_bytes_total",
                                          "Bytes of the messages sent over WebSockets.")),
      websockets_slow(CutWebSockets(registry, R"(reason="slow")")),
      websockets_silent(CutWebSockets(registry, R"(reason="silent")")),
      websockets_stalled(CutWebSockets(registry, R"(reason="stalled")")),
      loop_seconds(registry.AddHistogram("livetape_loop_seconds",
                                         "Duration of one batch of work of an event loop.",
                                         metrics::TimeBounds())) {}

void LoopMetrics::CountRequest(unsigned status) {
  requests[std::clamp(status / 100, 2U, 5U) - 2]->Add();
}

}  // namespace livetape::http
