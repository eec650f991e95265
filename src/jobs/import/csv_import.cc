#include "jobs/import/csv_import.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include "jobs/import/bar_gatherer.h"
#include "jobs/import/byte_lines.h"
#include "jobs/import/gunzip.h"
#include "jobs/import/row_reader.h"
#include "market/instrument_table.h"

namespace livetape::jobs {
namespace {

using Outcome = ImportReport::Outcome;

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

class CsvImport {
 public:
  CsvImport(const ImportOptions& options, ByteSource& source, BarSink& sink,
            const ImportHooks& hooks)
      : options_(options),
        hooks_(hooks),
        gunzip_(source),
        lines_(gunzip_),
        bars_(sink, options.timeframe, options.asset_class) {}

  ImportReport Run() {
    auto read = ReadLines();
    // What was read before a fault of the source is as good as the rest.
    if (!sink_failed_ && report_.outcome != Outcome::kCancelled) {
      auto finished = bars_.Finish();
      if (read) read = std::move(finished);
    }
    Tell();
    report_.symbols = bars_.symbols();
    if (report_.imported > 0) {
      report_.first = bars_.first();
      report_.last = bars_.last();
    }
    if (read && report_.outcome != Outcome::kCancelled) read = CheckThatThereIsSomething();
    if (!read) {
      report_.outcome = Outcome::kFailed;
      report_.error = std::move(read.error().message);
    }
    return std::move(report_);
  }

 private:
  base::Result<void> ReadLines() {
    for (std::string_view line;;) {
      const auto read = lines_.Next(line);
      if (!read) return std::unexpected(read.error());
      if (lines_.reads() != told_reads_) {
        Tell();
        if (hooks_.cancelled != nullptr && hooks_.cancelled->load(std::memory_order_relaxed)) {
          report_.outcome = Outcome::kCancelled;
          return {};
        }
      }
      if (*read == ByteLines::Read::kEnd) break;
      if (*read == ByteLines::Read::kWithin) continue;
      if (*read == ByteLines::Read::kTooLong) {
        // Without it nobody knows which columns there are: the next line is not it.
        if (!rows_) {
          return base::Fail(
              fmt::format("line {}, the first that is not blank, has more than {} bytes: it should "
                          "be the header, or a row",
                          lines_.line_number(), kLineBytesMax));
        }
        ++report_.read.rows;
        AddBad(RowFault::kLineTooLong, fmt::format("has more than {} bytes", kLineBytesMax));
      } else if (auto taken = Take(line); !taken) {
        return taken;
      }
    }
    report_.outcome = Outcome::kCompleted;
    return {};
  }

  base::Result<void> Take(std::string_view line) {
    if (!rows_) {
      if (IsBlank(line)) return {};
      const auto header = Begin(line);
      if (!header) return std::unexpected(header.error());
      if (*header) return {};
    }
    if (const auto problem = rows_->Read(line, row_)) {
      if (IsBlank(line)) return {};
      ++report_.read.rows;
      AddBad(problem->fault, problem->detail);
      return {};
    }
    ++report_.read.rows;
    return Gather();
  }

  // From the first line that is not blank; whether it is a header.
  base::Result<bool> Begin(std::string_view line) {
    const auto layout = LayoutOf(line, options_.format, options_.asset_class);
    if (!layout) return std::unexpected(layout.error());
    if (layout->NeedsDay() && !options_.day) {
      return base::Fail(
          "the rows have milliseconds since midnight, but no day: it must be given beside the "
          "file");
    }
    if (!layout->columns.symbol && !market::IsSymbol(options_.symbol)) {
      return base::Fail(options_.symbol.empty()
                            ? "the file has no column with symbols: the symbol must be given"
                            : fmt::format("'{}' is not a symbol", options_.symbol.substr(0, 64)));
    }
    has_symbols_ = layout->columns.symbol.has_value();
    rows_.emplace(*layout, options_.day);
    return layout->header;
  }

  base::Result<void> Gather() {
    const std::string_view symbol = has_symbols_ ? row_.symbol : options_.symbol;
    const auto taken = bars_.Add(symbol, row_.bar);
    if (!taken) {
      sink_failed_ = true;
      return std::unexpected(taken.error());
    }
    switch (*taken) {
      case BarGatherer::Taken::kUnsorted:
        ++report_.unsorted;
        [[fallthrough]];
      case BarGatherer::Taken::kInOrder:
        ++report_.imported;
        break;
      case BarGatherer::Taken::kDuplicate:
        AddBad(RowFault::kDuplicate, fmt::format("{} has an earlier row in the same {} of time",
                                                 symbol, model::Name(options_.timeframe)));
        break;
      case BarGatherer::Taken::kTooManySymbols:
        AddBad(RowFault::kTooManySymbols,
               fmt::format("{} is one more symbol than the {} a file may have", symbol,
                           BarGatherer::kSymbolsMax));
        break;
    }
    return {};
  }

  void AddBad(RowFault fault, std::string detail) {
    ++report_.faults[static_cast<size_t>(fault)];
    if (report_.listed.size() == kListedRowsMax) return;
    report_.listed.push_back(
        {.line = lines_.line_number(), .fault = fault, .detail = std::move(detail)});
  }

  void Tell() {
    told_reads_ = lines_.reads();
    report_.read.bytes = gunzip_.bytes_in();
    if (hooks_.progress) hooks_.progress(report_.read);
  }

  base::Result<void> CheckThatThereIsSomething() const {
    if (report_.imported > 0) return {};
    if (report_.read.rows == 0) return base::Fail("there are no rows");
    const BadRow& first = report_.listed.front();
    return base::Fail(fmt::format("none of the {} rows can be used; line {}: {}", report_.read.rows,
                                  first.line, first.detail));
  }

  const ImportOptions& options_;
  const ImportHooks& hooks_;
  Gunzip gunzip_;
  ByteLines lines_;
  BarGatherer bars_;
  std::optional<RowReader> rows_;
  CsvRow row_;
  bool has_symbols_ = false, sink_failed_ = false;
  uint64_t told_reads_ = 0;
  ImportReport report_;
};

}  // namespace

uint64_t ImportReport::bad() const {
  return std::accumulate(faults.begin(), faults.end(), uint64_t{0});
}

ImportReport ImportCsv(const ImportOptions& options, ByteSource& source, BarSink& sink,
                       const ImportHooks& hooks) {
  return CsvImport(options, source, sink, hooks).Run();
}

}  // namespace livetape::jobs
