// Fuzz target: what stands behind the "?" of a request target, percent-encoding, paths for the
// router, and X-Forwarded-For.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "http/message.h"
#include "http/origin.h"
#include "http/router.h"
#include "http/trusted_proxies.h"

namespace livetape::http {
namespace {

// Every byte as "%XX".
std::string Encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

void CheckQuery(std::string_view text) {
  const Query query = Query::Parse(text);
  for (const auto name : {"topics", "since", "token", "", "a"}) {
    const auto all = query.All(name);
    const auto first = query.Find(name);
    LT_ASSERT(first.has_value() == !all.empty());
    if (first) LT_ASSERT(*first == all.front() && first->size() <= text.size());
  }
  LT_ASSERT(PercentDecode(text).size() <= text.size());
  LT_ASSERT(PercentDecode(Encode(text)) == text);
  const Query encoded = Query::Parse("a=" + Encode(text));
  LT_ASSERT(encoded.Find("a") == text);
}

const Router& Routes() {
  static const Router routes = [] {
    Router router;
    for (const auto* pattern : {"/", "/a", "/a/{x}", "/{x}/b", "/a/b/{y}", "/a/{x}/c"}) {
      Route route;
      route.method = "GET";
      route.pattern = pattern;
      route.handler = [](const Request&, size_t) { return Response(); };
      router.Add(std::move(route));
    }
    return router;
  }();
  return routes;
}

void CheckPath(std::string_view path) {
  const Router::Match match = Routes().Find("GET", path);
  LT_ASSERT(match.route == nullptr || path.starts_with('/'));
  for (const std::string& arg : match.args) LT_ASSERT(!arg.empty() && arg.size() <= path.size());
  const bool known = match.route != nullptr;
  LT_ASSERT(Routes().Find("OPTIONS", path).allow.empty() == !known);
}

void CheckForwarded(std::string_view text) {
  static const TrustedProxies proxies =
      TrustedProxies::Parse(std::vector<std::string>{"10.0.0.0/8", "fd00::/8"}).value();
  Headers headers;
  headers.Add("X-Forwarded-For", std::string(text));
  const std::string client = proxies.ClientOf("10.0.0.1", headers);
  LT_ASSERT(ParseAddressBytes(client).has_value(), "{}", client);
  LT_ASSERT(proxies.ClientOf("192.0.2.1", headers) == "192.0.2.1");
}

void CheckHost(std::string_view text) {
  OriginRules rules;
  rules.bound_hosts = {"127.0.0.1", "::1"};
  rules.port = 8000;
  rules.hosts = {"desk.example"};
  Request request;
  request.headers.Add("Host", std::string(text));
  HostAllowed(rules, request);
  OriginAllowed(rules, text, "localhost:8000");
}

}  // namespace
}  // namespace livetape::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace livetape::http;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckQuery(text);
  CheckPath(text);
  CheckForwarded(text);
  CheckHost(text);
  return 0;
}
