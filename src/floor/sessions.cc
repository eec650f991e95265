// Sessions and days: when us_equity trades, what waits for an opening or a closing, and what ends
// with the day (docs/trading.md, "Prices, clocks, days").
//
// An opg order is due at the first opening after it was placed: a session of its exchange or, where
// everything always trades, a day. At the first quote after it the order fills as far as it can and
// the rest expires; without any quote it expires at the close or the next roll. A cls order fills at
// the last mark before the close or the roll, or expires there.

#include "base/assert.h"
#include "floor/floor_state.h"

namespace livetape::floor {

using model::OrderStatus;
using model::TimeInForce;

void TradingFloor::State::OnSession(base::WallTime time, SessionEvent event) {
  Advance(time);
  Settle();
  switch (event) {
    case SessionEvent::kOpen:
      return OpenSession(time);
    case SessionEvent::kClose:
      return CloseSession(time);
    case SessionEvent::kDayRoll:
      return RollDay(time);
  }
}

void TradingFloor::State::OpenSession(base::WallTime time) {
  session_ = time;
  for (Market& market : markets_) {
    if (!BoundToSessions(market) || market.open) continue;
    market.begins = true;
    market.opened = time;
  }
}

void TradingFloor::State::CloseSession(base::WallTime time) {
  session_.reset();
  for (Market& market : markets_) {
    if (!BoundToSessions(market)) continue;
    EndOpening(market, time);
    Auction(market, time);
    market.open = false;
  }
}

// Whether the first quote has come since is not known: if it has, nothing is due any more.
void TradingFloor::State::ResumeDay(base::WallTime began) {
  for (Market& market : markets_) {
    if (BoundToSessions(market)) continue;
    market.begins = true;
    market.opened = began;
  }
}

// After a restart what ends a session or a day may be told again, when some accounts have had it,
// and hold orders that are younger.
bool TradingFloor::State::Had(const OpenOrder& o, base::WallTime end) const {
  return o.order.created > end || TraderOf(o.order.account).held >= end;
}

void TradingFloor::State::RollDay(base::WallTime time) {
  for (Market& market : markets_) {
    if (BoundToSessions(market)) continue;
    if (market.standing > 0) {
      EndOpening(market, time);
      Auction(market, time);
    }
    market.begins = true;
    market.opened = time;
  }
  ExpireDayOrders(time);
  // No price has changed since all were sampled: those that have not changed either are worth that.
  const bool sampled = changed_.empty();
  EndRiskDay(time);
  for (const auto& trader : traders_) {
    if (trader->held >= time) continue;
    if (!sampled || trader->touched) trader->account.Sample(quotes_);
    if (risk_) risk_->EndDay(trader->id, trader->account, quotes_);
    trader->account.BeginDay(quotes_);
    Touch(*trader);
  }
  quotes_.Roll();
}

// The first quote of a session or a day has come.
void TradingFloor::State::Begin(Market& market) {
  market.begins = false;
  market.open = true;
  if (market.standing == 0) return;
  VisitReached(market.queue(Line::kOpenings), MatchQueue::kNever, [&](OpenOrder& o) {
    if (o.order.created > market.opened) return;
    Withdraw(o);
    Open(o);
    if (Trade(o, false)) Close(o, OrderEventKind::kExpired);
  });
  VisitReached(market.queue(Line::kSession), MatchQueue::kNever, [&](OpenOrder& o) {
    Withdraw(o);
    Open(o);
    Arrive(o);
  });
}

void TradingFloor::State::EndOpening(Market& market, base::WallTime end) {
  if (!market.begins) return;
  market.begins = false;
  VisitReached(market.queue(Line::kOpenings), MatchQueue::kNever, [&](OpenOrder& o) {
    if (o.order.created <= market.opened && !Had(o, end)) Close(o, OrderEventKind::kExpired);
  });
}

void TradingFloor::State::Auction(Market& market, base::WallTime end) {
  const model::Quote* const quote = quotes_.Find(market.id);
  VisitReached(market.queue(Line::kClosings), MatchQueue::kNever, [&](OpenOrder& o) {
    if (Had(o, end)) return;
    if (quote == nullptr || (Limited(o.order) && Beyond(o.order, quote->price))) {
      return Close(o, OrderEventKind::kExpired);
    }
    Withdraw(o);
    Open(o);
    const base::Price price = PriceOf(o, quote->price);
    MakeFill(o, {.quantity = Wanted(o, price),
                 .price = price,
                 .source = quote->price,
                 .model = market.by_bars ? FillModel::kBar : FillModel::kQuote,
                 .completes = true});
  });
}

// All but gtc and what waits for an auction: also ioc and fok orders whose session had no quote.
void TradingFloor::State::ExpireDayOrders(base::WallTime roll) {
  std::vector<model::OrderId> ending;
  for (const auto& trader : traders_) {
    if (trader->orders.first == nullptr) continue;
    ending.clear();
    for (const OpenOrder* o = trader->orders.first; o != nullptr; o = o->after) {
      const TimeInForce tif = o->order.tif;
      const bool stays =
          tif == TimeInForce::kGtc || tif == TimeInForce::kOpg || tif == TimeInForce::kCls;
      if (!stays && !Had(*o, roll)) ending.push_back(o->order.id);
    }
    for (const model::OrderId id : ending) {
      if (OpenOrder* const o = orders_.Find(id)) Close(*o, OrderEventKind::kExpired);
    }
    Settle();
  }
}

}  // namespace livetape::floor
