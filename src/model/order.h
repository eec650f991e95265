#pragma once

// Order: what an account has asked the floor to trade, and how far that has come. Plain bytes, the
// names and texts are Alpaca's (docs/trading.md).

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/strong_id.h"
#include "model/instrument.h"

namespace livetape::model {

// Dense from 0 in order of opening.
using AccountId = base::StrongId<struct AccountIdTag, uint32_t>;
// From 1 over all accounts, never used twice; 0: none.
using OrderId = base::StrongId<struct OrderIdTag, uint64_t>;

enum class Side : uint8_t { kBuy, kSell };
enum class OrderType : uint8_t { kMarket, kLimit, kStop, kStopLimit, kTrailingStop };
enum class TimeInForce : uint8_t { kDay, kGtc, kIoc, kFok, kOpg, kCls };
enum class OrderClass : uint8_t { kSimple, kBracket, kOco, kOto };
enum class OrderStatus : uint8_t {
  kNew,
  kPartiallyFilled,
  kFilled,
  kDoneForDay,
  kCanceled,
  kExpired,
  kReplaced,
  kPendingCancel,
  kPendingReplace,
  kPendingReview,
  kAccepted,  // waits for a session
  kPendingNew,
  kAcceptedForBidding,
  kStopped,
  kRejected,
  kSuspended,
  kCalculated,
  kHeld,  // a leg that waits for its parent's fill
};
enum class PositionIntent : uint8_t { kBuyToOpen, kBuyToClose, kSellToOpen, kSellToClose };
// What an order is to others.
enum class LegRole : uint8_t { kParent, kTakeProfit, kStopLoss };

// Texts of enumerators, in their order.
inline constexpr std::array<std::string_view, 2> kSideNames = {"buy", "sell"};
inline constexpr std::array<std::string_view, 5> kOrderTypeNames = {"market", "limit", "stop",
                                                                    "stop_limit", "trailing_stop"};
inline constexpr std::array<std::string_view, 6> kTimeInForceNames = {"day", "gtc", "ioc",
                                                                      "fok", "opg", "cls"};
inline constexpr std::array<std::string_view, 4> kOrderClassNames = {"simple", "bracket", "oco",
                                                                     "oto"};
inline constexpr std::array<std::string_view, 18> kOrderStatusNames = {"new",
                                                                       "partially_filled",
                                                                       "filled",
                                                                       "done_for_day",
                                                                       "canceled",
                                                                       "expired",
                                                                       "replaced",
                                                                       "pending_cancel",
                                                                       "pending_replace",
                                                                       "pending_review",
                                                                       "accepted",
                                                                       "pending_new",
                                                                       "accepted_for_bidding",
                                                                       "stopped",
                                                                       "rejected",
                                                                       "suspended",
                                                                       "calculated",
                                                                       "held"};
inline constexpr std::array<std::string_view, 4> kPositionIntentNames = {
    "buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close"};

constexpr std::string_view Name(Side v) { return kSideNames[static_cast<size_t>(v)]; }
constexpr std::string_view Name(OrderType v) { return kOrderTypeNames[static_cast<size_t>(v)]; }
constexpr std::string_view Name(TimeInForce v) { return kTimeInForceNames[static_cast<size_t>(v)]; }
constexpr std::string_view Name(OrderClass v) { return kOrderClassNames[static_cast<size_t>(v)]; }
constexpr std::string_view Name(OrderStatus v) { return kOrderStatusNames[static_cast<size_t>(v)]; }
constexpr std::string_view Name(PositionIntent v) {
  return kPositionIntentNames[static_cast<size_t>(v)];
}

// The enumerator of a text from its table of names: ParseName<Side>(kSideNames, "buy").
template <typename Enum, size_t N>
constexpr std::optional<Enum> ParseName(const std::array<std::string_view, N>& names,
                                        std::string_view text) {
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// Orders that are over and never change again.
constexpr bool Closed(OrderStatus status) {
  switch (status) {
    case OrderStatus::kFilled:
    case OrderStatus::kCanceled:
    case OrderStatus::kExpired:
    case OrderStatus::kReplaced:
    case OrderStatus::kRejected:
      return true;
    default:
      return false;
  }
}

constexpr Side Opposite(Side side) { return side == Side::kBuy ? Side::kSell : Side::kBuy; }

// The client's own name of an order: 1 to 128 bytes; empty: the order goes by its own id.
struct ClientOrderId {
  uint8_t size = 0;
  std::array<char, 128> text{};

  static std::optional<ClientOrderId> From(std::string_view text) {
    ClientOrderId id;
    if (text.size() > id.text.size()) return std::nullopt;
    std::memcpy(id.text.data(), text.data(), text.size());
    id.size = static_cast<uint8_t>(text.size());
    return id;
  }
  bool empty() const { return size == 0; }
  std::string_view view() const { return {text.data(), size}; }
  friend bool operator==(const ClientOrderId& a, const ClientOrderId& b) {
    return a.view() == b.view();
  }
};

struct Order {
  OrderId id;
  AccountId account;
  InstrumentId instrument;
  OrderStatus status = OrderStatus::kNew;
  Side side = Side::kBuy;
  OrderType type = OrderType::kMarket;
  TimeInForce tif = TimeInForce::kDay;
  OrderClass order_class = OrderClass::kSimple;
  PositionIntent intent = PositionIntent::kBuyToOpen;  // fixed when it was accepted
  LegRole role = LegRole::kParent;
  bool extended_hours = false;
  bool triggered = false;  // a stop that has been reached: it is a market or limit order now

  OrderId parent;                  // of a leg
  OrderId take_profit, stop_loss;  // legs of a parent; an OCO's parent is its take-profit itself
  OrderId replaces, replaced_by;

  base::Quantity quantity;  // 0: not known yet, since only `notional` is
  base::Amount notional;    // 0: `quantity` was asked for
  base::Quantity filled;
  base::Amount filled_value;  // sum of price x quantity of its fills

  base::Price limit, stop;      // 0: none
  base::Price trail_price;      // 0: none
  base::Decimal trail_percent;  // 0: none; 1 is one percent
  base::Price hwm;              // best price since the trailing stop began; 0: none yet
  base::Price reserve_price;    // what an opening order's quantity is reserved at

  // Floor time; the epoch: has not happened.
  base::WallTime created, updated, filled_at, canceled_at, expired_at, failed_at, replaced_at;

  ClientOrderId client_id;

  base::Quantity leaves() const {
    return base::Quantity::FromUnits(quantity.units() - filled.units());
  }
  bool opening() const {
    return intent == PositionIntent::kBuyToOpen || intent == PositionIntent::kSellToOpen;
  }
};
static_assert(std::is_trivially_copyable_v<Order>);

}  // namespace livetape::model
