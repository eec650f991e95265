#pragma once

// WebSockets: the open WebSockets (RFC 6455) of one event loop. Owned by that loop's thread.
//
// What they carry and who answers is their observer's; frames, pings, limits and the two handshakes
// are done here. Limits: a message has 64 KiB (then close 1009), what waits for a slow reader 1 MiB
// (then close 1013), an answer to a ping half a minute.

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/shared_bytes.h"
#include "base/strong_id.h"

namespace livetape::http {

// Never given to another socket of the loop.
using WebSocketId = base::StrongId<struct WebSocketIdTag, uint64_t>;

inline constexpr size_t kWebSocketMessageBytesMax = 64 * 1024;
inline constexpr size_t kWebSocketOutboxBytesMax = 1024 * 1024;

// Why a socket is closed (RFC 6455, section 7.4; the registry of IANA).
enum class CloseCode : uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kBadPayload = 1007,
  kPolicy = 1008,
  kInternalError = 1011,
  kTryAgainLater = 1013,
};

enum class WebSocketKind : uint8_t { kText, kBinary };

// What a socket's owner is told, on the loop's thread, never from inside a call to WebSockets.
class WebSocketObserver {
 public:
  virtual ~WebSocketObserver() = default;
  // Whole messages: fragments have been put together, text is UTF-8. None comes after Close.
  virtual void OnText(WebSocketId socket, std::string_view text) = 0;
  virtual void OnBinary(WebSocketId socket, std::string_view bytes) = 0;
  // The socket is gone, whoever has closed it. Once for each that has been opened, but for what is
  // left when the server stops.
  virtual void OnClosed(WebSocketId socket) = 0;
};

class WebSockets {
 public:
  virtual ~WebSockets() = default;
  // Sends one message, behind those before it. One that makes the outbox too large is not sent and
  // closes the socket. Does nothing to a socket that is closing or gone.
  virtual void Send(WebSocketId socket, const base::SharedBytes& message, WebSocketKind kind) = 0;
  // Begins the closing handshake, behind what has been sent. `reason`: at most 123 bytes.
  virtual void Close(WebSocketId socket, CloseCode code, std::string_view reason) = 0;
  virtual size_t open() const = 0;
};

// A handler's answer that makes the connection a WebSocket, if the request has asked for one by the
// rules; else the client gets 400 or 426.
struct WebSocketStart {
  WebSocketObserver* observer = nullptr;  // outlives the socket
  // Called once, on the loop's thread, after the handshake's answer has left; not at all if the
  // client has gone by then. Send and Close may be called from inside.
  std::function<void(WebSocketId)> opened;
};

}  // namespace livetape::http
