#include "api/market/quote_json.h"

#include <array>
#include <cstring>

#include "base/assert.h"
#include "base/json_text.h"
#include "base/time_text.h"

namespace livetape::api {

base::SharedBytes EncodeQuote(const model::Quote& quote) {
  return base::SharedBytes::Copy({reinterpret_cast<const char*>(&quote), sizeof quote});
}

model::Quote DecodeQuote(std::string_view bytes) {
  model::Quote quote;
  LT_ASSERT(bytes.size() == sizeof quote, "{} bytes", bytes.size());
  std::memcpy(&quote, bytes.data(), sizeof quote);
  return quote;
}

void AppendChange(std::string& out, const model::Quote& quote) {
  using base::Int128;
  if (!quote.reference.positive()) {
    out += '0';
    return;
  }
  // In units of 10^-4 percent.
  const Int128 dividend = Int128{quote.price.units() - quote.reference.units()} * 1'000'000;
  const Int128 divisor = quote.reference.units();
  Int128 ratio = dividend / divisor;
  const Int128 rest = dividend % divisor, twice = rest < 0 ? -rest * 2 : rest * 2;
  if (twice > divisor || (twice == divisor && ratio % 2 != 0)) ratio += dividend < 0 ? -1 : 1;
  // A price of 10^9 against one of 10^-9 is 10^20 percent: past any meaning, but not past Amount.
  constexpr Int128 kUnit = 100'000'000'000'000;  // 10^-4 in units of 10^-18
  constexpr Int128 kMost = Int128{1'000'000'000'000'000'000} * 1'000'000;
  if (ratio > kMost) ratio = kMost;
  base::Amount::FromUnits(ratio * kUnit).AppendTo(out);
}

void AppendPriceJson(std::string& out, std::string_view symbol, const model::Quote& quote) {
  out += "{\"asset\":";
  base::AppendJsonString(out, symbol);
  out += ",\"price\":";
  quote.price.AppendTo(out);
  out += ",\"change\":";
  AppendChange(out, quote);
  out += ",\"timestamp\":\"";
  base::AppendRfc3339(out, quote.price_time);
  out += "\"}";
}

void AppendQuoteFields(std::string& out, const model::Quote& quote) {
  out += "\"price\":";
  quote.price.AppendTo(out);
  out += ",\"bid\":";
  quote.bid.AppendTo(out);
  out += ",\"ask\":";
  quote.ask.AppendTo(out);
  out += ",\"bid_size\":";
  quote.bid_size.AppendTo(out);
  out += ",\"ask_size\":";
  quote.ask_size.AppendTo(out);
  out += ",\"change\":";
  AppendChange(out, quote);
  out += ",\"volume\":";
  quote.volume.AppendTo(out);
  out += ",\"time\":\"";
  base::AppendRfc3339(out, quote.time);
  out += '"';
}

}  // namespace livetape::api
