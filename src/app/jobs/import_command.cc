#include "app/jobs/import_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "app/jobs/import_files.h"
#include "app/jobs/store_sink.h"
#include "app/jobs/stored_bars.h"
#include "app/progress_line.h"
#include "app/stop_request.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "jobs/import/csv_import.h"
#include "jobs/import/lean_name.h"
#include "jobs/import/report_json.h"
#include "market/instruments.h"
#include "metrics/registry.h"
#include "store/store.h"
#include "tape/folder_lock.h"

namespace livetape::app {
namespace {

using jobs::ImportReport;
using Outcome = ImportReport::Outcome;

constexpr size_t kRowsShown = 10;  // of those that a report lists, as text

int Failed(const base::Error& error) {
  fmt::print(stderr, "livetape: {}\n", error.message);
  return 1;
}

base::Result<jobs::ImportOptions> OptionsOf(const ImportCommand& command) {
  jobs::ImportOptions options;
  options.symbol = command.symbol;
  const auto timeframe = model::ParseTimeframe(command.timeframe);
  if (!timeframe) {
    return base::Fail(
        fmt::format("--timeframe '{}' is none of 1s, 1m, 5m, 15m, 1h, 1d", command.timeframe));
  }
  options.timeframe = *timeframe;
  const auto format = jobs::ParseCsvFormat(command.format);
  if (!format) {
    return base::Fail(fmt::format("--format '{}' is none of auto, csv, lean", command.format));
  }
  options.format = *format;
  if (command.asset_class == model::Name(model::AssetClass::kCrypto)) {
    options.asset_class = model::AssetClass::kCrypto;
  } else if (command.asset_class != model::Name(model::AssetClass::kUsEquity)) {
    return base::Fail(
        fmt::format("--asset-class '{}' is none of us_equity, crypto", command.asset_class));
  }
  if (!command.day.empty()) {
    options.day = jobs::ParseDay(command.day);
    if (!options.day) {
      return base::Fail(fmt::format("--day '{}' is no day such as 2013-10-07", command.day));
    }
  }
  return options;
}

// One folder has one writer: a server that runs there takes files itself.
base::Error WithEndpoint(base::Error error, const config::Config& config,
                         const ImportCommand& command) {
  if (!error.message.contains("is in use by process")) return error;
  error.message += fmt::format(
      ". A server that runs there takes files itself: curl --data-binary @FILE "
      "'http://{}:{}/api/v1/imports?symbol={}&timeframe={}'",
      config.server.host, config.server.port, command.symbol.empty() ? "SYMBOL" : command.symbol,
      command.timeframe);
  return error;
}

base::Result<std::vector<store::BarSeries>> StoredSeries(const std::string& folder) {
  const auto reader = OpenStoreReader(folder);
  if (!reader) return std::unexpected(reader.error());
  return (*reader)->AllBarSeries();
}

bool HasBars(const std::vector<store::BarSeries>& stored, const market::Instruments& instruments,
             const jobs::ImportOptions& options) {
  const auto found = instruments.Find(options.symbol);
  return found && std::ranges::any_of(stored, [&](const store::BarSeries& series) {
           return series.symbol == found->instrument.symbol &&
                  series.timeframe == options.timeframe;
         });
}

void PrintReport(const std::string& name, const ImportReport& report, model::Timeframe timeframe) {
  fmt::print("{}: {}: {} rows, {} taken, {} not\n", name, Name(report.outcome), report.read.rows,
             report.imported, report.bad());
  if (report.outcome == Outcome::kFailed) fmt::print("  {}\n", report.error);
  if (report.first) {
    fmt::print(
        "  bars of {} of {} symbol{} from {} to {}{}\n", model::Name(timeframe), report.symbols,
        report.symbols == 1 ? "" : "s", base::FormatRfc3339(*report.first),
        base::FormatRfc3339(*report.last),
        report.unsorted == 0 ? "" : fmt::format("; {} rows were out of order", report.unsorted));
  }
  for (size_t i = 0; i < report.faults.size(); ++i) {
    if (report.faults[i] == 0) continue;
    fmt::print("  {}: {}\n", Name(static_cast<jobs::RowFault>(i)), report.faults[i]);
  }
  for (size_t i = 0; i < std::min(kRowsShown, report.listed.size()); ++i) {
    const jobs::BadRow& row = report.listed[i];
    fmt::print("  line {}: {}: {}\n", row.line, Name(row.fault), row.detail);
  }
  if (report.bad() > kRowsShown) {
    fmt::print("  and {} more{}\n", report.bad() - kRowsShown,
               report.bad() > report.listed.size() ? "" : "; --json lists them");
  }
}

class ImportRun final : public ImportFileVisitor {
 public:
  ImportRun(const ImportCommand& command, const jobs::ImportOptions& options, StoreSink& sink,
            StopRequest& stop, const base::Clock& clock)
      : command_(command),
        options_(options),
        sink_(sink),
        stop_(stop),
        clock_(clock),
        began_(clock.Mono()),
        line_(clock) {}

  bool Run() {
    if (command_.json) fmt::print("{{\"files\":[");
    for (const std::string& path : command_.files) {
      if (cancelled_) break;
      taken_here_ = false;
      auto visited = VisitImportFiles(path, options_.timeframe, *this);
      if (visited && !taken_here_) {
        visited = base::Fail(fmt::format("{}: there is no file of bars of {} in it", path,
                                         model::Name(options_.timeframe)));
      }
      if (!visited && !cancelled_) Fail(path, visited.error());
    }
    const bool done = !failed_ && !cancelled_;
    if (command_.json) {
      fmt::print("],\"status\":\"{}\",\"rows\":{},\"imported\":{},\"bad\":{}}}\n",
                 cancelled_ ? "cancelled"
                 : done     ? "completed"
                            : "failed",
                 rows_, imported_, bad_);
    }
    if (cancelled_) fmt::print(stderr, "livetape: interrupted; what was read by then is kept\n");
    return done;
  }

  bool Take(const ImportFile& file) override {
    taken_here_ = true;
    jobs::ImportOptions options = options_;
    if (!options.day) options.day = file.day;
    jobs::ImportHooks hooks;
    hooks.cancelled = &cancelled_;
    hooks.progress = [&](const jobs::ImportProgress& progress) { Follow(file, progress); };
    ImportReport report = jobs::ImportCsv(options, file.source, sink_, hooks);
    if (given_up_ && report.outcome == Outcome::kFailed) {
      report.outcome = Outcome::kCancelled;
      report.error.clear();
    }
    if (auto flushed = sink_.Flush(); !flushed) {
      report.outcome = Outcome::kFailed;
      report.error = std::move(flushed.error().message);
    }
    rows_ += report.read.rows;
    imported_ += report.imported;
    bad_ += report.bad();
    failed_ |= report.outcome == Outcome::kFailed;
    line_.Clear();
    if (command_.json) {
      std::string text = Begin(file.name);
      jobs::AppendImportReport(text, report);
      fmt::print("{}}}", text);
    } else {
      PrintReport(file.name, report, options_.timeframe);
    }
    return !cancelled_;
  }

  bool WaitFor(int fd) override {
    if (!cancelled_ && stop_.ArrivesBefore(fd)) Cancel();
    given_up_ = cancelled_;
    return !given_up_;
  }

  void Skip(const std::string& name, const std::string& why) override {
    if (!command_.json) {
      fmt::print("{}: skipped: {}\n", name, why);
      return;
    }
    std::string text = Begin(name) + "\"status\":\"skipped\",\"error\":";
    base::AppendJsonString(text, why);
    fmt::print("{}}}", text);
  }

 private:
  // Of an object in the list of files.
  std::string Begin(const std::string& name) {
    std::string text = std::exchange(listed_, true) ? ",{\"file\":" : "{\"file\":";
    base::AppendJsonString(text, name);
    return text + ',';
  }

  void Fail(const std::string& path, const base::Error& error) {
    failed_ = true;
    line_.Clear();
    fmt::print(stderr, "livetape: {}\n", error.message);
    if (!command_.json) return;
    std::string text = Begin(path) + "\"status\":\"failed\",\"error\":";
    base::AppendJsonString(text, error.message);
    fmt::print("{}}}", text);
  }

  void Cancel() {
    stop_.Wait();
    stop_.LetSignalsKill();
    cancelled_ = true;
  }

  void Follow(const ImportFile& file, const jobs::ImportProgress& progress) {
    if (!cancelled_ && stop_.arrived()) Cancel();
    if (!line_.Due()) return;
    const double seconds = std::chrono::duration<double>(clock_.Mono() - began_).count();
    const std::string far =
        file.bytes > 0 ? line_.Bar(progress.bytes, file.bytes)
                       : fmt::format("{:.1f} MB", static_cast<double>(progress.bytes) / 1e6);
    line_.Show(fmt::format("{} {}: {} rows, {:.2f} M rows/s", far, file.name, progress.rows,
                           static_cast<double>(rows_ + progress.rows) / seconds / 1e6));
  }

  const ImportCommand& command_;
  const jobs::ImportOptions& options_;
  StoreSink& sink_;
  StopRequest& stop_;
  const base::Clock& clock_;
  const base::MonoTime began_;
  ProgressLine line_;
  std::atomic<bool> cancelled_ = false;
  bool given_up_ = false;  // a pipe, which says so as a fault of its own
  uint64_t rows_ = 0, imported_ = 0, bad_ = 0;
  bool failed_ = false, listed_ = false, taken_here_ = false;
};

}  // namespace

int RunImportCommand(const ImportCommand& command, const base::Clock& clock) {
  const auto options = OptionsOf(command);
  if (!options) {
    Failed(options.error());
    return 2;
  }
  const auto config = config::Load(command.load);
  if (!config) return Failed(config.error());
  StopRequest stop(clock);
  const std::string& folder = config->server.data_dir;
  const auto lock = tape::FolderLock::Take(folder);
  if (!lock) return Failed(WithEndpoint(lock.error(), *config, command));
  metrics::Registry metrics;
  auto store = store::Store::Open({.folder = folder}, metrics);
  if (!store) return Failed(store.error());
  const auto stored = StoredSeries(folder);
  if (!stored) return Failed(stored.error());
  market::Instruments instruments;
  for (const store::BarSeries& series : *stored) {
    instruments.Add({.symbol = series.symbol, .asset_class = series.asset_class});
  }
  if (command.if_new && HasBars(*stored, instruments, *options)) return 0;
  StoreSink sink(**store, instruments);
  return ImportRun(command, *options, sink, stop, clock).Run() ? 0 : 1;
}

}  // namespace livetape::app
