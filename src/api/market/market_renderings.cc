#include "api/market/market_renderings.h"

#include "api/market/market_topics.h"
#include "api/market/quote_json.h"
#include "base/time_text.h"

namespace livetape::api {

void PriceJsonRendering::State(const hub::StateKey& key, std::string_view value,
                               std::string& out) const {
  out += "data: ";
  AppendPriceJson(out, SymbolOf(key.topic), DecodeQuote(value));
  out += "\n\n";
}

void PriceTextRendering::State(const hub::StateKey& key, std::string_view value,
                               std::string& out) const {
  std::string text = SymbolOf(key.topic);
  text += " price is ";
  DecodeQuote(value).price.AppendTo(text);
  hub::AppendEvent(out, "", "", text);
}

void ClockRendering::State(const hub::StateKey&, std::string_view value, std::string& out) const {
  hub::AppendEvent(out, "", "", "The current time is " + base::FormatAsctime(DecodeTime(value)));
}

}  // namespace livetape::api
