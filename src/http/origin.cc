#include "http/origin.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "http/field_text.h"

namespace livetape::http {
namespace {

constexpr std::string_view kAllowedHeaders =
    "Authorization, Content-Type, Last-Event-ID, Idempotency-Key, APCA-API-KEY-ID, "
    "APCA-API-SECRET-KEY";

struct HostPort {
  std::string host;  // lower case; an IPv6 address without brackets, in its canonical text
  std::optional<uint16_t> port;
};

// The one text of an IPv6 address ("0:0:0:0:0:0:0:1" is "::1"); nothing if it is none.
std::optional<std::string> CanonicalIpv6(std::string_view text) {
  in6_addr address;
  std::array<char, INET6_ADDRSTRLEN> out;
  if (inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) return std::nullopt;
  if (inet_ntop(AF_INET6, &address, out.data(), out.size()) == nullptr) return std::nullopt;
  return out.data();
}

// "host", "host:port", "[v6]" or "[v6]:port" (RFC 3986, section 3.2).
std::optional<HostPort> ParseHostPort(std::string_view text) {
  HostPort result;
  std::string_view rest;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto address = CanonicalIpv6(text.substr(1, end - 1));
    if (!address) return std::nullopt;
    result.host = *address;
    rest = text.substr(end + 1);
  } else {
    result.host = LowerCase(text.substr(0, text.find(':')));
    rest = text.substr(result.host.size());
  }
  if (result.host.empty()) return std::nullopt;
  if (rest.empty()) return result;

  rest.remove_prefix(1);  // the colon; after "]" anything else fails below
  if (text[text.size() - rest.size() - 1] != ':') return std::nullopt;
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  if (error != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
  result.port = port;
  return result;
}

bool Names(const std::vector<std::string>& hosts, std::string_view host) {
  return std::ranges::any_of(hosts, [&](const std::string& name) {
    return EqualsIgnoringCase(CanonicalIpv6(name).value_or(name), host);
  });
}

// "http://host[:port]" of a page that this server, or one beside it on this machine, has served.
bool IsLocalOrigin(const OriginRules& rules, std::string_view origin) {
  constexpr std::string_view kScheme = "http://";
  if (!origin.starts_with(kScheme)) return false;
  const auto parsed = ParseHostPort(origin.substr(kScheme.size()));
  if (!parsed) return false;
  const std::string& host = parsed->host;
  if (rules.loopback && (host == "localhost" || host == "127.0.0.1" || host == "::1")) return true;
  if (parsed->port.value_or(80) != rules.port) return false;
  return Names(rules.bound_hosts, host) || Names(rules.hosts, host);
}

}  // namespace

bool HostAllowed(const OriginRules& rules, const Request& request) {
  const auto field = request.headers.Find("Host");
  if (!field) return request.minor_version == 0;
  const auto parsed = ParseHostPort(*field);
  if (!parsed) return false;
  return parsed->host == "localhost" || Names(rules.bound_hosts, parsed->host) ||
         Names(rules.hosts, parsed->host);
}

bool OriginAllowed(const OriginRules& rules, std::string_view origin, std::string_view host) {
  const std::string own = LowerCase(host);
  if (!own.empty() && origin == "http://" + own) return true;
  // A page under a public name of this server that came by TLS: a proxy in front of it speaks that.
  if (!own.empty() && origin == "https://" + own) {
    const auto parsed = ParseHostPort(own);
    if (parsed && Names(rules.hosts, parsed->host)) return true;
  }
  return std::ranges::find(rules.cors_origins, origin) != rules.cors_origins.end() ||
         IsLocalOrigin(rules, origin);
}

OriginVerdict CheckOrigin(const OriginRules& rules, const Request& request, bool stream) {
  OriginVerdict verdict;
  if (!HostAllowed(rules, request)) {
    verdict.refuse = 421;
    return verdict;
  }
  const auto origin = request.headers.Find("Origin");
  if (!origin) return verdict;
  if (OriginAllowed(rules, *origin, request.headers.Find("Host").value_or(""))) {
    verdict.allow_origin = *origin;
    return verdict;
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (request.method != "OPTIONS" && !(reads && !stream)) verdict.refuse = 403;
  return verdict;
}

Headers CorsHeaders(const OriginVerdict& verdict, std::string_view preflight_methods) {
  Headers headers;
  headers.Add("Vary", "Origin");
  if (verdict.allow_origin.empty()) return headers;
  headers.Add("Access-Control-Allow-Origin", verdict.allow_origin);
  headers.Add("Access-Control-Allow-Credentials", "true");
  headers.Add("Access-Control-Expose-Headers", "Retry-After");
  if (preflight_methods.empty()) return headers;
  headers.Add("Access-Control-Allow-Methods", std::string(preflight_methods));
  headers.Add("Access-Control-Allow-Headers", std::string(kAllowedHeaders));
  headers.Add("Access-Control-Max-Age", "600");
  return headers;
}

}  // namespace livetape::http
