#include "api/alpaca_data/market_reads.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "api/alpaca/alpaca_error.h"
#include "api/alpaca_data/market_query.h"
#include "api/market/market_topics.h"
#include "auth/grants.h"

namespace livetape::api {

std::optional<http::Response> RefusePrices(const MarketReads& reads, const http::Request& request,
                                           const AccountWish& wish) {
  if (!wish.claims || !wish.claims->topics) return std::nullopt;
  const auto refuse = [&](const model::Instrument& instrument) -> std::optional<http::Response> {
    const std::string topic = MarketTopic(instrument.symbol);
    const auto covers = [&topic](const std::string& granted) {
      return auth::Covers(granted, topic);
    };
    if (std::ranges::any_of(*wish.claims->topics, covers)) return std::nullopt;
    return AlpacaError(
        403, kCodeForbidden,
        fmt::format("the token does not grant the topic {}; see its topics claim", topic));
  };
  // What nobody knows has no prices; the handler says so.
  if (!request.args.empty()) {
    const auto found = reads.instruments.Find(request.args[0]);
    return found ? refuse(found->instrument) : std::nullopt;
  }
  const auto wanted = WantedInstruments(request.query, reads.instruments);
  if (!wanted) return wanted.error();
  for (const WantedInstrument& one : *wanted) {
    if (auto refused = refuse(one.instrument)) return refused;
  }
  return std::nullopt;
}

}  // namespace livetape::api
