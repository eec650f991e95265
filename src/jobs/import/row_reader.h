#pragma once

// RowReader: one row of a CSV file as a bar. One thread owns it.
//
// Plain rows go through one pass over their bytes (fast_row.h); every other one, and so every wrong
// one, through the exact rules of market/, which say what is wrong. Both give the same where both
// give something.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/import/csv_layout.h"
#include "jobs/import/fast_row.h"
#include "jobs/import/row_fault.h"
#include "market/new_york.h"
#include "model/bar.h"

namespace livetape::jobs {

struct RowProblem {
  RowFault fault;
  std::string detail;  // in words, with what the row has
};

class RowReader {
 public:
  // `day`: of files with milliseconds since midnight, which need it.
  RowReader(const CsvLayout& layout, std::optional<market::Day> day);

  // A time anywhere in the bar's bucket is in `row.bar.start`; `row.symbol` is empty where the file
  // has no such column, and lives as long as the line.
  std::optional<RowProblem> Read(std::string_view line, CsvRow& row);

  // Without the fast pass: what the other must agree with.
  std::optional<RowProblem> ReadExactly(std::string_view line, CsvRow& row);

 private:
  base::Result<base::WallTime> TimeOf() const;
  std::optional<RowProblem> ReadPrice(market::CsvColumns::Column column, std::string_view name,
                                      base::Price& price) const;

  const CsvLayout layout_;
  const std::optional<market::Day> day_;
  FastRow fast_;
  std::vector<std::string_view> fields_;
};

}  // namespace livetape::jobs
