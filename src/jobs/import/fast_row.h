#pragma once

// FastRow: a plain row of a CSV file as a bar in one pass over its bytes. One thread owns it.
//
// Plain: no quotes and no blanks around the fields, prices and volumes as digits with an optional
// point, of up to 9 digits before it (a volume: 15) and 9 behind it; the time as `2004-08-19`,
// `20040819`, alone or before a time of day (`09:30`, `09:30:00`, `09:30:00Z`), or as whole seconds or
// milliseconds since 1970.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "jobs/import/csv_layout.h"
#include "model/bar.h"

namespace livetape::jobs {

struct CsvRow {
  std::string_view symbol{};
  model::Bar bar{};
};

class FastRow {
 public:
  explicit FastRow(const CsvLayout& layout);

  // False: the row is not plain, or something is wrong with it; `row` may have changed.
  bool Read(std::string_view line, CsvRow& row);

 private:
  enum class Kind : uint8_t { kIgnored, kTime, kPrice, kVolume, kSymbol };
  enum PriceOf : uint8_t { kOpen, kHigh, kLow, kClose };
  struct Column {
    Kind kind = Kind::kIgnored;
    PriceOf price = kOpen;
  };

  bool ReadTime(std::string_view text, int64_t& time);
  bool DayOf(std::string_view text, size_t apart, int64_t& day);

  std::vector<Column> columns_;  // up to the last one that means something; empty: no row is plain
  int64_t price_divisor_ = 1;
  bool one_price_ = false, has_symbol_ = false;
  // Of the row before: most have its day.
  std::array<char, 10> day_text_{};
  size_t day_length_ = 0;
  int64_t day_ = 0;
};

}  // namespace livetape::jobs
