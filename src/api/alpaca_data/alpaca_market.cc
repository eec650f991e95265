#include "api/alpaca_data/alpaca_market.h"

#include <memory>
#include <utility>

#include "api/alpaca_data/asset_endpoints.h"
#include "api/alpaca_data/bar_endpoints.h"
#include "api/alpaca_data/latest_endpoints.h"
#include "api/alpaca_data/market_reads.h"
#include "api/market/market_topics.h"
#include "api/market/quote_json.h"

namespace livetape::api {
namespace {

std::optional<model::Quote> QuoteOf(const Backend& backend, size_t loop, std::string_view symbol) {
  hub::Shard& shard = backend.loops[loop]->shard();
  shard.Refresh();
  const auto index = shard.table().Find(*QuoteKey(symbol));
  if (!index) return std::nullopt;
  return DecodeQuote(shard.table().value(*index).view());
}

}  // namespace

void AddAlpacaData(http::Router& router, const Backend& backend, const TradingBackend& trading,
                   const market::Sessions& sessions, std::function<base::WallTime()> floor_time) {
  const auto reads = std::make_shared<const MarketReads>(MarketReads{
      .instruments = backend.instruments,
      .bars = backend.bars,
      .sessions = sessions,
      .access = trading.access,
      .ids = trading.ids,
      .floor_time = std::move(floor_time),
      .quote = [&backend](size_t loop,
                          std::string_view symbol) { return QuoteOf(backend, loop, symbol); },
      .stored = &backend.stored});
  AddSessionEndpoints(router, reads);
  AddAssetEndpoints(router, reads);
  AddBarEndpoints(router, reads);
  AddLatestEndpoints(router, reads);
}

}  // namespace livetape::api
