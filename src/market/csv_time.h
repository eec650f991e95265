#pragma once

// ReadCsvTime: the time of a CSV row, from its date column, its time column, or both.
// Pure function.

#include <string>
#include <string_view>
#include <vector>

#include "market/csv_columns.h"
#include "market/time_field.h"

namespace livetape::market {

// "0931" and "931" as "09:31", "093100" as "09:31:00"; anything else as it is.
inline std::string TimeOfDay(std::string_view digits) {
  if (digits.size() < 3 || digits.size() > 6) return std::string(digits);
  std::string text(digits.size() % 2, '0');
  text += digits;
  for (size_t at = text.size() - 2; at > 0; at -= 2) text.insert(at, ":");
  return text;
}

// With both columns the texts are joined: "20131007" and "09:31" are "20131007 09:31". A time that
// is whole by itself (epoch, RFC 3339) beside a date stands alone. Few digits beside one are no epoch,
// but hours, minutes and seconds: "931", "0931", "093100".
inline base::Result<base::WallTime> ReadCsvTime(const std::vector<std::string_view>& row,
                                                const CsvColumns& columns) {
  const std::string_view date = Field(row, columns.date);
  const std::string_view time = Field(row, columns.time);
  if (date.empty() || time.empty()) return ParseTimeField(date.empty() ? time : date);
  if (time.size() < 9 && time.find_first_not_of("0123456789") == std::string_view::npos) {
    return ParseTimeField(std::string(date) + " " + TimeOfDay(time));
  }
  if (auto whole = ParseTimeField(time)) return whole;
  if (date.size() + time.size() > 40) return ParseTimeField(time);  // fails, and says how
  return ParseTimeField(std::string(date) + " " + std::string(time));
}

}  // namespace livetape::market
