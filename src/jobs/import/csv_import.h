#pragma once

// ImportCsv: bars from the bytes of a CSV file, plain or gzip, given to a sink as they are read.
// Pure but for source, sink and hooks; the calling thread. Memory does not grow with the file.
// docs/import.md says what files may be and what becomes of each row.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "jobs/import/bar_sink.h"
#include "jobs/import/byte_source.h"
#include "jobs/import/csv_layout.h"
#include "jobs/import/row_fault.h"
#include "market/new_york.h"

namespace livetape::jobs {

struct ImportOptions {
  std::string symbol{};  // of files without a column that names it
  model::Timeframe timeframe = model::Timeframe::k1d;
  model::AssetClass asset_class = model::AssetClass::kUsEquity;
  CsvFormat format = CsvFormat::kAuto;
  std::optional<market::Day> day{};  // of files with milliseconds since midnight
};

struct ImportProgress {
  uint64_t bytes = 0;  // of the source, so of the gzip file, not of what is in it
  uint64_t rows = 0;
};

struct ImportHooks {
  std::function<void(const ImportProgress&)> progress{};  // about every 256 KiB of text
  const std::atomic<bool>* cancelled = nullptr;           // looked at as often
};

struct BadRow {
  uint64_t line = 0;  // from 1
  RowFault fault{};
  std::string detail{};
};

inline constexpr size_t kListedRowsMax = 100;

struct ImportReport {
  enum class Outcome : uint8_t {
    kCompleted,  // at least one row was taken
    kFailed,     // see `error`; bars that the sink had by then stay there
    kCancelled,  // likewise
  };
  Outcome outcome = Outcome::kFailed;
  std::string error{};
  ImportProgress read{};
  uint64_t imported = 0;  // rows
  uint64_t unsorted = 0;  // of them: behind a later row of their symbol
  std::array<uint64_t, kRowFaults> faults{};
  std::vector<BadRow> listed{};  // the first of the bad rows
  uint64_t symbols = 0;
  std::optional<base::WallTime> first{}, last{};  // starts of bars

  uint64_t bad() const;
};

ImportReport ImportCsv(const ImportOptions& options, ByteSource& source, BarSink& sink,
                       const ImportHooks& hooks = {});

}  // namespace livetape::jobs
