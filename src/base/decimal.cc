#include "base/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>

#include "base/amount_text.h"
#include "base/assert.h"

namespace livetape::base {
namespace {

__extension__ typedef unsigned __int128 UInt128;

// Writes the digits of `value` before `end`; where they begin.
char* WriteDigits(char* end, uint64_t value) {
  do {
    *--end = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return end;
}

// By parts that fit into 64 bits: a division of 128 bits costs tens of nanoseconds.
char* WriteDigits(char* end, UInt128 value) {
  constexpr uint64_t kPart = 1'000'000'000'000'000'000;
  constexpr std::ptrdiff_t kPartDigits = 18;
  while (value > std::numeric_limits<uint64_t>::max()) {
    char* at = WriteDigits(end, static_cast<uint64_t>(value % kPart));
    end -= kPartDigits;
    while (at > end) *--at = '0';
    value /= kPart;
  }
  return WriteDigits(end, static_cast<uint64_t>(value));
}

// Appends `units` x 10^-places, trailing zeros of the fraction cut.
template <typename Unsigned>
void AppendScaled(std::string& out, bool negative, Unsigned magnitude, int places) {
  std::array<char, 48> text;
  char* end = text.data() + text.size();
  char* const point = end - places;
  char* at = WriteDigits(end, magnitude);
  while (at >= point) *--at = '0';  // at least one digit before the point
  while (end > point && end[-1] == '0') --end;
  if (negative) out += '-';
  out.append(at, point);
  if (end == point) return;
  out += '.';
  out.append(point, end);
}

struct Scan {
  bool negative = false;
  UInt128 digits = 0;    // all digits read, as one integer
  int64_t exponent = 0;  // of ten
};

constexpr int64_t kExponentMax = 1000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// [sign] digits [. digits] [e [sign] digits]; at least one digit. False: not a number.
bool ScanNumber(std::string_view text, Scan& scan, bool& too_long) {
  const char* p = text.data();
  const char* const end = p + text.size();
  if (p != end && (*p == '-' || *p == '+')) scan.negative = *p++ == '-';
  size_t digits = 0;
  bool point = false;
  for (; p != end && (IsDigit(*p) || (*p == '.' && !point)); ++p) {
    if (*p == '.') {
      point = true;
      continue;
    }
    ++digits;
    if (scan.digits > (~UInt128{0} - 9) / 10) {
      too_long = true;
    } else {
      scan.digits = scan.digits * 10 + static_cast<unsigned>(*p - '0');
    }
    if (point) --scan.exponent;
  }
  if (digits == 0) return false;
  if (p != end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p != end && *p == '+') ++p;
    int64_t exponent = 0;
    const auto [rest, code] = std::from_chars(p, end, exponent);
    if (code != std::errc() || rest == p || exponent < -kExponentMax || exponent > kExponentMax) {
      return false;
    }
    scan.exponent += exponent;
    p = rest;
  }
  return p == end;
}

}  // namespace

namespace {

// `text` in units of 10^-places, at most `units_max` of them.
Result<Int128> ParseUnits(std::string_view text, int places, UInt128 units_max) {
  Scan scan;
  bool too_long = false;
  if (text.size() > 64 || !ScanNumber(text, scan, too_long)) {
    return Fail(fmt::format("'{}' is not a decimal number", text.substr(0, 64)));
  }
  const auto out_of_range = [&] {
    std::string largest;
    AppendScaled(largest, false, units_max, places);
    return Fail(fmt::format("'{}' is out of range; at most {}", text, largest));
  };
  if (too_long) return out_of_range();
  UInt128 units = scan.digits;
  if (units != 0) {
    int64_t shift = scan.exponent + places;
    for (; shift < 0; ++shift) {
      if (units % 10 != 0) {
        return Fail(fmt::format("'{}' has more than {} decimals", text, places));
      }
      units /= 10;
    }
    for (; shift > 0; --shift) {
      if (units > units_max / 10) return out_of_range();
      units *= 10;
    }
  }
  if (units > units_max) return out_of_range();
  const auto magnitude = static_cast<Int128>(units);
  return scan.negative ? -magnitude : magnitude;
}

}  // namespace

Result<int64_t> ParseDecimalUnits(std::string_view text) {
  const auto units = ParseUnits(text, kDecimalPlaces, std::numeric_limits<int64_t>::max());
  if (!units) return std::unexpected(units.error());
  return static_cast<int64_t>(*units);
}

Result<Amount> ParseAmount(std::string_view text) {
  const auto units = ParseUnits(text, 2 * kDecimalPlaces, ~UInt128{0} >> 1);
  if (!units) return std::unexpected(units.error());
  return Amount::FromUnits(*units);
}

void AppendDecimalUnits(std::string& out, int64_t units) {
  const bool negative = units < 0;
  const uint64_t magnitude =
      negative ? 0 - static_cast<uint64_t>(units) : static_cast<uint64_t>(units);
  AppendScaled(out, negative, magnitude, kDecimalPlaces);
}

Result<int64_t> DecimalUnitsFromDouble(double value) {
  if (!std::isfinite(value)) return Fail("the number is not finite");
  std::array<char, 64> text;
  const auto [end, code] = std::to_chars(text.data(), text.data() + text.size(), value);
  LT_ASSERT(code == std::errc());
  const std::string_view shortest(text.data(), static_cast<size_t>(end - text.data()));
  const std::string_view mantissa = shortest.substr(0, shortest.find('e'));
  auto digits = std::count_if(mantissa.begin(), mantissa.end(), IsDigit);
  // Zeros at either end of a long plain number are not significant.
  if (mantissa.starts_with("0.")) digits -= static_cast<long>(mantissa.find_first_not_of("0.")) - 1;
  if (digits > 15 && mantissa.find('.') != std::string_view::npos) {
    return Fail(
        fmt::format("the number {} has more than 15 significant digits; send a string", shortest));
  }
  return ParseDecimalUnits(shortest);
}

void Amount::AppendTo(std::string& out) const {
  const bool negative = units_ < 0;
  const UInt128 magnitude =
      negative ? UInt128{0} - static_cast<UInt128>(units_) : static_cast<UInt128>(units_);
  AppendScaled(out, negative, magnitude, 2 * kDecimalPlaces);
}

std::string Amount::ToString() const {
  std::string out;
  AppendTo(out);
  return out;
}

std::string DivideToText(Amount total, Amount weight, int digits) {
  LT_ASSERT(weight.units() > 0 && total.units() >= 0);
  LT_ASSERT(digits >= 1 && digits <= 30, "digits {}", digits);
  // Long division: the integer part, then digit by digit, so that no product can overflow
  // (the remainder is under the weight, and ten times the weight fits).
  auto rest = static_cast<UInt128>(total.units());
  const auto divisor = static_cast<UInt128>(weight.units());
  LT_ASSERT(divisor <= ~UInt128{0} / 10);
  LT_ASSERT(rest / divisor <= std::numeric_limits<uint64_t>::max());
  const std::string text = fmt::format("{}", static_cast<uint64_t>(rest / divisor));
  rest %= divisor;
  int significant = text == "0" ? 0 : static_cast<int>(text.size());
  LT_ASSERT(significant <= digits, "the quotient {} has more than {} digits", text, digits);
  std::string fraction;
  // Nothing but zeros follows where nothing is left.
  while (rest != 0 && significant < digits && fraction.size() < 40) {
    rest *= 10;
    const auto digit = static_cast<char>('0' + static_cast<int>(rest / divisor));
    rest %= divisor;
    fraction += digit;
    if (significant > 0 || digit != '0') ++significant;
  }
  const UInt128 half = divisor - rest;  // rest against divisor - rest avoids doubling
  const char last = fraction.empty() ? text.back() : fraction.back();
  std::string all = text + fraction;
  if (rest > half || (rest == half && (last - '0') % 2 == 1)) {
    size_t i = all.size();
    while (i > 0 && all[i - 1] == '9') all[--i] = '0';
    if (i == 0) {
      all.insert(all.begin(), '1');
    } else {
      ++all[i - 1];
    }
  }
  if (fraction.empty()) return all;
  all.insert(all.size() - fraction.size(), 1, '.');
  while (all.back() == '0') all.pop_back();
  if (all.back() == '.') all.pop_back();
  return all;
}

}  // namespace livetape::base
