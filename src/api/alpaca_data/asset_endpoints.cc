#include "api/alpaca_data/asset_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "api/alpaca/alpaca_error.h"
#include "api/alpaca/symbol_path.h"
#include "api/alpaca_data/asset_json.h"
#include "api/alpaca_data/endpoint_docs.h"
#include "api/alpaca_data/market_query.h"
#include "api/alpaca_data/session_json.h"

namespace livetape::api {
namespace {

constexpr size_t kUuidSize = 36;

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

// Without the parameter, or with an empty one, everything is wanted.
bool Wanted(const http::Query& query, std::string_view name, std::string_view value) {
  const auto text = query.Find(name);
  return !text || text->empty() || *text == value;
}

http::Response Assets(const MarketReads& reads, const http::Request& request, size_t) {
  const http::Query& query = request.query;
  std::string out = "[";
  // All are active, and none has an attribute.
  const bool some = Wanted(query, "status", "active") && Wanted(query, "attributes", "");
  for (const model::Instrument& instrument : reads.instruments.All()) {
    if (!some || !Wanted(query, "asset_class", model::Name(instrument.asset_class)) ||
        !Wanted(query, "exchange", AssetExchange(instrument.asset_class))) {
      continue;
    }
    if (out.back() != '[') out += ',';
    AppendAsset(out, instrument, reads.ids);
  }
  return Json(out + ']');
}

// By id, or by any spelling of the symbol.
std::optional<model::Instrument> FindAsset(const MarketReads& reads, const std::string& name) {
  if (auto found = reads.instruments.Find(name)) return std::move(found->instrument);
  if (name.size() != kUuidSize) return std::nullopt;
  for (const model::Instrument& instrument : reads.instruments.All()) {
    if (reads.ids.Asset(instrument.symbol) == name) return instrument;
  }
  return std::nullopt;
}

http::Response Asset(const MarketReads& reads, const http::Request& request, size_t) {
  const std::string name = SymbolInPath(request);
  const auto instrument = FindAsset(reads, name);
  if (!instrument) {
    return AlpacaError(404, kCodeNotFound, fmt::format("asset not found for {}", name));
  }
  std::string out;
  AppendAsset(out, *instrument, reads.ids);
  return Json(std::move(out));
}

http::Response Calendar(const MarketReads& reads, const http::Request& request, size_t) {
  const auto query = CalendarQueryOf(request.query, reads.floor_time());
  if (!query) return query.error();
  return Json(CalendarJson(query->first, query->last, query->by));
}

http::ResponseDoc Answer(std::string_view description, std::string_view schema) {
  return {200, "application/json", std::string(description), std::string(schema)};
}

}  // namespace

void AddAssetEndpoints(http::Router& router, const MarketReadsPtr& reads) {
  const std::string_view fields =
      "id, class, exchange (CRYPTO, or empty), symbol, name, status, tradable, marginable, "
      "shortable, easy_to_borrow, fractionable, attributes, margin requirements, increments.";
  router.Add({.method = "GET",
              .pattern = "/v2/assets",
              .summary = "All instruments as assets",
              .parameters = {{"status", "query", "active or inactive; all are active."},
                             {"asset_class", "query", "us_equity or crypto; both if missing."},
                             {"exchange", "query", "CRYPTO; of shares no exchange is known."}},
              .responses = {Answer(fields, "Assets"), alpaca_docs::kUnauthorized},
              .handler = ForAccounts(reads, Assets)});
  router.Add(
      {.method = "GET",
       .pattern = "/v2/assets/{symbol_or_asset_id}",
       .summary = "One asset, by its id or any spelling of its symbol",
       .parameters = {{"symbol_or_asset_id", "path", "Such as AAPL, BTCUSD or BTC%2FUSD.", "string",
                       true}},
       .responses = {Answer(fields, "Asset"), alpaca_docs::kUnauthorized, alpaca_docs::kNotFound},
       .handler = ForAccounts(reads, Asset)});
  router.Add(
      {.method = "GET",
       .pattern = "/v2/assets/{base}/{quote}",
       .summary = "One asset, by a symbol with a slash",
       .parameters = {docs::kBaseOfCoin, docs::kQuoteOfCoin},
       .responses = {Answer(fields, "Asset"), alpaca_docs::kUnauthorized, alpaca_docs::kNotFound},
       .handler = ForAccounts(reads, Asset)});
}

void AddSessionEndpoints(http::Router& router, const MarketReadsPtr& reads) {
  router.Add(
      {.method = "GET",
       .pattern = "/v2/clock",
       .summary = "The market's clock",
       .parameters = {},
       .responses = {Answer("timestamp, is_open, next_open, next_close, with New York's "
                            "offset. With market.hours=always it is always open.",
                            "Clock"),
                     alpaca_docs::kUnauthorized},
       .handler = ForAccounts(reads, [](const MarketReads& all, const http::Request&, size_t) {
         return Json(ClockJson(all.sessions, all.floor_time()));
       })});
  router.Add({.method = "GET",
              .pattern = "/v2/calendar",
              .summary = "Trading days of the New York Stock Exchange, 1990 to 2100",
              .parameters = {{"start", "query", "The first date; a year ago if missing."},
                             {"end", "query", "The last date; in a year if missing."},
                             {"date_type", "query", "TRADING (the default) or SETTLEMENT."}},
              .responses = {Answer("date, open, close, session_open, session_close, "
                                   "settlement_date of each trading day.",
                                   "Calendar"),
                            alpaca_docs::kUnauthorized, alpaca_docs::kBadQuery},
              .handler = ForAccounts(reads, Calendar)});
}

}  // namespace livetape::api
