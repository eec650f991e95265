#pragma once

// CsvColumns: which column of a CSV file is which, from its header line; and the split of a row.
// Plain values and pure functions.

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace livetape::market {

inline constexpr size_t kCsvColumnsMax = 256;

// Splits at commas into `fields` (replaced). Blanks around a field and one pair of double quotes
// are taken off; a comma inside quotes does not split. Columns beyond kCsvColumnsMax are dropped.
void SplitCsvRow(std::string_view line, std::vector<std::string_view>& fields);

// Positions in a row; nothing where the file has no such column. Names are compared without case,
// blanks, '_', '-' and '.', so "Adj Close" is adjclose; unknown columns (adjclose too) are ignored;
// of two with one meaning the first counts.
struct CsvColumns {
  using Column = std::optional<size_t>;

  Column date, time;  // both: "date time" together; a lone one is the whole time
  Column symbol;      // symbol, ticker
  Column open, high, low, close;
  Column volume;                        // volume, vol
  Column price;                         // price, last, tradeprice
  Column size;                          // size, qty, quantity, amount, tradesize, else volume
  Column bid, ask, bid_size, ask_size;  // bid, bidprice, bestbid; bidsize, bidqty; and so on

  static CsvColumns Parse(std::string_view header);

  bool HasTime() const { return date || time; }
  // Date or time, open, high, low and close.
  bool MakesBars() const { return HasTime() && open && high && low && close; }
  // Date or time, and a price or both sides of a quote; not bars.
  bool MakesTicks() const { return HasTime() && !MakesBars() && (price || (bid && ask)); }
};

// The text of the column in a row, empty where the column or the row's field is missing.
inline std::string_view Field(const std::vector<std::string_view>& row, CsvColumns::Column column) {
  return column && *column < row.size() ? row[*column] : std::string_view();
}

}  // namespace livetape::market
