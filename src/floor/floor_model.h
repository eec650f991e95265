#pragma once

// FloorModel: hears what a floor is told and what it tells, and says where that breaks the rules of
// trading (docs/trading.md): what an order's next event may be, what it may fill at, what must have
// been filled, what its account has reserved and held. For tests; one thread uses it.
//
// It knows the floor's input and its events; of the floor's own state it looks only at what it
// compares. The first fault stays.

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "floor/model_acceptance.h"
#include "floor/model_world.h"
#include "floor/trading_floor.h"

namespace livetape::floor {

class FloorModel {
 public:
  explicit FloorModel(bool exchange_hours) : world_(exchange_hours) {}

  const std::string& fault() const { return fault_; }
  ModelMarket& market(model::InstrumentId id) { return world_.markets[id.value()]; }

  // --- what the floor is told

  void AddInstrument(model::AssetClass asset_class) { world_.AddInstrument(asset_class); }
  void OpenAccount(const AccountSettings& settings) {
    world_.OpenAccount(settings);
    names_.emplace_back();
  }
  void SetState(model::AccountId id, AccountState state) { world_.states[id.value()] = state; }
  // After the events of a close or a roll: its auctions belong to what comes before it.
  void Session(SessionEvent event, base::WallTime time) {
    for (const auto& [id, open] : world_.orders) {
      const ModelMarket& market = world_.MarketOf(open.order);
      const bool ends = event == (market.bound ? SessionEvent::kClose : SessionEvent::kDayRoll);
      const bool due =
          open.order.tif == model::TimeInForce::kOpg && open.order.created <= market.opened;
      if (ends && market.begins && due) Say("opg order {} outlives an opening without quotes", id);
    }
    for (ModelMarket& market : world_.markets) market.Session(event, time);
  }
  void Reset(model::AccountId id) {
    for (const auto& [order, open] : world_.orders) {
      if (open.order.account == id) Say("order {} is open after a reset", order);
    }
    world_.ledgers[id.value()].Reset();
  }

  // --- what it tells

  void Hear(const OrderEvent& event) {
    const model::Order& order = event.order;
    const auto known = world_.orders.find(order.id.value());
    if (known == world_.orders.end()) {
      First(event);
    } else {
      Next(known->second, event);
    }
    const auto now = world_.orders.find(order.id.value());
    if (now == world_.orders.end()) return;
    now->second.order = order;
    if (model::Closed(order.status)) world_.orders.erase(now);
  }
  // An account is halted by itself. Its equity is known where the price that ruined it is still the
  // mark: not inside a bar.
  void Ruined(model::AccountId id) {
    SetState(id, AccountState::kHalted);
    const bool inside = world_.markets.front().by_bars || world_.markets.back().by_bars;
    if (!inside && world_.WorthOf(id).equity > 0) {
      Say("account {} is ruined with equity", id.value());
    }
  }

  // --- what must be so

  // Whenever a call has returned.
  void Settled(const TradingFloor& floor) {
    for (auto& [id, open] : world_.orders) CheckWaiting(id, open);
    for (uint32_t i = 0; i < world_.ledgers.size(); ++i) CheckAccount(model::AccountId(i), floor);
  }
  void AfterRoll() {
    using model::TimeInForce;
    for (const auto& [id, open] : world_.orders) {
      const TimeInForce tif = open.order.tif;
      const bool stays =
          tif == TimeInForce::kGtc || tif == TimeInForce::kOpg || tif == TimeInForce::kCls;
      if (!stays) Say("order {} ({}) outlives its day", id, Name(tif));
      const bool bound = world_.MarketOf(open.order).bound;
      if (tif == TimeInForce::kCls && !bound) Say("cls order {} outlives the roll", id);
    }
  }
  void AfterClose() {
    for (const auto& [id, open] : world_.orders) {
      if (world_.MarketOf(open.order).bound && open.order.tif == model::TimeInForce::kCls) {
        Say("cls order {} outlives the close", id);
      }
    }
  }
  // Orders that a bar must fill on its way, if they are open before it.
  std::vector<uint64_t> InReachOf(model::InstrumentId instrument, int64_t low, int64_t high) {
    std::vector<uint64_t> reached;
    for (const auto& [id, open] : world_.orders) {
      const model::Order& order = open.order;
      const bool live = order.status == Status::kNew || order.status == Status::kPartiallyFilled;
      if (order.instrument != instrument || !live || !world_.MarketOf(order).open) continue;
      const bool limit = order.type == model::OrderType::kLimit;
      if (!limit && order.type != model::OrderType::kStop) continue;
      const int64_t at = limit ? order.limit.units() : order.stop.units();
      if (ModelBuys(order) == limit ? low <= at : high >= at) reached.push_back(id);
    }
    return reached;
  }
  void AfterBar(const std::vector<uint64_t>& reached) {
    for (const uint64_t id : reached) {
      if (world_.orders.contains(id)) Say("order {} was on the bar's way", id);
    }
  }
  void Windowed(const TradingFloor& floor) {
    for (uint32_t i = 0; i < world_.ledgers.size(); ++i) {
      const model::AccountId id(i);
      const bool ruined = world_.WorthOf(id).equity <= 0 && world_.ledgers[i].fills() > 0;
      if (ruined && floor.account(id).state() != AccountState::kHalted) {
        Say("account {} lives on", i);
      }
    }
  }

 private:
  using Kind = OrderEventKind;
  using Status = model::OrderStatus;

  template <typename... Args>
  void Say(fmt::format_string<Args...> format, Args&&... args) {
    if (fault_.empty()) fault_ = fmt::format(format, std::forward<Args>(args)...);
  }

  // --- events

  void First(const OrderEvent& event) {
    const model::Order& order = event.order;
    const uint64_t id = order.id.value();
    if (id <= last_id_) return Say("order {} is told {} after its end", id, Name(event.kind));
    last_id_ = id;
    if (event.kind == Kind::kRejected) {
      const std::string fault = RefusalFault(world_, event);
      if (!fault.empty()) Say("order {} {}", id, fault);
      if (order.status != Status::kRejected) Say("order {} is {}", id, Name(order.status));
      return;
    }
    const bool fits = (event.kind == Kind::kNew && (order.status == Status::kNew ||
                                                    order.status == Status::kPartiallyFilled)) ||
                      (event.kind == Kind::kAccepted && order.status == Status::kAccepted) ||
                      (event.kind == Kind::kHeld && order.status == Status::kHeld);
    if (!fits) return Say("order {} begins with {}", id, Name(event.kind));
    const bool replaces = order.replaces.value() != 0;
    if (!replaces && order.filled.units() != 0) Say("order {} is not new", id);
    const std::string fault = AcceptanceFault(world_, order);
    if (!fault.empty()) Say("order {} {}", id, fault);
    const std::string name(order.client_id.view());
    if (!name.empty() && !names_[order.account.value()].insert(name).second) {
      Say("order {} has another one's name {}", id, name);
    }
    world_.orders.emplace(
        id, ModelOrder{order, order.filled, replaces ? order.hwm.units() : 0, order.triggered});
  }

  void Next(ModelOrder& open, const OrderEvent& event) {
    const model::Order& before = open.order;
    const model::Order& order = event.order;
    const uint64_t id = order.id.value();
    if (!LegalStep(before, event.kind, order.status)) {
      return Say("order {}: {} after {} makes it {}", id, Name(event.kind), Name(before.status),
                 Name(order.status));
    }
    if (!SameOrder(before, order)) Say("order {} is another one after {}", id, Name(event.kind));
    if (IsFill(event.kind)) return CheckFill(open, event);
    if (before.filled != order.filled || before.filled_value != order.filled_value) {
      Say("order {} was filled by {}", id, Name(event.kind));
    }
    if (event.kind == Kind::kCanceled && order.tif == model::TimeInForce::kFok &&
        order.filled != open.filled_before) {
      Say("fok order {} is filled in part", id);
    }
    const bool resizes = event.kind == Kind::kRestated || before.status == Status::kHeld;
    if (before.quantity != order.quantity && !resizes) Say("order {} changed its size", id);
  }
  static bool SameOrder(const model::Order& a, const model::Order& b) {
    return a.account == b.account && a.side == b.side && a.instrument == b.instrument &&
           a.type == b.type && a.order_class == b.order_class && a.role == b.role &&
           a.notional == b.notional && a.intent == b.intent && a.limit == b.limit &&
           a.created == b.created && a.reserve_price == b.reserve_price &&
           (a.stop == b.stop || b.type == model::OrderType::kTrailingStop) &&
           a.client_id == b.client_id && a.replaces == b.replaces;
  }
  static bool LegalStep(const model::Order& before, Kind kind, Status to) {
    const Status from = before.status;
    const bool waits = from == Status::kAccepted || from == Status::kHeld;
    const bool live = from == Status::kNew || from == Status::kPartiallyFilled;
    switch (kind) {
      case Kind::kNew:
        return waits && to == (before.filled.zero() ? Status::kNew : Status::kPartiallyFilled);
      case Kind::kFill:
        return live && to == Status::kFilled;
      case Kind::kPartialFill:
        return live && to == Status::kPartiallyFilled;
      case Kind::kCanceled:
        return to == Status::kCanceled;
      case Kind::kExpired:
        return to == Status::kExpired;
      case Kind::kReplaced:
        return live && to == Status::kReplaced;
      case Kind::kRestated:
        return from == to;
      default:
        return false;
    }
  }

  // --- fills

  void CheckFill(ModelOrder& open, const OrderEvent& event) {
    const model::Order& order = event.order;
    const Fill& fill = event.fill;
    const uint64_t id = order.id.value();
    const model::Order& before = open.order;
    if (fill.number != ++last_fill_) Say("fill {} is number {}", last_fill_, fill.number);
    const bool sums =
        order.filled.units() == before.filled.units() + fill.quantity.units() &&
        order.filled_value.units() ==
            before.filled_value.units() + Int128{fill.price.units()} * fill.quantity.units();
    if (!fill.quantity.positive() || !sums) Say("order {}: fills do not add up", id);
    const bool complete = order.leaves().zero();
    if (order.notional.zero() && complete != (event.kind == Kind::kFill)) {
      Say("order {}: {} with {} left", id, Name(event.kind), order.leaves().units());
    }
    if (!order.notional.zero() && order.filled_value > order.notional) Say("{} overspends", id);
    if (fill.price.units() > kModelPriceMax) Say("order {} fills beyond all prices", id);
    CheckFillPrice(open, order, fill);
    ModelLedger& books = world_.ledgers[order.account.value()];
    if (!books.Book(order.instrument.value(), order.side, fill)) {
      Say("order {}: cash, fee, realized or position of fill {} is wrong", id, fill.number);
    }
  }
  void CheckFillPrice(ModelOrder& open, const model::Order& order, const Fill& fill) {
    const uint64_t id = order.id.value();
    ModelMarket& market = world_.MarketOf(order);
    const int64_t source = fill.source_price.units();
    const bool beyond = ModelBuys(order) ? fill.price > order.limit : fill.price < order.limit;
    if (ModelLimited(order) && beyond) Say("order {} fills beyond its limit", id);
    if (fill.price.units() != world_.WithSlippage(order, source)) Say("order {}: slippage", id);
    if (fill.maker && !ModelLimited(order)) Say("order {} is no maker", id);
    if (order.tif == model::TimeInForce::kCls) {
      if (source != market.price) Say("order {} does not close at the mark", id);
      return;
    }
    if (market.by_bars) {
      if (source < market.low || source > market.high) Say("order {} fills outside the bar", id);
      open.triggered = true;  // where on the path is not known here
      return;
    }
    if (ModelDepth* const depth = market.DepthFor(order.side)) {
      TakeDepth(*depth, order, fill);
    } else if (fill.model != FillModel::kQuote || source != market.Opposing(order.side)) {
      Say("order {} fills at {} instead of {}", id, source, market.Opposing(order.side));
    }
    if (ModelStops(order) && !ModelWorld::Triggered(open, market.price)) {
      Say("stop {} not reached", id);
    }
  }
  void TakeDepth(ModelDepth& depth, const model::Order& order, const Fill& fill) {
    const uint64_t id = order.id.value();
    const uint32_t account = order.account.value();
    const int64_t source = fill.source_price.units();
    if (fill.model != FillModel::kBook || fill.level != depth.NumberOf(source)) {
      Say("order {} takes no level of the book", id);
    }
    if (depth.Left(account, source) < fill.quantity.units()) Say("order {}: too much", id);
    if (depth.Offers(account, source, true)) Say("order {} passes a better level", id);
    depth.taken[{source, account}] += fill.quantity.units();
  }

  // --- between calls

  void CheckWaiting(uint64_t id, ModelOrder& open) {
    using model::TimeInForce;
    const model::Order& order = open.order;
    ModelMarket& market = world_.MarketOf(order);
    const bool auction = order.tif == TimeInForce::kOpg || order.tif == TimeInForce::kCls;
    const Int128 has = world_.LedgerOf(order.account).quantity(order.instrument.value());
    if (!order.opening() && order.status != Status::kHeld && (has < 0) != ModelBuys(order)) {
      Say("order {} reduces nothing", id);
    }
    if (order.status == Status::kHeld) {
      if (!world_.orders.contains(order.parent.value())) Say("leg {} waits for nobody", id);
      return;
    }
    if (order.status == Status::kAccepted) {
      if (market.open && !auction) Say("order {} waits while the market is open", id);
      const bool due = market.open && !market.begins && order.created <= market.opened;
      if (order.tif == TimeInForce::kOpg && due) Say("opg order {} missed its opening", id);
      return;
    }
    if (!market.open) return;
    if (order.tif == TimeInForce::kIoc || order.tif == TimeInForce::kFok) Say("{} rests", id);
    if (auction) Say("auction order {} rests", id);
    if (ModelStops(order) && !open.triggered) {
      if (!ModelWorld::Triggered(open, market.price)) return;
      if (!ModelLimited(order) && market.DepthFor(order.side) == nullptr) {
        return Say("stop {} is reached and open", id);
      }
    }
    CheckResting(id, order, market);
  }
  void CheckResting(uint64_t id, const model::Order& order, ModelMarket& market) {
    const bool buys = ModelBuys(order);
    if (ModelDepth* const depth = market.DepthFor(order.side)) {
      const int64_t worst = buys ? INT64_MAX : INT64_MIN;
      if (depth->Offers(order.account.value(), ModelLimited(order) ? order.limit.units() : worst)) {
        Say("order {} leaves what the book has for it", id);
      }
      return;
    }
    if (!ModelLimited(order)) return Say("order {} ({}) is open", id, Name(order.type));
    const int64_t opposing = market.Opposing(order.side);
    if (buys ? opposing <= order.limit.units() : opposing >= order.limit.units()) {
      Say("limit {} could fill at {}", id, opposing);
    }
  }

  void CheckAccount(model::AccountId id, const TradingFloor& floor) {
    const ModelLedger& books = world_.LedgerOf(id);
    const Account& account = floor.account(id);
    if (!books.Balanced() || !account.Sound()) Say("account {} is not balanced", id.value());
    if (account.cash().units() != books.cash() || account.realized().units() != books.realized()) {
      Say("account {}: cash or realized", id.value());
    }
    const Int128 reserved = world_.ReservedOf(id);
    if (reserved < 0 || account.reserved().units() != reserved) {
      Say("account {} reserves {}, its orders {}", id.value(), account.reserved().ToString(),
          base::Amount::FromUnits(reserved).ToString());
    }
    CheckPositions(id, account);
    const ModelWorld::Worths worth = world_.WorthOf(id);
    const Valuation value = account.Value(floor.quotes());
    if (value.equity.units() != worth.equity || value.gross.units() != worth.gross ||
        account.BuyingPower(value).units() != world_.PowerOf(id, model::AssetClass::kUsEquity) ||
        account.NonMarginableBuyingPower(value).units() !=
            world_.PowerOf(id, model::AssetClass::kCrypto)) {
      Say("account {}: equity, gross or buying power", id.value());
    }
    if (account.state() == AccountState::kHalted && !floor.OpenOrders(id).empty()) {
      Say("account {} is halted and has orders", id.value());
    }
  }
  void CheckPositions(model::AccountId id, const Account& account) {
    const ModelLedger& books = world_.LedgerOf(id);
    if (account.positions().size() != books.positions().size()) Say("{} positions", id.value());
    for (const auto& [instrument, position] : books.positions()) {
      const model::InstrumentId which(instrument);
      const Position* const has = account.Find(which);
      if (has == nullptr || has->quantity.units() != position.quantity ||
          has->cost.units() != position.cost) {
        return Say("account {}: position {} is wrong", id.value(), instrument);
      }
      const Int128 held = world_.HeldOf(id, which);
      const Int128 most = position.quantity < 0 ? -position.quantity : position.quantity;
      if (has->held.units() != held || held > most) {
        Say("account {} holds {} of {}, its orders {}", id.value(), has->held.units(), instrument,
            static_cast<int64_t>(held));
      }
    }
  }

  ModelWorld world_;
  std::vector<std::set<std::string>> names_;  // that clients gave, by account
  uint64_t last_id_ = 0, last_fill_ = 0;
  std::string fault_;
};

}  // namespace livetape::floor
