#include "api/alpaca/fraction_text.h"

#include <fmt/format.h>

namespace livetape::api {
namespace {

__extension__ typedef unsigned __int128 UInt128;

UInt128 Magnitude(base::Int128 value) {
  return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

}  // namespace

std::string FractionText(base::Amount part, base::Amount whole) {
  UInt128 above = Magnitude(part.units());
  UInt128 below = Magnitude(whole.units());
  if (above == 0 || below == 0) return "0";
  // Longhand division multiplies a remainder by ten: 10^-18 of an amount beyond 10^18 is let go.
  constexpr UInt128 kBelowMax = UInt128{1'000'000'000'000'000'000} * 1'000'000'000'000'000'000;
  for (; below > kBelowMax; below /= 10) above /= 10;
  const bool negative = (part.units() < 0) != (whole.units() < 0);
  std::string text = negative ? "-" : "";
  constexpr UInt128 kWholeMax = 1'000'000'000'000'000;
  const UInt128 quotient = above / below;
  if (quotient >= kWholeMax) {  // all digits are before the point
    std::string digits;
    for (UInt128 rest = quotient; rest > 0; rest /= 10) {
      digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    }
    return text + digits;
  }
  const auto amount = [](UInt128 units) {
    return base::Amount::FromUnits(static_cast<base::Int128>(units));
  };
  return text + base::DivideToText(amount(above), amount(below), kFractionDigits);
}

std::string AveragePriceText(base::Amount cost, base::Quantity quantity) {
  std::string text = FractionText(cost, base::Amount::From(quantity));
  if (text.starts_with('-')) text.erase(0, 1);
  return text;
}

}  // namespace livetape::api
