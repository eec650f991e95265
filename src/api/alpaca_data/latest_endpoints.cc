#include "api/alpaca_data/latest_endpoints.h"

#include <fmt/format.h>

#include "api/alpaca/alpaca_error.h"
#include "api/alpaca_data/endpoint_docs.h"
#include "api/alpaca_data/market_json.h"
#include "api/alpaca_data/market_query.h"
#include "base/json_text.h"

namespace livetape::api {
namespace {

using base::WallTime;
using model::Timeframe;

// What is asked for, and what it is called.
struct Subject {
  std::string_view one, several;
  // Appends it; false: there is none yet.
  bool (*append)(std::string& out, const MarketReads& reads, size_t loop,
                 const market::Instruments::Found& found, MarketFamily family);
  std::string_view schema{}, schema_of_several{};  // asset_schemas.cc
};

std::vector<model::Bar> Newest(const MarketReads& reads, model::InstrumentId id,
                               Timeframe timeframe, size_t count) {
  return reads.bars.Read(id, timeframe, WallTime::min(), WallTime::max(), count);
}

bool AppendQuote(std::string& out, const MarketReads& reads, size_t loop,
                 const market::Instruments::Found& found, MarketFamily family) {
  const auto quote = reads.quote(loop, found.instrument.symbol);
  if (quote) AppendAlpacaQuote(out, *quote, family);
  return quote.has_value();
}

bool AppendTrade(std::string& out, const MarketReads& reads, size_t loop,
                 const market::Instruments::Found& found, MarketFamily family) {
  const auto quote = reads.quote(loop, found.instrument.symbol);
  if (quote) AppendAlpacaTrade(out, *quote, family);
  return quote.has_value();
}

bool AppendBar(std::string& out, const MarketReads& reads, size_t,
               const market::Instruments::Found& found, MarketFamily) {
  const auto bars = Newest(reads, found.id, Timeframe::k1m, 1);
  if (!bars.empty()) AppendAlpacaBar(out, bars.front());
  return !bars.empty();
}

// The fields without braces, so that a single one can have its symbol among them.
bool AppendSnapshot(std::string& out, const MarketReads& reads, size_t loop,
                    const market::Instruments::Found& found, MarketFamily family) {
  MarketSnapshot snapshot;
  snapshot.quote = reads.quote(loop, found.instrument.symbol);
  const auto minutes = Newest(reads, found.id, Timeframe::k1m, 1);
  const auto days = Newest(reads, found.id, Timeframe::k1d, 2);
  if (!minutes.empty()) snapshot.minute = minutes.back();
  if (!days.empty()) snapshot.daily = days.back();
  if (days.size() == 2) snapshot.previous_daily = days.front();
  if (!snapshot.quote && !snapshot.minute && !snapshot.daily) return false;
  AppendSnapshotFields(out, snapshot, family);
  return true;
}

constexpr Subject kSubjects[] = {
    {"quote", "quotes", AppendQuote, "SymbolLatestQuote", "QuoteBySymbol"},
    {"trade", "trades", AppendTrade, "SymbolTrade", "TradeBySymbol"},
    {"bar", "bars", AppendBar, "SymbolBar", "BarBySymbol"}};

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

http::Response NothingFound(std::string_view what, std::string_view symbol) {
  return AlpacaError(404, kCodeNotFound, fmt::format("no {} found for {}", what, symbol));
}

http::Response LatestOfOne(const MarketReads& reads, const http::Request& request, size_t loop,
                           const Subject& subject) {
  const std::string& spelling = request.args[0];
  const auto found = reads.instruments.Find(spelling);
  if (!found) return NothingFound(subject.one, spelling);
  std::string out = "{\"symbol\":";
  base::AppendJsonString(out, found->instrument.symbol);
  out += fmt::format(",\"{}\":", subject.one);
  if (!subject.append(out, reads, loop, *found, MarketFamily::kStocks)) {
    return NothingFound(subject.one, spelling);
  }
  return Json(out + '}');
}

// {"AAPL":...,...} of those that have one; `open` and `close` go around each.
AlpacaField<std::string> BySymbol(const MarketReads& reads, const http::Request& request,
                                  size_t loop, const Subject& subject, MarketFamily family,
                                  std::string_view open, std::string_view close) {
  const auto wanted = WantedInstruments(request.query, reads.instruments);
  if (!wanted) return std::unexpected(wanted.error());
  std::string out = "{";
  for (const WantedInstrument& one : *wanted) {
    std::string text;
    if (!subject.append(text, reads, loop, {one.id, one.instrument}, family)) continue;
    if (out.back() != '{') out += ',';
    base::AppendJsonString(out, one.spelling);
    out += ':';
    out += open;
    out += text;
    out += close;
  }
  out += '}';
  return out;
}

http::Response LatestOfSeveral(const MarketReads& reads, const http::Request& request, size_t loop,
                               const Subject& subject, MarketFamily family) {
  const auto by_symbol = BySymbol(reads, request, loop, subject, family, "", "");
  if (!by_symbol) return by_symbol.error();
  return Json(fmt::format("{{\"{}\":{}}}", subject.several, *by_symbol));
}

http::Response SnapshotOfOne(const MarketReads& reads, const http::Request& request, size_t loop) {
  const std::string& spelling = request.args[0];
  const auto found = reads.instruments.Find(spelling);
  if (!found) return NothingFound("snapshot", spelling);
  std::string out = "{\"symbol\":";
  base::AppendJsonString(out, found->instrument.symbol);
  out += ',';
  if (!AppendSnapshot(out, reads, loop, *found, MarketFamily::kStocks)) {
    return NothingFound("snapshot", spelling);
  }
  return Json(out + '}');
}

// Stocks by symbol at the top, crypto under `snapshots`, as Alpaca has it.
http::Response SnapshotsOfSeveral(const MarketReads& reads, const http::Request& request,
                                  size_t loop, MarketFamily family) {
  const Subject subject{"snapshot", "snapshots", AppendSnapshot};
  const auto by_symbol = BySymbol(reads, request, loop, subject, family, "{", "}");
  if (!by_symbol) return by_symbol.error();
  if (family == MarketFamily::kStocks) return Json(*by_symbol);
  return Json(fmt::format("{{\"snapshots\":{}}}", *by_symbol));
}

http::ResponseDoc Answer(std::string description, std::string_view schema) {
  return {200, "application/json", std::move(description), std::string(schema)};
}

void AddLatest(http::Router& router, const MarketReadsPtr& reads, const Subject& subject) {
  router.Add({.method = "GET",
              .pattern = fmt::format("/v2/stocks/{{symbol}}/{}/latest", subject.several),
              .summary = fmt::format("The latest {} of one symbol", subject.one),
              .parameters = {alpaca_docs::kSymbol},
              .responses = {Answer(fmt::format("symbol and {}.", subject.one), subject.schema),
                            alpaca_docs::kUnauthorized, alpaca_docs::kPricesNotGranted,
                            alpaca_docs::kNotFound},
              .handler = ForPrices(reads, [&subject](const MarketReads& all,
                                                     const http::Request& request, size_t loop) {
                return LatestOfOne(all, request, loop, subject);
              })});
  const auto several = [&](std::string pattern, MarketFamily family) {
    router.Add(
        {.method = "GET",
         .pattern = std::move(pattern),
         .summary = fmt::format("The latest {} of several symbols", subject.several),
         .parameters = {alpaca_docs::kSymbols},
         .responses = {Answer(fmt::format("{}: one for each symbol that has one.", subject.several),
                              subject.schema_of_several),
                       alpaca_docs::kUnauthorized, alpaca_docs::kPricesNotGranted,
                       alpaca_docs::kBadQuery},
         .handler = ForPrices(reads, [&subject, family](const MarketReads& all,
                                                        const http::Request& request, size_t loop) {
           return LatestOfSeveral(all, request, loop, subject, family);
         })});
  };
  several(fmt::format("/v2/stocks/{}/latest", subject.several), MarketFamily::kStocks);
  several(fmt::format("/v1beta3/crypto/us/latest/{}", subject.several), MarketFamily::kCrypto);
}

void AddSnapshots(http::Router& router, const MarketReadsPtr& reads) {
  const std::string fields = "latestTrade, latestQuote, minuteBar, dailyBar, prevDailyBar";
  router.Add({.method = "GET",
              .pattern = "/v2/stocks/{symbol}/snapshot",
              .summary = "A snapshot of one symbol",
              .parameters = {alpaca_docs::kSymbol},
              .responses = {Answer("symbol, " + fields + ".", "SymbolSnapshot"),
                            alpaca_docs::kUnauthorized, alpaca_docs::kPricesNotGranted,
                            alpaca_docs::kNotFound},
              .handler = ForPrices(reads, SnapshotOfOne)});
  const auto several = [&](std::string pattern, MarketFamily family, std::string description,
                           std::string_view schema) {
    router.Add({.method = "GET",
                .pattern = std::move(pattern),
                .summary = "Snapshots of several symbols",
                .parameters = {alpaca_docs::kSymbols},
                .responses = {Answer(std::move(description), schema), alpaca_docs::kUnauthorized,
                              alpaca_docs::kPricesNotGranted, alpaca_docs::kBadQuery},
                .handler = ForPrices(reads, [family](const MarketReads& all,
                                                     const http::Request& request, size_t loop) {
                  return SnapshotsOfSeveral(all, request, loop, family);
                })});
  };
  several("/v2/stocks/snapshots", MarketFamily::kStocks, "By symbol: " + fields + ".",
          "SnapshotsBySymbol");
  several("/v1beta3/crypto/us/snapshots", MarketFamily::kCrypto,
          "snapshots, by symbol: " + fields + ".", "CryptoSnapshots");
}

}  // namespace

void AddLatestEndpoints(http::Router& router, const MarketReadsPtr& reads) {
  for (const Subject& subject : kSubjects) AddLatest(router, reads, subject);
  AddSnapshots(router, reads);
}

}  // namespace livetape::api
