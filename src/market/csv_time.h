#pragma once

// ReadCsvTime: the time of a CSV row, from its date column, its time column, or both.
// Pure function.

#include <string>
#include <string_view>
#include <vector>

#include "market/csv_columns.h"
#include "market/time_field.h"

namespace livetape::market {

// With both columns the texts are joined: "20131007" and "09:31" are "20131007 09:31". A time that
// is whole by itself (epoch, RFC 3339) beside a date stands alone.
inline base::Result<base::WallTime> ReadCsvTime(const std::vector<std::string_view>& row,
                                                const CsvColumns& columns) {
  const std::string_view date = Field(row, columns.date);
  const std::string_view time = Field(row, columns.time);
  if (date.empty() || time.empty()) return ParseTimeField(date.empty() ? time : date);
  if (auto whole = ParseTimeField(time)) return whole;
  if (date.size() + time.size() > 40) return ParseTimeField(time);  // fails, and says how
  return ParseTimeField(std::string(date) + " " + std::string(time));
}

}  // namespace livetape::market
