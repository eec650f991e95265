#pragma once

// Who may talk to this server from a browser: the Host, Origin and CORS rules of the contract
// (API section 8). Pure functions of the request's head and the configuration.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace livetape::http {

struct OriginRules {
  std::vector<std::string> bound_hosts;  // addresses the server listens on, "127.0.0.1", "::1"
  uint16_t port = 0;
  std::vector<std::string> hosts;         // server.hosts: further names, without port
  std::vector<std::string> cors_origins;  // exact, "https://desk.example"
  bool loopback = true;                   // bound to loopback only
};

// The Host header names this server: a bound address, localhost or one of `hosts`, any port.
// A missing Host is right for HTTP/1.0 only.
bool HostAllowed(const OriginRules& rules, const Request& request);

// The Origin header's value is the server's own (with one of `hosts` as its Host also under https: a
// proxy may speak TLS for it), listed, or (on loopback) any local port.
bool OriginAllowed(const OriginRules& rules, std::string_view origin, std::string_view host);

// What the head of a request means for its answer.
struct OriginVerdict {
  unsigned refuse = 0;       // 0, or 421 (host) or 403 (origin) to answer with
  std::string allow_origin;  // value of Access-Control-Allow-Origin; empty: none
};
// `stream`: the route answers with a stream. Requests with an Origin that is not allowed pass only
// as GET or HEAD without stream, or OPTIONS, and then without CORS headers.
OriginVerdict CheckOrigin(const OriginRules& rules, const Request& request, bool stream);

// The header fields that the verdict adds to every answer: `Vary: Origin`, and CORS for an allowed
// origin. `preflight_methods`: the path's methods when the request is OPTIONS, else empty.
Headers CorsHeaders(const OriginVerdict& verdict, std::string_view preflight_methods = "");

}  // namespace livetape::http
