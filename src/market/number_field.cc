#include "market/number_field.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace livetape::market {
namespace {

using base::Fail;
using base::kDecimalPlaces;
using base::kDecimalScale;
using base::Result;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

// "1.1456e+10", as some programs print large volumes. Beyond a Decimal's range it is read as ten
// times a tenth.
Result<base::Int128> ParseWithExponent(std::string_view text) {
  auto units = base::ParseDecimalUnits(text);
  if (units) return base::Int128{*units};
  const size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || text.size() > 64) return std::unexpected(units.error());
  std::string_view digits = text.substr(e + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int exponent = 0;
  const auto [rest, code] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (code != std::errc() || rest != digits.data() + digits.size() || exponent < 1) {
    return std::unexpected(units.error());
  }
  units = base::ParseDecimalUnits(fmt::format("{}e{}", text.substr(0, e), exponent - 1));
  if (!units) return std::unexpected(units.error());
  return base::Int128{*units} * 10;
}

}  // namespace

Result<int64_t> ParseUnits(std::string_view text) {
  // Up to 9 digits before the point and 9 after it cannot overflow.
  static constexpr int64_t kPowers[] = {1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
                                        10'000,        1'000,       100,        10,        1};
  const char* p = text.data();
  const char* const end = p + text.size();
  int64_t digits = 0;
  const char* const first = p;
  while (p != end && IsDigit(*p) && p - first <= 9) digits = digits * 10 + (*p++ - '0');
  const auto whole = p - first;
  if (whole == 0 || whole > 9) return base::ParseDecimalUnits(text);
  if (p == end) return digits * kDecimalScale;
  if (*p != '.') return base::ParseDecimalUnits(text);
  const char* const point = p++;
  while (p != end && IsDigit(*p) && p - point <= kDecimalPlaces) {
    digits = digits * 10 + (*p++ - '0');
  }
  if (p != end) return base::ParseDecimalUnits(text);
  return digits * kPowers[p - point - 1];
}

Result<int64_t> ParseRoundedUnits(std::string_view text) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos || text.size() - point - 1 <= kDecimalPlaces ||
      !AllDigits(text.substr(point + 1))) {
    return ParseUnits(text);
  }
  const bool up = text[point + 1 + kDecimalPlaces] >= '5';
  auto units = ParseUnits(text.substr(0, point + 1 + kDecimalPlaces));
  if (!units || !up) return units;
  int64_t rounded = 0;
  if (__builtin_add_overflow(*units, text.front() == '-' ? -1 : 1, &rounded)) return units;
  return rounded;
}

Result<base::Price> CheckedPrice(int64_t units, std::string_view what) {
  if (units <= 0 || units > kPriceUnitsMax) {
    return Fail(fmt::format("{} must be above 0 and at most 1000000000, got {}", what,
                            base::Price::FromUnits(units).ToString()));
  }
  return base::Price::FromUnits(units);
}

Result<base::Quantity> CheckedSize(int64_t units, std::string_view what) {
  if (units < 0 || units > kSizeUnitsMax) {
    return Fail(fmt::format("{} must be 0 to 9000000000, got {}", what,
                            base::Quantity::FromUnits(units).ToString()));
  }
  return base::Quantity::FromUnits(units);
}

Result<base::Price> ReadPrice(std::string_view text, std::string_view what) {
  const auto units = ParseRoundedUnits(text);
  if (!units) return Fail(fmt::format("{}: {}", what, units.error().message));
  return CheckedPrice(*units, what);
}

Result<base::Quantity> ReadSize(std::string_view text, std::string_view what) {
  const auto units = ParseRoundedUnits(text);
  if (!units) return Fail(fmt::format("{}: {}", what, units.error().message));
  return CheckedSize(*units, what);
}

Result<base::Int128> ParseVolumeUnits(std::string_view text) {
  static constexpr base::Int128 kMax = base::Int128{36'000'000'000} * kDecimalScale;
  const auto fail = [&](std::string_view what) {
    return Fail(fmt::format("volume {}, got '{}'", what, text.substr(0, 64)));
  };
  const size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == text.size() ? text.substr(point) : text.substr(point + 1);
  base::Int128 units = 0;
  if (AllDigits(whole) && AllDigits(fraction) && whole.size() + fraction.size() > 0) {
    uint64_t count = 0;
    if (!whole.empty()) {
      const auto [rest, code] = std::from_chars(whole.data(), whole.data() + whole.size(), count);
      if (code != std::errc()) return fail("must be 0 to 36000000000");
    }
    units = base::Int128{count} * kDecimalScale;
    int64_t unit = kDecimalScale;
    for (const char digit : fraction.substr(0, kDecimalPlaces))
      units += (digit - '0') * (unit /= 10);
  } else {
    const auto exact = ParseWithExponent(text);
    if (!exact) return fail("is not a number");
    units = *exact;
  }
  if (units < 0) return fail("must be 0 to 36000000000");
  if (units > kMax) return fail("must be 0 to 36000000000");
  return units;
}

}  // namespace livetape::market
