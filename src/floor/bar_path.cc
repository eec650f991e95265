// Bars as input: the price walks from one end of the bar to the other and stops wherever an order
// waits, so that orders match at their own prices, in the order in which the path comes to them, by
// the same code as on any tick (docs/trading.md, "Bars").

#include <algorithm>
#include <array>
#include <limits>

#include "floor/floor_state.h"

namespace livetape::floor {

using model::OrderId;

// The whole market is at one price.
void TradingFloor::State::Step(Market& market, base::WallTime time, base::Price price) {
  quotes_.ApplyPrice(time, market.id, price);
  market.by_bars = true;
  Match(market);
}

void TradingFloor::State::Walk(Market& market, base::WallTime time, base::Price to) {
  int64_t at = quotes_.Find(market.id)->price.units();
  const bool up = to.units() > at;
  const auto sign = up ? 1 : -1;
  MatchQueue& limits = market.queue(up ? Line::kSellLimits : Line::kBuyLimits);
  MatchQueue& stops = market.queue(up ? Line::kBuyStops : Line::kSellStops);
  while (market.open) {
    // The nearest order ahead; what is at or behind `at` has had its turn.
    int64_t next = sign * to.units();
    for (const MatchQueue* const queue : {&limits, &stops}) {
      const OrderId last(std::numeric_limits<uint64_t>::max());
      const MatchQueue::Spot* const ahead = queue->After({sign * at, last, nullptr});
      if (ahead != nullptr) next = std::min(next, ahead->key);
    }
    if (next == sign * to.units()) break;
    at = sign * next;
    Step(market, time, base::Price::FromUnits(at));
  }
  Step(market, time, to);
}

void TradingFloor::State::OnBarOpen(base::WallTime time, model::InstrumentId instrument,
                                    base::Price open) {
  Advance(time);
  Step(MarketOf(instrument), time, open);
}

void TradingFloor::State::OnBarRest(base::WallTime time, model::InstrumentId instrument,
                                    const model::Bar& bar) {
  Advance(time);
  Market& market = MarketOf(instrument);
  const model::Quote* const quote = quotes_.Find(instrument);
  // Where nobody waits the way there changes nothing but the mark, and of that only its end stays;
  // but the first price of a day is its open.
  if (market.standing == 0 && !options_.check_identity_on_ticks) {
    if (quote == nullptr || quote->reference.zero()) {
      quotes_.ApplyPrice(time, instrument, bar.open);
    }
    return Step(market, time, bar.close);
  }
  if (quote == nullptr || quote->price != bar.open) Step(market, time, bar.open);
  const bool rises = bar.close >= bar.open;
  for (const base::Price to : {rises ? bar.low : bar.high, rises ? bar.high : bar.low, bar.close}) {
    Walk(market, time, to);
  }
}

}  // namespace livetape::floor
