// Matching: which orders the market has come to, in which order, and what they can take.

#include <algorithm>

#include "base/assert.h"
#include "floor/floor_state.h"

namespace livetape::floor {

using model::OrderStatus;
using model::OrderType;
using model::TimeInForce;

void TradingFloor::State::Match(Market& market, bool book_is_new) {
  Flag(market);
  if (!unsettled_.empty()) [[unlikely]]
    Settle();
  if (market.begins) [[unlikely]] {
    Begin(market);
    book_is_new = true;
  }
  if (!market.open) return;
  if (market.standing > 0) MatchReached(market, *quotes_.Find(market.id), book_is_new);
  if (options_.check_identity_on_ticks) {
    for (const model::AccountId holder : market.holders) CheckIdentity(TraderOf(holder));
  }
}

// Most ticks reach nobody: a few comparisons. Where depth limits a side, only a new book can give
// more of it.
void TradingFloor::State::MatchReached(Market& market, const model::Quote& quote,
                                       bool book_is_new) {
  const DepthSide* const asks = market.DepthFor(model::Side::kBuy);
  const DepthSide* const bids = market.DepthFor(model::Side::kSell);
  const int64_t ask = (asks != nullptr ? asks->best() : quote.ask).units();
  const int64_t bid = (bids != nullptr ? bids->best() : quote.bid).units();
  const int64_t price = quote.price.units();

  const auto rested = [this](OpenOrder& o) { Execute(o, false); };
  const auto reached = [this](OpenOrder& o) { Trigger(o); };
  MatchQueue& markets = market.queue(Line::kMarkets);
  if (!markets.empty() && (book_is_new || asks == nullptr || bids == nullptr)) {
    VisitReached(markets, MatchQueue::kNever, rested);
  }
  MatchQueue& buy_limits = market.queue(Line::kBuyLimits);
  if (buy_limits.best() <= -ask && (book_is_new || asks == nullptr)) {
    VisitReached(buy_limits, -ask, rested);
  }
  MatchQueue& sell_limits = market.queue(Line::kSellLimits);
  if (sell_limits.best() <= bid && (book_is_new || bids == nullptr)) {
    VisitReached(sell_limits, bid, rested);
  }

  if (market.rising.best() < price || market.sinking.best() < -price) Trail(market, quote.price);
  MatchQueue& buy_stops = market.queue(Line::kBuyStops);
  if (buy_stops.best() <= price) VisitReached(buy_stops, price, reached);
  MatchQueue& sell_stops = market.queue(Line::kSellStops);
  if (sell_stops.best() <= -price) VisitReached(sell_stops, -price, reached);
}

// Marks follow a better price, and stops follow the marks.
void TradingFloor::State::Trail(Market& market, base::Price price) {
  for (MatchQueue* const queue : {&market.rising, &market.sinking}) {
    const int64_t key = queue == &market.rising ? price.units() : -price.units();
    while (queue->best() < key) {
      OpenOrder& o = *queue->After({})->order;
      Withdraw(o);
      StartTrailing(o, price);
      Stand(o);
      Touch(TraderOf(o));
    }
  }
}

void TradingFloor::State::StartTrailing(OpenOrder& o, base::Price price) {
  o.order.hwm = price;
  o.order.stop = TrailedStop(o.order, price);
}

void TradingFloor::State::Arrive(OpenOrder& o) {
  const model::Quote* const quote = quotes_.Find(o.order.instrument);
  if (quote == nullptr || !MarketOf(o).open) return Stand(o);
  if (!IsStop(o.order) || o.order.triggered) return Execute(o, true);
  Reached(o.order, quote->price) ? Trigger(o) : Stand(o);
}

void TradingFloor::State::Trigger(OpenOrder& o) {
  Withdraw(o);
  o.order.triggered = true;
  Touch(TraderOf(o));  // if it rests, no event tells
  Execute(o, true);
}

void TradingFloor::State::Execute(OpenOrder& o, bool arriving) {
  if (o.order.tif == TimeInForce::kFok && !Fillable(o)) {
    return Close(o, OrderEventKind::kCanceled);
  }
  if (!Trade(o, !arriving && Limited(o.order))) return;
  const bool at_once = o.order.tif == TimeInForce::kIoc || o.order.tif == TimeInForce::kFok;
  if (at_once) return Close(o, OrderEventKind::kCanceled);
  if (o.line == Line::kNowhere) Stand(o);
}

bool TradingFloor::State::Trade(OpenOrder& o, bool maker) {
  const Market& market = MarketOf(o);
  DepthSide* const depth = market.DepthFor(o.order.side);
  return depth != nullptr ? TradeOnDepth(o, *depth, maker) : TradeOnQuote(o, market, maker);
}

bool TradingFloor::State::TradeOnQuote(OpenOrder& o, const Market& market, bool maker) {
  const base::Price source = Opposing(o.order, *quotes_.Find(o.order.instrument));
  if (Limited(o.order) && Beyond(o.order, source)) return true;
  const base::Price price = PriceOf(o, source);
  return MakeFill(o, {.quantity = Wanted(o, price),
                      .price = price,
                      .source = source,
                      .model = market.by_bars ? FillModel::kBar : FillModel::kQuote,
                      .maker = maker,
                      .completes = true});
}

bool TradingFloor::State::TradeOnDepth(OpenOrder& o, DepthSide& depth, bool maker) {
  const model::AccountId account = o.order.account;
  for (size_t i = 0; i < depth.size(); ++i) {
    const model::BookLevel level = depth.level(i);
    if (Limited(o.order) && Beyond(o.order, level.price)) return true;
    const base::Quantity left = depth.Left(account, level);
    if (!left.positive()) continue;
    const base::Price price = PriceOf(o, level.price);
    const base::Quantity wanted = Wanted(o, price);
    const base::Quantity quantity = std::min(wanted, left);
    const bool open = MakeFill(o, {.quantity = quantity,
                                   .price = price,
                                   .source = level.price,
                                   .model = FillModel::kBook,
                                   .level = static_cast<uint32_t>(i + 1),
                                   .depth = &depth,
                                   .maker = maker,
                                   .completes = wanted <= left});
    if (!open) return false;
  }
  return true;
}

// All of it, now.
bool TradingFloor::State::Fillable(const OpenOrder& o) const {
  const Market& market = markets_[o.order.instrument.value()];
  const DepthSide* const depth = market.DepthFor(o.order.side);
  if (depth == nullptr) {
    const model::Quote* const quote = quotes_.Find(o.order.instrument);
    return !Limited(o.order) || !Beyond(o.order, Opposing(o.order, *quote));
  }
  OpenOrder rest = o;
  for (size_t i = 0; i < depth->size(); ++i) {
    const model::BookLevel& level = depth->level(i);
    if (Limited(o.order) && Beyond(o.order, level.price)) return false;
    const base::Quantity left = depth->Left(o.order.account, level);
    const base::Price price = PriceOf(o, level.price);
    if (Wanted(rest, price) <= left) return true;
    rest.order.filled = base::Quantity::FromUnits(rest.order.filled.units() + left.units());
    rest.order.filled_value = Plus(rest.order.filled_value, price * left);
  }
  return false;
}

base::Price TradingFloor::State::PriceOf(const OpenOrder& o, base::Price source) const {
  if (Limited(o.order)) return source;
  return WithSlippage(o.order, source, TraderOf(o.order.account).account.settings().slippage_bps);
}

base::Quantity TradingFloor::State::Wanted(const OpenOrder& o, base::Price price) const {
  if (o.order.notional.zero()) return o.order.leaves();
  const base::Amount left = Minus(o.order.notional, o.order.filled_value);
  if (left <= base::Amount()) return {};
  const base::Quantity all = QuantityFor(left, price);
  // What reduces a position never takes more than it holds of it.
  return o.order.opening() ? all : std::min(all, HeldFor(o.order));
}

void TradingFloor::State::Stand(OpenOrder& o) {
  const model::Order& order = o.order;
  if (order.status == OrderStatus::kHeld) return;
  if (order.status == OrderStatus::kAccepted) {
    const Line line = order.tif == TimeInForce::kOpg   ? Line::kOpenings
                      : order.tif == TimeInForce::kCls ? Line::kClosings
                                                       : Line::kSession;
    return StandAt(o, line, 0);
  }
  const bool buys = Buys(order);
  if (IsStop(order) && !order.triggered) {
    const int64_t stop = order.stop.units();
    StandAt(o, buys ? Line::kBuyStops : Line::kSellStops,
            stop == 0 ? MatchQueue::kNever
            : buys    ? stop
                      : -stop);
    if (order.type == OrderType::kTrailingStop) StandTrailing(o);
    return;
  }
  if (!Limited(order)) return StandAt(o, Line::kMarkets, 0);
  StandAt(o, buys ? Line::kBuyLimits : Line::kSellLimits,
          buys ? -order.limit.units() : order.limit.units());
}

void TradingFloor::State::StandAt(OpenOrder& o, Line line, int64_t key) {
  LT_ASSERT(o.line == Line::kNowhere, "order {}", o.order.id.value());
  o.line = line;
  o.key = key;
  Market& market = MarketOf(o);
  market.queue(line).Add(key, o.order.id, o);
  ++market.standing;
}

// One without a mark (its last one was not told) takes the next price for it.
void TradingFloor::State::StandTrailing(OpenOrder& o) {
  Market& market = MarketOf(o);
  const int64_t mark = o.order.hwm.units();
  o.trails = true;
  o.trail_key = mark == 0 ? MatchQueue::kAtOnce : Buys(o.order) ? -mark : mark;
  (Buys(o.order) ? market.sinking : market.rising).Add(o.trail_key, o.order.id, o);
}

void TradingFloor::State::Withdraw(OpenOrder& o) {
  if (o.line == Line::kNowhere) return;
  Market& market = MarketOf(o);
  market.queue(o.line).Remove(o.key, o.order.id);
  --market.standing;
  o.line = Line::kNowhere;
  if (!o.trails) return;
  (Buys(o.order) ? market.sinking : market.rising).Remove(o.trail_key, o.order.id);
  o.trails = false;
}

}  // namespace livetape::floor
