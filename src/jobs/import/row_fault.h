#pragma once

// RowFault: why a row of an import is not taken, as the report counts it. Plain values.

#include <array>
#include <cstdint>
#include <string_view>

namespace livetape::jobs {

enum class RowFault : uint8_t {
  kMissingColumns,  // fewer than the header or the format has
  kBadSymbol,
  kBadTime,
  kBadNumber,  // a price that is no number
  kBadPrice,   // not above 0, or above 10^9
  kHighBelowLow,
  kOutsideRange,  // open or close not between low and high
  kBadVolume,     // no number, below 0, or above 36 x 10^9
  kDuplicate,     // the symbol has an earlier row in the same bucket of time
  kLineTooLong,
  kTooManySymbols,
};

inline constexpr size_t kRowFaults = 11;

// The name in a report: "missing_columns".
constexpr std::string_view Name(RowFault fault) {
  constexpr std::array<std::string_view, kRowFaults> kNames = {
      "missing_columns", "bad_symbol",     "bad_time",        "bad_number",
      "bad_price",       "high_below_low", "outside_range",   "bad_volume",
      "duplicate",       "line_too_long",  "too_many_symbols"};
  return kNames[static_cast<size_t>(fault)];
}

}  // namespace livetape::jobs
