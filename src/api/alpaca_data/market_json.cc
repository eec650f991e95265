#include "api/alpaca_data/market_json.h"

#include <chrono>

#include "base/decimal.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

void AppendTime(std::string& out, base::WallTime time) {
  out += "{\"t\":\"";
  base::AppendRfc3339(out, time);
  out += '"';
}

template <typename Number>
void AppendField(std::string& out, std::string_view name, const Number& number) {
  out += ",\"";
  out += name;
  out += "\":";
  number.AppendTo(out);
}

// All three are positive and at most an int64 each, so their third is one again.
base::Price TypicalPrice(const model::Bar& bar) {
  const base::Int128 sum =
      base::Int128{bar.high.units()} + bar.low.units() + base::Int128{bar.close.units()};
  // Thirds are never halves: nearest is half-even.
  return base::Price::FromUnits(static_cast<int64_t>((sum + 1) / 3));
}

void AppendBarField(std::string& out, std::string_view name, const std::optional<model::Bar>& bar) {
  out += ",\"";
  out += name;
  out += "\":";
  if (bar) {
    AppendAlpacaBar(out, *bar);
  } else {
    out += "null";
  }
}

}  // namespace

void AppendAlpacaBar(std::string& out, const model::Bar& bar) {
  AppendTime(out, bar.start);
  AppendField(out, "o", bar.open);
  AppendField(out, "h", bar.high);
  AppendField(out, "l", bar.low);
  AppendField(out, "c", bar.close);
  AppendField(out, "v", bar.volume);
  out += ",\"n\":";
  out += std::to_string(bar.trades);
  AppendField(out, "vw", TypicalPrice(bar));
  out += '}';
}

void AppendAlpacaQuote(std::string& out, const model::Quote& quote, MarketFamily family) {
  AppendTime(out, quote.time);
  AppendField(out, "bp", quote.bid);
  AppendField(out, "bs", quote.bid_size);
  AppendField(out, "ap", quote.ask);
  AppendField(out, "as", quote.ask_size);
  if (family == MarketFamily::kStocks) out += R"(,"bx":"","ax":"","c":[],"z":"")";
  out += '}';
}

void AppendAlpacaTrade(std::string& out, const model::Quote& quote, MarketFamily family) {
  AppendTime(out, quote.price_time);
  AppendField(out, "p", quote.price);
  out += ",\"s\":0,\"i\":";
  const auto since = quote.price_time.time_since_epoch();
  out += std::to_string(std::chrono::floor<std::chrono::microseconds>(since).count());
  out += family == MarketFamily::kStocks ? R"(,"x":"","c":[],"z":""})" : R"(,"tks":""})";
}

void AppendSnapshotFields(std::string& out, const MarketSnapshot& snapshot, MarketFamily family) {
  out += "\"latestTrade\":";
  if (snapshot.quote) {
    AppendAlpacaTrade(out, *snapshot.quote, family);
    out += ",\"latestQuote\":";
    AppendAlpacaQuote(out, *snapshot.quote, family);
  } else {
    out += "null,\"latestQuote\":null";
  }
  AppendBarField(out, "minuteBar", snapshot.minute);
  AppendBarField(out, "dailyBar", snapshot.daily);
  AppendBarField(out, "prevDailyBar", snapshot.previous_daily);
}

}  // namespace livetape::api
