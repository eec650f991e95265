#include "http/access_log.h"

#include <array>
#include <chrono>
#include <utility>

namespace livetape::http {
namespace {

constexpr size_t kPathBytesMax = 256;

double Milliseconds(const Exchange& exchange, base::MonoTime now) {
  return std::chrono::duration<double, std::milli>(now - exchange.began).count();
}

}  // namespace

Exchange ExchangeOf(Request&& request, base::MonoTime began) {
  Exchange exchange{std::move(request.method), std::move(request.path), std::move(request.peer),
                    began};
  if (exchange.path.size() > kPathBytesMax) {
    exchange.path.resize(kPathBytesMax);
    exchange.path += "...";
  }
  return exchange;
}

Exchange ExchangeOf(const Request& request, base::MonoTime began) {
  Request head;
  head.method = request.method;
  head.path = request.path;
  head.peer = request.peer;
  return ExchangeOf(std::move(head), began);
}

void AccessLog::WriteRequest(const Exchange& exchange, unsigned status, uint64_t bytes,
                             base::MonoTime now) const {
  const std::array<base::LogField, 6> fields = {{{"method", exchange.method},
                                                 {"path", exchange.path},
                                                 {"status", uint64_t{status}},
                                                 {"bytes", bytes},
                                                 {"ms", Milliseconds(exchange, now)},
                                                 {"peer", exchange.peer}}};
  log_.WriteLater(base::LogLevel::kInfo, "request", fields);
}

void AccessLog::WriteStream(const Exchange& exchange, uint64_t frames, uint64_t bytes,
                            std::string_view end, base::MonoTime now) const {
  const std::array<base::LogField, 8> fields = {{{"method", exchange.method},
                                                 {"path", exchange.path},
                                                 {"status", uint64_t{200}},
                                                 {"frames", frames},
                                                 {"bytes", bytes},
                                                 {"ms", Milliseconds(exchange, now)},
                                                 {"peer", exchange.peer},
                                                 {"end", end}}};
  log_.WriteLater(base::LogLevel::kInfo, "stream", fields);
}

void AccessLog::WriteWebSocket(const Exchange& exchange, uint64_t messages, uint64_t bytes,
                               std::string_view end, base::MonoTime now) const {
  const std::array<base::LogField, 6> fields = {{{"path", exchange.path},
                                                 {"messages", messages},
                                                 {"bytes", bytes},
                                                 {"ms", Milliseconds(exchange, now)},
                                                 {"peer", exchange.peer},
                                                 {"end", end}}};
  log_.WriteLater(base::LogLevel::kInfo, "websocket", fields);
}

}  // namespace livetape::http
