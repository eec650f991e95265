// Fuzz target: what a client sends on a WebSocket, from the first frame on, over a pair of sockets.
// The first byte chooses how large the pieces are in which it comes. Messages that are told are whole,
// within their limit, and text is UTF-8; whatever comes, the socket is told closed exactly once, and
// nothing of it is left.

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "http/websocket_table.h"
#include "metrics/registry.h"

namespace livetape::http {
namespace {

// RFC 3629, section 4.
bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    const size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || text.size() <= more) return false;
    unsigned code = more == 0 ? lead : lead & (0x3fU >> more);
    for (size_t i = 1; i <= more; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xc0) != 0x80) return false;
      code = code << 6 | (byte & 0x3fU);
    }
    constexpr unsigned kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (code < kLeast[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
    text.remove_prefix(more + 1);
  }
  return true;
}

class Witness final : public WebSocketObserver {
 public:
  explicit Witness(WebSocketTable*& table) : table_(table) {}

  void OnText(WebSocketId socket, std::string_view text) override {
    LT_ASSERT(opened && closed == 0);
    LT_ASSERT(text.size() <= kWebSocketMessageBytesMax);
    LT_ASSERT(IsUtf8(text));
    table_->Send(socket, base::SharedBytes::Copy(text), WebSocketKind::kText);
    if (text == "bye") table_->Close(socket, CloseCode::kNormal, "as asked");
  }
  void OnBinary(WebSocketId socket, std::string_view bytes) override {
    LT_ASSERT(opened && closed == 0);
    LT_ASSERT(bytes.size() <= kWebSocketMessageBytesMax);
    table_->Send(socket, base::SharedBytes::Copy(bytes), WebSocketKind::kBinary);
  }
  void OnClosed(WebSocketId) override { ++closed; }

  bool opened = false;
  int closed = 0;

 private:
  WebSocketTable*& table_;
};

// The client's end: takes what comes and throws it away.
void Drink(int socket) {
  char room[4096];
  while (recv(socket, room, sizeof room, MSG_DONTWAIT) > 0) {
  }
}

void Run(std::string_view bytes, size_t piece) {
  boost::asio::io_context io(1);
  base::ManualClock clock;
  metrics::Registry registry;
  LoopMetrics metrics(registry);
  base::Log log{base::LogLevel::kError, [](base::LogLevel, std::string_view) {}};
  const AccessLog access_log(log, false, false);
  std::atomic<size_t> of_process{0};
  ConnectionCount connections(of_process, 10, metrics);
  WebSocketTable* table_of_witness = nullptr;
  Witness witness(table_of_witness);
  WebSocketTable table({io, clock, connections, metrics, access_log, log},
                       {std::chrono::seconds(15), std::chrono::seconds(15)});
  table_of_witness = &table;

  int ends[2];
  LT_ASSERT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
  LT_ASSERT(connections.Add());
  table.Open({.socket = UniqueFd(ends[0]),
              .key = "dGhlIHNhbXBsZSBub25jZQ==",
              .fields = {},
              .early_bytes = {},
              .exchange = {}},
             {.observer = &witness, .opened = [&](WebSocketId) { witness.opened = true; }});
  const auto settle = [&] {
    do Drink(ends[1]);
    while (io.poll() > 0);
  };
  settle();
  LT_ASSERT(witness.opened);
  while (!bytes.empty() && witness.closed == 0) {
    const ssize_t sent =
        send(ends[1], bytes.data(), std::min(piece, bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) break;
    bytes.remove_prefix(static_cast<size_t>(sent));
    settle();
  }
  close(ends[1]);
  while (witness.closed == 0 && io.poll() > 0) {
  }
  // Against a peer that breaks the rules while our close frame is under way, Beast (of Boost 1.81)
  // stands still: its close holds the lock of writing and waits for that of reading, which its read
  // holds while it waits for the other, in order to close as well. The time limit of a close ends it.
  clock.Advance(std::chrono::seconds(5));
  table.Sweep();
  LT_ASSERT(witness.closed == 1, "{}", witness.closed);
  LT_ASSERT(table.open() == 0 && connections.count() == 0);
}

}  // namespace
}  // namespace livetape::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  livetape::http::Run({reinterpret_cast<const char*>(data) + 1, size - 1}, size_t{data[0]} * 4 + 1);
  return 0;
}
