#pragma once

// LineReport: tells the log what is wrong with the lines of a file, without flooding it.
// One thread owns it.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/log.h"

namespace livetape::market {

inline constexpr uint64_t kReportedLinesMax = 20;

class LineReport {
 public:
  // `log` may be null: then it only counts.
  LineReport(std::string path, base::Log* log) : path_(std::move(path)), log_(log) {}

  // A malformed line that was skipped: a warning with file, line number and reason for the first
  // kReportedLinesMax, a number for the others.
  void Skipped(uint64_t line, std::string_view reason);
  // Something a valid line told that the reader should know; limited alike, counted apart.
  void Noticed(uint64_t line, std::string_view what);
  // The totals, if there is anything to tell. After it the report is silent and counts nothing.
  void Finish();

  uint64_t skipped() const { return skipped_; }

 private:
  const std::string path_;
  base::Log* const log_;
  uint64_t skipped_ = 0;
  uint64_t noticed_ = 0;
  bool finished_ = false;
};

}  // namespace livetape::market
