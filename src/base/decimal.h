#pragma once

// Decimal, Price, Quantity, Amount: exact decimal numbers of fixed scale.
//
// A Decimal counts units of 10^-9 in an int64 (up to about 9.2 x 10^9). Price and Quantity are
// Decimals that do not mix. A product or a sum of products is an Amount: units of 10^-18 in an
// __int128 (up to about 1.7 x 10^20), so that price x quantity is exact and cannot overflow.
// Sums are checked. Text round-trips exactly; nothing passes through floating point.

#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::base {

__extension__ typedef __int128 Int128;

inline constexpr int kDecimalPlaces = 9;
inline constexpr int64_t kDecimalScale = 1'000'000'000;

// Digits with optional sign, point and exponent ("-12.5", "1e-8") to units of 10^-9. More than 9
// decimals that are not zero, or a value beyond int64, is an error that says so.
Result<int64_t> ParseDecimalUnits(std::string_view text);

// The shortest exact text of `units` x 10^-9, without exponent: "0", "-0.5", "61837.63".
void AppendDecimalUnits(std::string& out, int64_t units);

// A JSON number by its shortest decimal text, at most 15 significant digits; else the error asks
// for a string.
Result<int64_t> DecimalUnitsFromDouble(double value);

template <typename Tag>
class Fixed {
 public:
  constexpr Fixed() = default;
  static constexpr Fixed FromUnits(int64_t units) { return Fixed(units); }

  static Result<Fixed> Parse(std::string_view text) {
    auto units = ParseDecimalUnits(text);
    if (!units) return std::unexpected(std::move(units.error()));
    return Fixed(*units);
  }
  static Result<Fixed> FromDouble(double value) {
    auto units = DecimalUnitsFromDouble(value);
    if (!units) return std::unexpected(std::move(units.error()));
    return Fixed(*units);
  }

  // Units of 10^-9.
  constexpr int64_t units() const { return units_; }
  constexpr bool positive() const { return units_ > 0; }
  constexpr bool zero() const { return units_ == 0; }

  // For display and statistics only; never back into an account.
  constexpr double Approximate() const { return static_cast<double>(units_) / 1e9; }

  std::string ToString() const {
    std::string out;
    AppendDecimalUnits(out, units_);
    return out;
  }
  void AppendTo(std::string& out) const { AppendDecimalUnits(out, units_); }

  // Nothing when the sum leaves the range.
  std::optional<Fixed> CheckedAdd(Fixed other) const {
    int64_t sum = 0;
    if (__builtin_add_overflow(units_, other.units_, &sum)) return std::nullopt;
    return Fixed(sum);
  }
  std::optional<Fixed> CheckedSub(Fixed other) const {
    int64_t difference = 0;
    if (__builtin_sub_overflow(units_, other.units_, &difference)) return std::nullopt;
    return Fixed(difference);
  }

  friend constexpr auto operator<=>(Fixed, Fixed) = default;

 private:
  constexpr explicit Fixed(int64_t units) : units_(units) {}
  int64_t units_ = 0;
};

using Decimal = Fixed<struct DecimalTag>;
using Price = Fixed<struct PriceTag>;
using Quantity = Fixed<struct QuantityTag>;

// The double nearest to `value`, as a cast gives it, in a third of its time: the 63 leading bits are
// converted, the last of which says whether any follow.
constexpr double NearestDouble(Int128 value) {
  __extension__ typedef unsigned __int128 Uint128;
  const bool negative = value < 0;
  const Uint128 size = negative ? Uint128{0} - static_cast<Uint128>(value) : Uint128(value);
  const auto upper = static_cast<uint64_t>(size >> 64U);
  const auto lower = static_cast<uint64_t>(size);
  double nearest = 0;
  if (upper == 0) {
    nearest = static_cast<double>(lower);
  } else {
    const int shift = 65 - std::countl_zero(upper);
    const auto leading = static_cast<uint64_t>(size >> static_cast<unsigned>(shift));
    const bool more = (size & ((Uint128{1} << static_cast<unsigned>(shift)) - 1)) != 0;
    // 2^shift, by its exponent.
    const auto scale = std::bit_cast<double>(static_cast<uint64_t>(1023 + shift) << 52U);
    nearest =
        static_cast<double>(static_cast<int64_t>(leading | static_cast<uint64_t>(more))) * scale;
  }
  return negative ? -nearest : nearest;
}

// A product of Decimals, or a sum of such: money, notional, volume. Units of 10^-18.
class Amount {
 public:
  constexpr Amount() = default;
  static constexpr Amount FromUnits(Int128 units) { return Amount(units); }
  // The same value at the finer scale; always fits.
  template <typename Tag>
  static constexpr Amount From(Fixed<Tag> value) {
    return Amount(Int128{value.units()} * kDecimalScale);
  }

  constexpr Int128 units() const { return units_; }
  constexpr bool zero() const { return units_ == 0; }
  constexpr double Approximate() const { return NearestDouble(units_) / 1e18; }

  // The shortest exact text, without exponent.
  std::string ToString() const;
  void AppendTo(std::string& out) const;

  std::optional<Amount> CheckedAdd(Amount other) const {
    Int128 sum = 0;
    if (__builtin_add_overflow(units_, other.units_, &sum)) return std::nullopt;
    return Amount(sum);
  }

  friend constexpr auto operator<=>(Amount, Amount) = default;

 private:
  constexpr explicit Amount(Int128 units) : units_(units) {}
  Int128 units_ = 0;
};

// Exact: |a|, |b| < 2^63, so the product stays under 2^126.
constexpr Amount operator*(Price price, Quantity quantity) {
  return Amount::FromUnits(Int128{price.units()} * quantity.units());
}

// total / weight as decimal text of `digits` significant digits, rounded half-even; weight > 0
// and total >= 0. For averages such as VWAP = sum(price x quantity) / sum(quantity).
std::string DivideToText(Amount total, Amount weight, int digits);

}  // namespace livetape::base
