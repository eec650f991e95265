#pragma once

// OrderEvent: what has happened to an order; the floor's output. Plain bytes.

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "base/clock.h"
#include "base/decimal.h"
#include "floor/refusal.h"
#include "model/order.h"

namespace livetape::floor {

// As Alpaca's trade updates call them; `held` is a leg that waits for its parent.
enum class OrderEventKind : uint8_t {
  kNew,
  kAccepted,
  kHeld,
  kFill,
  kPartialFill,
  kCanceled,
  kExpired,
  kReplaced,
  kRejected,
  kRestated,  // the floor has changed it: a stop-loss that shrinks with its take-profit's fills
};
inline constexpr std::array<std::string_view, 10> kOrderEventNames = {
    "new",      "accepted", "held",     "fill",     "partial_fill",
    "canceled", "expired",  "replaced", "rejected", "restated"};
constexpr std::string_view Name(OrderEventKind v) {
  return kOrderEventNames[static_cast<size_t>(v)];
}
constexpr bool IsFill(OrderEventKind v) {
  return v == OrderEventKind::kFill || v == OrderEventKind::kPartialFill;
}

enum class FillModel : uint8_t { kQuote, kBook, kBar };
inline constexpr std::array<std::string_view, 3> kFillModelNames = {"quote", "book", "bar"};

struct Fill {
  uint64_t number = 0;      // from 1 over all accounts, never used twice
  base::Quantity quantity;  // positive
  base::Price price;
  base::Amount fee;       // not negative
  base::Amount realized;  // by this fill, net of its fee
  // How it came about.
  FillModel model = FillModel::kQuote;
  base::Price source_price;  // before slippage
  base::Price slippage;      // price - source_price, in the direction that costs: not negative
  uint32_t level = 1;        // of the book, 1 is the best
  base::Decimal fee_rate;
  bool maker = false;  // a limit that rested
  // The account after it.
  base::Amount cash;
  base::Amount account_realized;  // since start or reset, net of fees
  base::Quantity position;        // signed, of this instrument
};

struct OrderEvent {
  OrderEventKind kind = OrderEventKind::kNew;
  RefusalReason reason = RefusalReason::kNone;  // kRejected; kCanceled by the floor itself
  base::WallTime time;                          // floor time
  model::Order order;                           // after it
  Fill fill;                                    // kFill, kPartialFill
};
static_assert(std::is_trivially_copyable_v<OrderEvent>);

}  // namespace livetape::floor
