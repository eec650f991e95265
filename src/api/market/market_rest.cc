#include "api/market/market_rest.h"

#include <algorithm>
#include <utility>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/market/bar_source.h"
#include "api/market/market_topics.h"
#include "api/market/quote_json.h"
#include "api/query_fields.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "http/unavailable.h"

namespace livetape::api {
namespace {

constexpr size_t kSymbolsMax = 1000;
constexpr uint64_t kBarsMax = 10'000;

http::Response Json(std::string_view body) {
  http::Response response;
  response.body = body;
  return response;
}

// The instruments that `symbols` names, all of them without it.
Field<std::vector<model::Instrument>> Wanted(const Backend& backend, const http::Request& request,
                                             const Caller& caller) {
  const auto symbols = ListField(request.query, "symbols", kSymbolsMax);
  if (!symbols) return std::unexpected(symbols.error());
  if (symbols->empty()) {
    if (auto refused = backend.access.RefuseTopic(caller, "market/*")) {
      return std::unexpected(*std::move(refused));
    }
    return backend.instruments.All();
  }
  std::vector<model::Instrument> wanted;
  for (const std::string& symbol : *symbols) {
    auto found = backend.instruments.Find(symbol);
    if (!found) return std::unexpected(SymbolNotFound());
    if (auto refused = backend.access.RefuseTopic(caller, MarketTopic(found->instrument.symbol))) {
      return std::unexpected(*std::move(refused));
    }
    wanted.push_back(std::move(found->instrument));
  }
  return wanted;
}

http::Response Symbols(const Backend& backend) {
  std::string out = "{\"symbols\":[";
  for (const model::Instrument& instrument : backend.instruments.All()) {
    if (out.back() == '}') out += ',';
    out += "{\"symbol\":";
    base::AppendJsonString(out, instrument.symbol);
    out += ",\"asset_class\":";
    base::AppendJsonString(out, model::Name(instrument.asset_class));
    out += '}';
  }
  return Json(out + "]}");
}

http::Response Quotes(const Backend& backend, const http::Request& request, const Caller& caller,
                      size_t loop) {
  const auto wanted = Wanted(backend, request, caller);
  if (!wanted) return wanted.error();
  hub::Shard& shard = backend.loops[loop]->shard();
  shard.Refresh();
  std::string out = "{\"quotes\":[";
  for (const model::Instrument& instrument : *wanted) {
    const auto index = shard.table().Find(*QuoteKey(instrument.symbol));
    if (!index) continue;  // no price yet
    if (out.back() == '}') out += ',';
    out += "{\"symbol\":";
    base::AppendJsonString(out, instrument.symbol);
    out += ',';
    AppendQuoteFields(out, DecodeQuote(shard.table().value(*index).view()));
    out += '}';
  }
  return Json(out + "]}");
}

void AppendBar(std::string& out, const model::Bar& bar) {
  out += "{\"time\":\"";
  base::AppendRfc3339(out, bar.start);
  out += "\",\"open\":";
  bar.open.AppendTo(out);
  out += ",\"high\":";
  bar.high.AppendTo(out);
  out += ",\"low\":";
  bar.low.AppendTo(out);
  out += ",\"close\":";
  bar.close.AppendTo(out);
  out += ",\"volume\":";
  bar.volume.AppendTo(out);
  out += ",\"trades\":";
  out += std::to_string(bar.trades);
  out += ",\"synthetic\":";
  out += bar.synthetic ? "true}" : "false}";
}

std::string BarsJson(const BarWish& wish, const std::vector<model::Bar>& bars) {
  std::string out = "{\"symbol\":";
  base::AppendJsonString(out, wish.symbol);
  out += ",\"timeframe\":";
  base::AppendJsonString(out, model::Name(wish.timeframe));
  out += ",\"bars\":[";
  for (const model::Bar& bar : bars) {
    if (out.back() == '}') out += ',';
    AppendBar(out, bar);
  }
  return out + "]}";
}

http::Reply Bars(const Backend& backend, const http::Request& request, size_t loop,
                 const Caller& caller) {
  const auto found = backend.instruments.Find(request.args[0]);
  if (!found) return SymbolNotFound();
  if (auto refused = backend.access.RefuseTopic(caller, MarketTopic(found->instrument.symbol))) {
    return *std::move(refused);
  }
  std::vector<std::string_view> names = {model::Name(model::Timeframe::k1m)};  // the default
  for (const auto timeframe : model::kTimeframes) {
    if (timeframe != model::Timeframe::k1m) names.push_back(model::Name(timeframe));
  }
  const auto timeframe = ChoiceField(request.query, "timeframe", names);
  if (!timeframe) return timeframe.error();
  const auto from = TimeField(request.query, "from", base::WallTime::min());
  if (!from) return from.error();
  const auto to = TimeField(request.query, "to", base::WallTime::max());
  if (!to) return to.error();
  if (*from > *to) return Unprocessable("from", "from must not be after to");
  const auto limit = NumberField(request.query, "limit", 1000, 1, kBarsMax);
  if (!limit) return limit.error();

  BarWish wish{.instrument = found->id,
               .symbol = found->instrument.symbol,
               .timeframe = *model::ParseTimeframe(*timeframe),
               .from = *from,
               .to = *to,
               .limit = static_cast<size_t>(*limit)};
  return backend.stored.ReadNow(
      loop, [&live = backend.bars, wish = std::move(wish)](store::Reader& reader) {
        const auto bars = BarSource(live, &reader).Read(wish);
        if (!bars) return http::Unavailable(bars.error().message);
        return Json(BarsJson(wish, *bars));
      });
}

http::ResponseDoc Answer(std::string_view description, std::string_view schema) {
  return {200, "application/json", std::string(description), std::string(schema)};
}

}  // namespace

void AddMarketRest(http::Router& router, const Backend& backend) {
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/symbols",
       .summary = "All instruments",
       .parameters = {},
       .responses = {Answer("symbols: symbol and asset_class of each.", "Symbols"),
                     docs::kUnauthorized, docs::kForbidden},
       .handler = Guard(backend.access, auth::Permission::kSubscribe,
                        [&backend](const http::Request&, size_t, const Caller&) -> http::Reply {
                          return Symbols(backend);
                        })});
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/quotes",
       .summary = "Latest quotes",
       .parameters = {{"symbols", "query", "Only these, as a comma list."}},
       .responses = {Answer("quotes: price, bid, ask, sizes, change, volume, time.", "Quotes"),
                     docs::kUnauthorized, docs::kForbidden, docs::kNoSymbol, docs::kBadQuery},
       .handler = Guard(backend.access, auth::Permission::kSubscribe,
                        [&backend](const http::Request& request, size_t loop, const Caller& caller)
                            -> http::Reply { return Quotes(backend, request, caller, loop); })});
  router.Add({.method = "GET",
              .pattern = "/api/v1/bars/{symbol}",
              .summary = "OHLCV bars, oldest first; of more than limit the newest",
              .parameters = {{"symbol", "path", "Such as AAPL, BTC or BTC%2FUSD.", "string", true},
                             {"timeframe", "query", "1s, 1m (the default), 5m, 15m, 1h or 1d.",
                              "TimeframeOrMinute"},
                             {"from", "query", "Start of the first bar, RFC 3339."},
                             {"to", "query", "Start of the last bar, RFC 3339."},
                             {"limit", "query", "1 to 10000, 1000 if missing.", "ListLimit"}},
              .responses = {Answer("bars, the open one included.", "Bars"), docs::kUnauthorized,
                            docs::kForbidden, docs::kNoSymbol, docs::kBadQuery},
              .handler = Guard(backend.access, auth::Permission::kSubscribe,
                               [&backend](const http::Request& request, size_t loop,
                                          const Caller& caller) -> http::Reply {
                                 return Bars(backend, request, loop, caller);
                               })});
}

}  // namespace livetape::api
