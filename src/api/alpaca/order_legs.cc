#include "api/alpaca/order_legs.h"

namespace livetape::api {

void AppendNested(std::string& out, std::string_view order, std::span<const std::string> legs) {
  // No string can hold this text: the quotes in it would be escaped.
  constexpr std::string_view kNone = "\"legs\":null";
  const size_t at = order.find(kNone);
  if (legs.empty() || at == std::string_view::npos) {
    out += order;
    return;
  }
  out += order.substr(0, at);
  out += "\"legs\":[";
  for (const std::string& leg : legs) {
    if (&leg != legs.data()) out += ',';
    out += leg;
  }
  out += ']';
  out += order.substr(at + kNone.size());
}

}  // namespace livetape::api
