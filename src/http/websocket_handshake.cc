#include "http/websocket_handshake.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "http/field_text.h"

namespace livetape::http {
namespace {

constexpr std::string_view kVersion = "13";
constexpr size_t kKeyChars = 24;  // 16 bytes in Base64

std::string_view Trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// One of the tokens in the comma lists of all fields of that name.
bool HasToken(const Headers& headers, std::string_view name, std::string_view token) {
  for (const auto& [field, value] : headers.fields()) {
    if (!EqualsIgnoringCase(field, name)) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const size_t comma = std::min(rest.find(','), rest.size());
      if (EqualsIgnoringCase(Trimmed(rest.substr(0, comma)), token)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

// The value of the one field of that name.
std::optional<std::string_view> Only(const Headers& headers, std::string_view name) {
  std::optional<std::string_view> only;
  for (const auto& [field, value] : headers.fields()) {
    if (!EqualsIgnoringCase(field, name)) continue;
    if (only) return std::nullopt;
    only = Trimmed(value);
  }
  return only;
}

// 16 bytes in Base64: 21 characters of 6 bits, one of the four that carry 2, and the padding.
bool IsKey(std::string_view text) {
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return text.size() == kKeyChars && text.ends_with("==") &&
         std::ranges::all_of(text.substr(0, kKeyChars - 3), is_digit) &&
         std::string_view("AQgw").find(text[kKeyChars - 3]) != std::string_view::npos;
}

Response UpgradeRequired(std::string_view detail) {
  Response response = Problem(426, detail);
  response.headers.Add("Upgrade", "websocket");
  response.headers.Add("Sec-WebSocket-Version", std::string(kVersion));
  return response;
}

}  // namespace

bool AsksForWebSocket(const Request& request) {
  return request.method == "GET" && request.minor_version == 1 &&
         HasToken(request.headers, "Upgrade", "websocket");
}

std::expected<std::string, Response> WebSocketKeyOf(const Request& request) {
  const Headers& headers = request.headers;
  if (!AsksForWebSocket(request)) {
    return std::unexpected(
        UpgradeRequired("this path is a WebSocket: send GET with Upgrade: "
                        "websocket and Connection: Upgrade"));
  }
  if (!HasToken(headers, "Connection", "upgrade")) {
    return std::unexpected(Problem(400, "a WebSocket needs Connection: Upgrade"));
  }
  const auto version = Only(headers, "Sec-WebSocket-Version");
  if (version != kVersion) {
    return std::unexpected(UpgradeRequired("the WebSocket version understood is 13"));
  }
  const auto key = Only(headers, "Sec-WebSocket-Key");
  if (!key || !IsKey(*key)) {
    return std::unexpected(
        Problem(400, "Sec-WebSocket-Key must be there once, 16 bytes in Base64"));
  }
  return std::string(*key);
}

}  // namespace livetape::http
