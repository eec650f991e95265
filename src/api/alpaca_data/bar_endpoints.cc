#include "api/alpaca_data/bar_endpoints.h"

#include <functional>
#include <utility>

#include "api/alpaca_data/bar_page.h"
#include "api/alpaca_data/endpoint_docs.h"
#include "api/alpaca_data/market_json.h"
#include "api/alpaca_data/market_query.h"
#include "base/json_text.h"
#include "http/unavailable.h"

namespace livetape::api {
namespace {

void AppendBars(std::string& out, const std::vector<model::Bar>& bars) {
  out += '[';
  for (const model::Bar& bar : bars) {
    if (out.back() != '[') out += ',';
    AppendAlpacaBar(out, bar);
  }
  out += ']';
}

http::Response Answer(std::string out, const std::optional<PageEnd>& next) {
  out += ",\"next_page_token\":";
  if (next) {
    base::AppendJsonString(out, EncodePageToken(*next));
  } else {
    out += "null";
  }
  out += '}';
  http::Response response;
  response.body = std::move(out);
  return response;
}

// The page on a reading thread, then the answer made of it.
http::Reply Paged(const MarketReads& reads, size_t loop, std::vector<AskedSymbol> symbols,
                  const BarQuery& query, std::function<http::Response(const BarPage&)> answer) {
  const auto read = [&live = reads.bars, symbols = std::move(symbols), query,
                     answer = std::move(answer)](store::Reader* stored) -> http::Response {
    const auto page = ReadPage(BarSource(live, stored), symbols, query);
    if (!page) return http::Unavailable(page.error().message);
    return answer(*page);
  };
  if (reads.stored == nullptr) return read(nullptr);
  return reads.stored->ReadNow(loop, [read](store::Reader& reader) { return read(&reader); });
}

// An unknown symbol has no bars, as at Alpaca: clients read on until the last page.
http::Reply BarsOfOne(const MarketReads& reads, const http::Request& request, size_t loop) {
  const auto query = BarQueryOf(request.query, reads.floor_time());
  if (!query) return query.error();
  const std::string& spelling = request.args[0];
  const auto found = reads.instruments.Find(spelling);
  std::vector<AskedSymbol> symbols;
  if (found) symbols.push_back({spelling, found->id, found->instrument.symbol});
  return Paged(reads, loop, std::move(symbols), *query,
               [name = found ? found->instrument.symbol : spelling](const BarPage& page) {
                 std::string out = "{\"bars\":";
                 AppendBars(out,
                            page.rows.empty() ? std::vector<model::Bar>() : page.rows.front().bars);
                 out += ",\"symbol\":";
                 base::AppendJsonString(out, name);
                 return Answer(std::move(out), page.next);
               });
}

http::Reply BarsOfSeveral(const MarketReads& reads, const http::Request& request, size_t loop) {
  const auto query = BarQueryOf(request.query, reads.floor_time());
  if (!query) return query.error();
  const auto wanted = WantedInstruments(request.query, reads.instruments);
  if (!wanted) return wanted.error();
  std::vector<AskedSymbol> symbols;
  for (const WantedInstrument& one : *wanted) {
    symbols.push_back({one.spelling, one.id, one.instrument.symbol});
  }
  return Paged(reads, loop, std::move(symbols), *query, [](const BarPage& page) {
    std::string out = "{\"bars\":{";
    for (const BarPage::Row& row : page.rows) {
      if (out.back() != '{') out += ',';
      base::AppendJsonString(out, row.spelling);
      out += ':';
      AppendBars(out, row.bars);
    }
    out += '}';
    return Answer(std::move(out), page.next);
  });
}

std::vector<http::ParameterDoc> Parameters(const http::ParameterDoc& symbol) {
  return {symbol,
          {"timeframe", "query",
           "1Min (the default) to 59Min, 1Hour to 23Hour, 1Day, 1Week, 1, 2, 3, 4, 6 or 12Month, "
           "1Sec; buckets are counted from 00:00 UTC."},
          {"start", "query",
           "Start of the first bar, RFC 3339 or a date; the current day in UTC if missing."},
          {"end", "query", "Start of the last bar; a date means its whole day."},
          {"limit", "query", "Bars of all symbols together: 1 to 10000, 1000 if missing.",
           "BarPageLimit"},
          {"sort", "query", "asc (the default) or desc.", "Ascending"},
          {"page_token", "query", "The next_page_token of the page before."}};
}

http::ResponseDoc Page(std::string schema) {
  return {200, "application/json",
          "bars: t, o, h, l, c, v, n, vw of each, the open one included; vw is the typical price "
          "(h + l + c) / 3. next_page_token: null at the end.",
          std::move(schema)};
}

}  // namespace

void AddBarEndpoints(http::Router& router, const MarketReadsPtr& reads) {
  router.Add({.method = "GET",
              .pattern = "/v2/stocks/{symbol}/bars",
              .summary = "Bars of one symbol",
              .parameters = Parameters(alpaca_docs::kSymbol),
              .responses = {Page("SymbolBars"), alpaca_docs::kUnauthorized,
                            alpaca_docs::kPricesNotGranted, alpaca_docs::kBadQuery},
              .handler = ForPrices(reads, BarsOfOne)});
  for (const char* path : {"/v2/stocks/bars", "/v1beta3/crypto/us/bars"}) {
    router.Add({.method = "GET",
                .pattern = path,
                .summary = "Bars of several symbols",
                .parameters = Parameters(alpaca_docs::kSymbols),
                .responses = {Page("BarsBySymbol"), alpaca_docs::kUnauthorized,
                              alpaca_docs::kPricesNotGranted, alpaca_docs::kBadQuery},
                .handler = ForPrices(reads, BarsOfSeveral)});
  }
}

}  // namespace livetape::api
