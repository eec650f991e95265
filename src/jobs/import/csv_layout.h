#pragma once

// CsvLayout: what the columns of an imported file mean, told from its first line. Plain value.
//
//   a header   names of any order and spelling (market/csv_columns.h), with date or time and either
//              open, high, low and close, or one price, which is then all four
//   no header  Lean's bars: `YYYYMMDD HH:MM,open,high,low,close,volume`, or with milliseconds since
//              midnight instead of the time. Shares: prices in 1/10,000, times of New York; crypto:
//              prices as they are, times in UTC (github.com/QuantConnect/Lean, Data/)

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "market/csv_columns.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::jobs {

// kAuto: what the first line says.
enum class CsvFormat : uint8_t { kAuto, kHeader, kLean };

// "auto", "csv", "lean".
std::string_view Name(CsvFormat format);
std::optional<CsvFormat> ParseCsvFormat(std::string_view text);

struct CsvLayout {
  enum class TimeForm : uint8_t {
    kText,             // market/time_field.h, and "Jan 1 2000"
    kNewYorkText,      // likewise, of New York's clocks
    kUtcMilliseconds,  // since midnight of a day that is given beside the file
    kNewYorkMilliseconds,
  };

  market::CsvColumns columns{};
  size_t columns_min = 0;  // of a row
  TimeForm time_form = TimeForm::kText;
  int64_t price_divisor = 1;
  bool header = true;      // the first line is one
  bool one_price = false;  // `columns.price` alone: a bar without range

  bool NeedsDay() const {
    return time_form == TimeForm::kUtcMilliseconds || time_form == TimeForm::kNewYorkMilliseconds;
  }
};

// The error says what the line is and what would be right.
base::Result<CsvLayout> LayoutOf(std::string_view first_line, CsvFormat format,
                                 model::AssetClass asset_class);

}  // namespace livetape::jobs
