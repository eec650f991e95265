// Fuzz target: what a client sends on a WebSocket, from the first frame on, over a pair of sockets.
// The first byte chooses how large the pieces are in which it comes. Messages that are told are whole,
// within their limit, and text is UTF-8; what is said to it is whole frames; whatever comes, the socket
// is told closed exactly once, and nothing of it is left.

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
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

// The client's end: what comes is an answer's head and whole frames, and no message follows a close.
class Client {
 public:
  explicit Client(int socket) : socket_(socket) {}
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Drink() {
    char room[4096];
    for (ssize_t size; (size = recv(socket_, room, sizeof room, MSG_DONTWAIT)) > 0;)
      came_.append(room, static_cast<size_t>(size));
    if (!greeted_) {
      const size_t head = came_.find("\r\n\r\n");
      if (head == std::string::npos) return;
      LT_ASSERT(came_.starts_with("HTTP/1.1 101 "));
      came_.erase(0, head + 4);
      greeted_ = true;
    }
    while (TakeFrame()) {
    }
  }

 private:
  // RFC 6455, section 5.2. False if there is no whole one yet.
  bool TakeFrame() {
    if (came_.size() < 2) return false;
    const auto byte = [&](size_t at) { return static_cast<unsigned char>(came_[at]); };
    const unsigned opcode = byte(0) & 0x0f;
    LT_ASSERT((byte(0) & 0xf0) == 0x80, "in one part, without extensions");
    const bool message = opcode == 1 || opcode == 2;
    LT_ASSERT(message || (opcode >= 8 && opcode <= 10), "{}", opcode);
    size_t length = byte(1);
    LT_ASSERT(length < 126 || (message && length < 128), "short or a message, not masked");
    const size_t head = length < 126 ? 2 : length == 126 ? 4 : 10;
    if (came_.size() < head) return false;
    if (head > 2) length = 0;
    for (size_t at = 2; at < head; ++at) length = length << 8 | byte(at);
    LT_ASSERT(length <= kWebSocketMessageBytesMax);
    if (came_.size() < head + length) return false;
    LT_ASSERT(!message || closes_ == 0);
    // Beast says why it ends a peer that breaks a rule while it should answer our close frame.
    if (opcode == 8) ++closes_;
    LT_ASSERT(closes_ <= 2, "{}", closes_);
    came_.erase(0, head + length);
    return true;
  }

  const int socket_;
  std::string came_;
  bool greeted_ = false;
  int closes_ = 0;
};

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
  std::optional<Client> client(ends[1]);
  const auto settle = [&] {
    do client->Drink();
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
  client.reset();
  while (witness.closed == 0 && io.poll() > 0) {
  }
  LT_ASSERT(witness.closed == 1, "{}", witness.closed);
  LT_ASSERT(table.open() == 0 && connections.count() == 0);
}

}  // namespace
}  // namespace livetape::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  // A piece costs a handful of system calls, so there are at most 64 of them.
  livetape::http::Run({reinterpret_cast<const char*>(data) + 1, size - 1},
                      std::max(size_t{data[0]} * 4 + 1, size / 64));
  return 0;
}
