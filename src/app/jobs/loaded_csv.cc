#include "app/jobs/loaded_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

#include "jobs/import/file_bytes.h"

namespace livetape::app {
namespace {

// Backtests of more read from the store, which needs no memory for them.
constexpr size_t kBarsMax = 20'000'000;

class MemorySink final : public jobs::BarSink {
 public:
  base::Result<void> Take(jobs::BarBatch batch) override {
    count_ += batch.bars.size();
    if (count_ > kBarsMax) {
      return base::Fail(fmt::format(
          "more than {} bars do not fit: livetape import puts them into a data folder, from which "
          "a backtest reads them bit by bit",
          kBarsMax));
    }
    jobs::LoadedSymbol& symbol = symbols_[batch.symbol];
    symbol.name = batch.symbol;
    symbol.asset_class = batch.asset_class;
    symbol.bars.insert(symbol.bars.end(), batch.bars.begin(), batch.bars.end());
    return {};
  }

  std::vector<jobs::LoadedSymbol> Sorted() {
    std::vector<jobs::LoadedSymbol> sorted;
    for (auto& [name, symbol] : symbols_) {
      std::vector<model::Bar>& bars = symbol.bars;
      std::ranges::stable_sort(bars, {}, &model::Bar::start);
      // Of the same time the last: they are turned around, and the first of each is kept.
      std::ranges::reverse(bars);
      const auto repeated = std::ranges::unique(bars, {}, &model::Bar::start);
      bars.erase(repeated.begin(), repeated.end());
      std::ranges::reverse(bars);
      sorted.push_back(std::move(symbol));
    }
    return sorted;
  }

 private:
  std::map<std::string, jobs::LoadedSymbol> symbols_;
  size_t count_ = 0;
};

// "goog.csv.gz": GOOG.
std::string SymbolOfFile(const std::string& path) {
  std::string name = std::filesystem::path(path).filename().string();
  name.resize(std::min(name.find('.'), name.size()));
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

std::string NoteOn(const CsvSource& source, const jobs::ImportReport& report) {
  std::string note =
      fmt::format("{}: {} of {} rows were not taken:", source.path, report.bad(), report.read.rows);
  for (size_t i = 0; i < jobs::kRowFaults; ++i) {
    if (report.faults[i] == 0) continue;
    note += fmt::format(" {} {}", report.faults[i], jobs::Name(static_cast<jobs::RowFault>(i)));
  }
  if (!report.listed.empty()) note += fmt::format("; the first in line {}", report.listed[0].line);
  return note;
}

}  // namespace

CsvSource ParseCsvSource(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos) return {.symbol = "", .path = text};
  return {.symbol = text.substr(0, equals), .path = text.substr(equals + 1)};
}

base::Result<LoadedCsv> LoadCsv(const std::vector<CsvSource>& sources, model::Timeframe timeframe,
                                model::AssetClass asset_class) {
  LoadedCsv loaded;
  MemorySink sink;
  for (const CsvSource& source : sources) {
    const auto file = jobs::FileBytes::Open(source.path);
    if (!file) return std::unexpected(file.error());
    const jobs::ImportReport report = jobs::ImportCsv(
        {.symbol = source.symbol.empty() ? SymbolOfFile(source.path) : source.symbol,
         .timeframe = timeframe,
         .asset_class = asset_class},
        **file, sink);
    if (report.outcome != jobs::ImportReport::Outcome::kCompleted) {
      return base::Fail(fmt::format("{}: {}", source.path, report.error));
    }
    if (report.bad() > 0) loaded.notes.push_back(NoteOn(source, report));
  }
  loaded.symbols = sink.Sorted();
  return loaded;
}

}  // namespace livetape::app
