#include "load/equity_event.h"

#include <charconv>
#include <system_error>

namespace livetape::bench {
namespace {

// The number behind the next `field` at or behind `at`, which moves behind it; empty: there is none.
std::string_view Number(std::string_view event, std::string_view field, size_t& at) {
  const size_t found = event.find(field, at);
  if (found == event.npos) return {};
  const size_t start = found + field.size();
  at = event.find_first_of(",}", start);
  if (at == event.npos) return {};
  return event.substr(start, at - start);
}

bool ReadNumber(std::string_view text, double& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

}  // namespace

std::optional<EquityEvent> ReadEquityEvent(std::string_view event, std::string_view probe) {
  EquityEvent read;
  size_t at = 0;
  if (!ReadNumber(Number(event, "\"equity\":", at), read.equity)) return std::nullopt;
  if (!ReadNumber(Number(event, "\"balance\":", at), read.balance)) return std::nullopt;
  // The largest position stands before the list, too.
  at = event.find("\"positions\":[", at);
  if (at == event.npos) return std::nullopt;
  const size_t end = event.find(']', at);
  constexpr std::string_view kSymbol = "\"symbol\":\"";
  while ((at = event.find(kSymbol, at)) < end) {
    at += kSymbol.size();
    const std::string_view symbol = event.substr(at, event.find('"', at) - at);
    const std::string_view text = Number(event, "\"market_value\":", at);
    double value = 0;
    if (!ReadNumber(text, value)) return std::nullopt;
    read.market_value += value;
    if (symbol == probe) read.probe = text;
  }
  return read;
}

}  // namespace livetape::bench
