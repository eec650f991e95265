#pragma once

// Bars from before the start: which instruments they are of, and where the market's bars go on. The
// main thread, before anything runs.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/jobs/bar_queue.h"
#include "base/clock.h"
#include "base/result.h"
#include "market/bar_history.h"
#include "market/instruments.h"
#include "store/reader.h"
#include "store/store.h"

namespace livetape::app {

class BarRecovery {
 public:
  static base::Result<BarRecovery> Read(const std::filesystem::path& folder);

  bool Has(std::string_view symbol, model::Timeframe timeframe) const;
  // There are bars of it, if by another spelling of its symbol: history is not to be made up. Minutes
  // would make the bars up to an hour too: any of these is enough.
  bool HasHistory(const model::Instrument& instrument, model::Timeframe timeframe) const;

  // Bars of a coin that are stored under another spelling of its symbol than the one it is listed
  // with, as of an import before the first start: from now on they are under that one. `told` of
  // each. What both spellings have stays.
  base::Result<void> NameAsListed(
      const market::Instruments& listed, store::Store& store,
      const std::function<void(std::string_view from, std::string_view to)>& told);

  // Each instrument of which there are bars, at most `most` of them by symbol.
  void ForEachInstrument(size_t most,
                         const std::function<void(const model::Instrument&)>& take) const;

  // The market's bars go on in the newest ones that began by `now`, longer ones completed from the
  // minutes behind them, or made of them, which a crash may have left out; what that closes goes into the queue.
  // `find` says the id of an instrument; `skipped` is told why the bars of one cannot be read: those begin
  // anew.
  struct Asked {
    std::function<std::optional<model::InstrumentId>(std::string_view symbol)> find;
    std::function<void(std::string_view symbol, const base::Error& error)> skipped;
  };
  void Continue(base::WallTime now, const Asked& asked, market::BarHistory& bars, BarQueue& queue);

 private:
  explicit BarRecovery(std::unique_ptr<store::Reader> reader) : reader_(std::move(reader)) {}
  // The last day of them.
  struct Minutes {
    std::vector<model::Bar> bars{};
    bool cut = false;  // there are earlier ones

    // Those that bars of `timeframe` are to be completed by, of which the last that is known starts
    // at `last`.
    std::vector<model::Bar> For(model::Timeframe timeframe, std::optional<base::WallTime> last,
                                base::WallTime now) const;
  };
  base::Result<Minutes> NewestMinutes(const std::string& symbol, base::WallTime now);
  base::Result<void> ContinueOne(std::span<const store::BarSeries> series, model::InstrumentId id,
                                 base::WallTime now, market::BarHistory& bars, BarQueue& queue);
  base::Result<std::vector<model::Bar>> Newest(const store::BarSeries& series, base::WallTime now,
                                               size_t count);

  base::Result<void> ReadSeries();

  std::unique_ptr<store::Reader> reader_;
  std::vector<store::BarSeries> series_;  // by symbol, then timeframe
};

// `bars` completed by minutes, which ascend as they do: buckets that minutes lie in from the last of
// `bars` on. For tests, too.
std::vector<model::Bar> WithMinutes(std::vector<model::Bar> bars,
                                    const std::vector<model::Bar>& minutes,
                                    model::Timeframe timeframe);

}  // namespace livetape::app
