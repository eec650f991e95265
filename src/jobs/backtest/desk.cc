#include "jobs/backtest/desk.h"

#include <algorithm>
#include <utility>

#include "floor/money.h"
#include "jobs/backtest/sizing.h"

namespace livetape::jobs {
namespace {

Symbol SymbolOf(const Intent& intent) {
  if (const auto* const order = std::get_if<floor::OrderRequest>(&intent)) return order->instrument;
  if (const auto* const cancel = std::get_if<CancelOpen>(&intent)) return cancel->symbol;
  return std::get<Target>(intent).symbol;
}

bool Among(std::span<const SymbolBar> bars, Symbol symbol) {
  return std::ranges::any_of(bars, [symbol](const SymbolBar& b) { return b.symbol == symbol; });
}

}  // namespace

Desk::Desk(floor::TradingFloor& floor, TradeLog& log, model::AccountId account,
           std::unique_ptr<Strategy> strategy, bool fractional)
    : floor_(floor),
      log_(log),
      id_(account),
      account_(floor.account(account)),
      strategy_(std::move(strategy)),
      fractional_(fractional) {}

void Desk::ActOn(base::WallTime time, std::span<const SymbolBar> bars) {
  std::vector<Intent> later;
  for (const Intent& intent : waiting_) {
    if (Among(bars, SymbolOf(intent))) {
      Do(time, intent);
    } else {
      later.push_back(intent);
    }
  }
  waiting_ = std::move(later);
}

void Desk::Do(base::WallTime time, const Intent& intent) {
  if (const auto* const target = std::get_if<Target>(&intent)) return Pursue(time, *target);
  if (const auto* const cancel = std::get_if<CancelOpen>(&intent)) {
    return CancelOpenIn(time, cancel->symbol);
  }
  may_rest_ = true;
  // A refusal is an event of the floor, which the log has seen.
  static_cast<void>(floor_.Place(time, id_, std::get<floor::OrderRequest>(intent)));
}

void Desk::Pursue(base::WallTime time, const Target& target) {
  if (Holdings(account_).StanceIn(target.symbol) == target.stance) return;
  CancelOpenIn(time, target.symbol);
  Close(time, target.symbol);
  if (target.stance == Stance::kFlat) return;
  const bool buys = target.stance == Stance::kLong;
  const model::Quote& quote = *floor_.quotes().Find(target.symbol);
  const floor::AccountSettings& settings = account_.settings();
  const base::Price price = buys ? floor::AskWithSlippage(quote.ask, settings.slippage_bps)
                                 : floor::BidWithSlippage(quote.bid, settings.slippage_bps);
  // Slippage may leave nothing of a price; the floor refuses what has none.
  const base::Quantity quantity = price.positive() ? SizeFor(account_.cash(), target.parts, price,
                                                             settings.fees.rate, fractional_)
                                                   : base::Quantity();
  if (quantity.zero()) return log_.Refuse(floor::RefusalReason::kInsufficientBuyingPower);
  Place(time, target.symbol, buys ? model::Side::kBuy : model::Side::kSell, quantity);
}

void Desk::GiveUp(base::WallTime time, Symbol symbol) {
  std::erase_if(waiting_, [symbol](const Intent& intent) { return SymbolOf(intent) == symbol; });
  CancelOpenIn(time, symbol);
}

void Desk::Leave(base::WallTime time, Symbol symbol) {
  GiveUp(time, symbol);
  Close(time, symbol);
}

void Desk::Close(base::WallTime time, Symbol symbol) {
  const floor::Position* const position = account_.Find(symbol);
  if (position == nullptr) return;
  Place(time, symbol, position->quantity.positive() ? model::Side::kSell : model::Side::kBuy,
        floor::Magnitude(position->quantity));
}

void Desk::CancelOpenIn(base::WallTime time, Symbol symbol) {
  if (!may_rest_) return;
  std::vector<model::OrderId> open;
  for (const model::Order* const order : floor_.OpenOrders(id_)) {
    if (order->instrument == symbol) open.push_back(order->id);
  }
  for (const model::OrderId order : open) {
    // One may have ended with another before its turn comes.
    if (floor_.FindOpen(id_, order) != nullptr) {
      static_cast<void>(floor_.Cancel(time, id_, order));
    }
  }
}

void Desk::Place(base::WallTime time, Symbol symbol, model::Side side, base::Quantity quantity) {
  floor::OrderRequest request;
  request.instrument = symbol;
  request.side = side;
  request.quantity = quantity;
  static_cast<void>(floor_.Place(time, id_, request));
}

void Desk::See(std::span<const SymbolBar> bars) {
  const size_t before = waiting_.size();
  strategy_->OnBars(bars, Holdings(account_), waiting_);
  if (before > 0 && waiting_.size() > before) [[unlikely]]
    ForgetOlderTargets(before);
}

void Desk::ForgetOlderTargets(size_t first_new) {
  std::vector<Intent> kept;
  for (size_t i = 0; i < waiting_.size(); ++i) {
    const Symbol symbol = SymbolOf(waiting_[i]);
    const bool is_target = std::holds_alternative<Target>(waiting_[i]);
    const auto newer = [&](const Intent& other) {
      return std::holds_alternative<Target>(other) && SymbolOf(other) == symbol;
    };
    const auto begin = waiting_.begin() + static_cast<ptrdiff_t>(first_new);
    if (i < first_new && is_target && std::any_of(begin, waiting_.end(), newer)) continue;
    kept.push_back(waiting_[i]);
  }
  waiting_ = std::move(kept);
}

}  // namespace livetape::jobs
