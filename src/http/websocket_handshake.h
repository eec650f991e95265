#pragma once

// The opening handshake of a WebSocket (RFC 6455, section 4.2.1), as far as the request goes. Pure
// functions.

#include <expected>
#include <string>

#include "http/message.h"

namespace livetape::http {

// The request asks for a WebSocket instead of the usual answer. HTTP/1.0 cannot (RFC 9110, section
// 7.8).
bool AsksForWebSocket(const Request& request);

// The Sec-WebSocket-Key of a right request; else the answer that says what is wrong with it: 400,
// or 426 naming what is understood.
std::expected<std::string, Response> WebSocketKeyOf(const Request& request);

}  // namespace livetape::http
