#include "floor/refusal.h"

namespace livetape::floor {
namespace {

constexpr auto kCodes = std::to_array<std::string_view>({
    "none",
    "no_qty",
    "qty_and_notional",
    "qty_not_positive",
    "qty_too_large",
    "notional_too_small",
    "notional_too_large",
    "notional_not_allowed",
    "fraction_not_allowed",
    "missing_limit_price",
    "extra_limit_price",
    "missing_stop_price",
    "extra_stop_price",
    "missing_trail",
    "both_trails",
    "extra_trail",
    "price_not_positive",
    "price_too_high",
    "trail_percent_too_large",
    "sub_penny",
    "bracket_missing_leg",
    "extra_leg",
    "leg_on_wrong_side",
    "class_not_allowed",
    "bracket_must_be_entry",
    "oco_must_be_exit",
    "time_in_force_not_allowed",
    "extended_hours_not_allowed",
    "intent_mismatch",
    "no_price",
    "duplicate_client_order_id",
    "nothing_to_replace",
    "replace_not_allowed",
    "not_cancelable",
    "bad_percentage",
    "insufficient_buying_power",
    "insufficient_qty",
    "short_not_allowed",
    "account_halted",
    "account_reducing",
    "trading_suspended",
    "max_order_value",
    "max_order_qty",
    "price_collar",
    "order_rate",
    "gross_exposure",
    "net_exposure",
    "concentration",
    "too_many_open_orders",
    "too_many_positions",
    "account_too_large",
    "no_order",
    "no_position",
});
static_assert(kCodes.size() == static_cast<size_t>(RefusalReason::kNoPosition) + 1);

}  // namespace

std::string_view Code(RefusalReason reason) {
  const auto number = static_cast<size_t>(reason);
  return number < kCodes.size() ? kCodes[number] : std::string_view();
}

}  // namespace livetape::floor
