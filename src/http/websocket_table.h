#pragma once

// WebSocketTable: the open WebSockets of one event loop, each a Beast stream over the connection's
// socket. Owned by the loop's thread.
//
//   handshake ──► open ──► closing ──► gone
//       │           └── the peer closes, breaks a rule, is silent or stalled ──► gone
//       └──► gone, its observer never told
//
// Invariants:
//  1. A socket is in sockets_ exactly while it is not gone; it is counted as a connection as long.
//  2. Of a socket's messages one at most is being written, the first of its outbox, which holds at
//     most kWebSocketOutboxBytesMax.
//  3. A socket that is closing is gone after kCloseTimeout, whatever its peer does.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/log.h"
#include "http/access_log.h"
#include "http/connection_count.h"
#include "http/loop_metrics.h"
#include "http/message.h"
#include "http/unique_fd.h"
#include "http/websocket.h"

namespace boost::asio {
class io_context;
}

namespace livetape::http {

class WebSocketTable final : public WebSockets {
 public:
  // The most that a client may have sent before it has our answer.
  static constexpr size_t kEarlyBytesMax = 1024;

  struct Timeouts {
    std::chrono::milliseconds ping;   // of silence, then a ping; as long again, then it is over
    std::chrono::milliseconds stall;  // for one message to leave
  };
  // What all sockets of a loop work with. The references outlive the table.
  struct Surroundings {
    boost::asio::io_context& io;
    const base::Clock& clock;
    ConnectionCount& connections;
    LoopMetrics& metrics;
    const AccessLog& access_log;
    base::Log& log;
  };
  WebSocketTable(const Surroundings& around, Timeouts timeouts);
  ~WebSocketTable() override;

  // A connection that becomes a WebSocket; it is counted already.
  struct Arrival {
    UniqueFd socket;
    std::string key;          // Sec-WebSocket-Key
    Headers fields;           // for the handshake's answer, besides its own
    std::string early_bytes;  // sent behind the request; at most kEarlyBytesMax
    Exchange exchange;        // for the access log, if it is on for streams
  };
  void Open(Arrival arrival, WebSocketStart start);

  void Send(WebSocketId socket, const base::SharedBytes& message, WebSocketKind kind) override;
  void Close(WebSocketId socket, CloseCode code, std::string_view reason) override;
  size_t open() const override { return sockets_.size(); }

  // Drops what is stalled, or has been closing for too long. To be called about once a second.
  void Sweep();
  // The server stops: every socket is told 1001 and has little time to answer.
  void Drain();
  // Drops all connections, without telling the observers.
  void CloseAll();

 private:
  class Socket;

  Socket* Find(WebSocketId socket) const;
  void Forget(WebSocketId socket);

  const Surroundings around_;
  const Timeouts timeouts_;
  std::unordered_map<WebSocketId, std::shared_ptr<Socket>> sockets_;
  uint64_t ids_ = 0;
};

}  // namespace livetape::http
