#include "api/market/market_streams.h"

#include <chrono>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/market/market_topics.h"
#include "api/query_fields.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr size_t kSymbolsMax = 1000;

hub::TopicPattern Pattern(std::string_view text) {
  auto pattern = hub::TopicPattern::Parse(text);
  LT_ASSERT(pattern.has_value(), "pattern {}", text);
  return *std::move(pattern);
}

// Opens the stream if the caller may read it.
http::Reply Open(const Backend& backend, const http::Request& request, size_t loop,
                 const Caller& caller, hub::StreamSpec spec, std::function<void()> opened) {
  if (auto refused = backend.access.Refuse(caller, spec.patterns)) return *std::move(refused);
  StreamWish wish;
  wish.spec = std::move(spec);
  wish.opened = std::move(opened);
  return backend.loops[loop]->Open(request, caller, std::move(wish));
}

http::Reply AllSymbols(const Backend& backend, const http::Request& request, size_t loop,
                       const Caller& caller) {
  const auto interval = IntervalField(request.query, backend.config.sse.interval);
  if (!interval) return interval.error();
  const auto symbols = ListField(request.query, "symbols", kSymbolsMax);
  if (!symbols) return symbols.error();
  hub::StreamSpec spec;
  spec.types = {std::string(kQuoteType)};
  spec.rendering = &backend.renderings.price_json;
  spec.interval = *interval;
  for (const std::string& symbol : *symbols) {
    const auto found = backend.instruments.Find(symbol);
    if (!found) return SymbolNotFound();
    spec.patterns.push_back(Pattern(MarketTopic(found->instrument.symbol)));
  }
  if (spec.patterns.empty()) spec.patterns.push_back(Pattern("market/*"));
  return Open(backend, request, loop, caller, std::move(spec), backend.market_stream_opened);
}

http::Reply OneSymbol(const Backend& backend, const http::Request& request, size_t loop,
                      const Caller& caller) {
  const auto found = backend.instruments.Find(request.args[0]);
  if (!found) return SymbolNotFound();
  const std::string& symbol = found->instrument.symbol;
  const auto& configured = backend.config.market.interval;
  const auto usual = configured.find(symbol);
  const auto interval = IntervalField(
      request.query, usual == configured.end() ? milliseconds(seconds(1)) : usual->second);
  if (!interval) return interval.error();
  const auto format = ChoiceField(request.query, "format", {"text", "json"});
  if (!format) return format.error();
  hub::StreamSpec spec;
  spec.patterns = {Pattern(MarketTopic(symbol))};
  spec.types = {std::string(kQuoteType)};
  spec.rendering = *format == "json"
                       ? static_cast<const hub::Rendering*>(&backend.renderings.price_json)
                       : &backend.renderings.price_text;
  spec.interval = *interval;
  spec.repeat = true;
  return Open(backend, request, loop, caller, std::move(spec), backend.market_stream_opened);
}

http::Reply Clock(const Backend& backend, const http::Request& request, size_t loop,
                  const Caller& caller) {
  hub::StreamSpec spec;
  spec.patterns = {Pattern(kClockTopic)};
  spec.rendering = &backend.renderings.clock;
  spec.interval = seconds(1);
  return Open(backend, request, loop, caller, std::move(spec), [] {});
}

// With `Upgrade: websocket` this path is Alpaca's trade updates; there the key comes over the socket.
http::Handler StreamOrSocket(const Backend& backend) {
  return
      [&backend,
       stream = Guard(backend.access, auth::Permission::kSubscribe,
                      [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                        return AllSymbols(backend, request, loop, caller);
                      })](const http::Request& request, size_t loop) -> http::Reply {
        if (auto socket = backend.trade_updates(request, loop)) return *std::move(socket);
        return stream(request, loop);
      };
}

}  // namespace

void AddMarketStreams(http::Router& router, const Backend& backend) {
  router.Add({.method = "GET",
              .pattern = "/stream",
              .summary = "Prices of all symbols as they change",
              .parameters = {{"symbols", "query", "Only these, as a comma list."},
                             docs::kInterval,
                             docs::kLastEventId},
              .responses = {docs::Events("PriceStream"), docs::kUnauthorized, docs::kForbidden,
                            docs::kNoSymbol, docs::kBadQuery, docs::kTooManyStreams},
              .stream = true,
              .handler = StreamOrSocket(backend)});
  router.Add(
      {.method = "GET",
       .pattern = "/sse/{symbol}",
       .summary = "The price of one symbol, at each interval",
       .parameters = {{"symbol", "path", "Such as AAPL, BTC or BTC/USD.", "string", true},
                      {"format", "query", "text (the default) or json.", "PriceFormat"},
                      docs::kInterval,
                      docs::kLastEventId},
       .responses = {docs::Events("SymbolPriceStream"), docs::kUnauthorized, docs::kForbidden,
                     docs::kNoSymbol, docs::kBadQuery, docs::kTooManyStreams},
       .stream = true,
       .handler =
           Guard(backend.access, auth::Permission::kSubscribe,
                 [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                   return OneSymbol(backend, request, loop, caller);
                 })});
  router.Add({.method = "GET",
              .pattern = "/sse",
              .summary = "The time of day in UTC, once a second",
              .parameters = {docs::kLastEventId},
              .responses = {docs::Events("ClockStream"), docs::kUnauthorized, docs::kForbidden,
                            docs::kTooManyStreams},
              .stream = true,
              .handler = Guard(
                  backend.access, auth::Permission::kSubscribe,
                  [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                    return Clock(backend, request, loop, caller);
                  })});
}

}  // namespace livetape::api
