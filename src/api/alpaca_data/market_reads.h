#pragma once

// MarketReads: all that the market-data, clock, calendar and asset endpoints read. Immutable; any
// thread. What it points to outlives it.

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "api/paper/account_access.h"
#include "api/paper/store_reads.h"
#include "api/paper/trading_ids.h"
#include "base/clock.h"
#include "http/router.h"
#include "market/bar_history.h"
#include "market/instruments.h"
#include "market/sessions.h"
#include "model/quote.h"

namespace livetape::api {

struct MarketReads {
  const market::Instruments& instruments;
  const market::BarHistory& bars;
  const market::Sessions& sessions;
  const AccountAccess& access;
  const TradingIds& ids;
  std::function<base::WallTime()> floor_time;
  // As the event loop knows it; nothing: no price yet. Called by that loop's thread.
  std::function<std::optional<model::Quote>(size_t loop, std::string_view symbol)> quote;
  StoreReads* stored = nullptr;  // older bars; null: there are none
};

using MarketReadsPtr = std::shared_ptr<const MarketReads>;

// A handler for requests that may use an account; others get what AccountAccess says.
template <typename Answer>  // http::Reply(const MarketReads&, const http::Request&, size_t loop)
http::Handler ForAccounts(MarketReadsPtr reads, Answer answer) {
  return [reads = std::move(reads), answer = std::move(answer)](const http::Request& request,
                                                                size_t loop) -> http::Reply {
    const auto wish = reads->access.OfAlpaca(request);
    if (!wish) return wish.error();
    return answer(*reads, request, loop);
  };
}

// Nothing, or Alpaca's 403 that names the first topic market/<SYMBOL> that a token's topics claim does not
// grant, of the symbols that the path or `symbols` names. A key of an account reads all of the market.
std::optional<http::Response> RefusePrices(const MarketReads& reads, const http::Request& request,
                                           const AccountWish& wish);

// A handler for requests that may use an account and read the prices that they name.
template <typename Answer>  // as above
http::Handler ForPrices(MarketReadsPtr reads, Answer answer) {
  return [reads = std::move(reads), answer = std::move(answer)](const http::Request& request,
                                                                size_t loop) -> http::Reply {
    const auto wish = reads->access.OfAlpaca(request);
    if (!wish) return wish.error();
    if (auto refused = RefusePrices(*reads, request, *wish)) return *std::move(refused);
    return answer(*reads, request, loop);
  };
}

}  // namespace livetape::api
