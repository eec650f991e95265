#pragma once

// BarQueue: bars on their way to the one thread that writes the store: those that the market has
// closed, and those that jobs import. Any thread puts, the writer takes.
//
// Bounded: 16 batches of imports, whose jobs wait for room; 500,000 bars of the market, which is an
// hour of 8,000 symbols: while the store takes nothing for longer, further ones are counted and stay
// in memory only.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "market/bar_history.h"
#include "market/instruments.h"
#include "metrics/registry.h"
#include "store/bar_rows.h"

namespace livetape::app {

class BarQueue {
 public:
  static constexpr size_t kImportBatchesMax = 16;
  static constexpr size_t kClosedMax = 500'000;
  // Written at once: bars, and series, each of which costs a block.
  static constexpr size_t kBarsPerWrite = 4096, kSeriesPerWrite = 128;

  struct Write {
    std::vector<store::BarRows> bars;
    bool sync = false;  // with all that was written before, it must be on disk
    bool empty() const { return bars.empty() && !sync; }
  };
  // Why bars of an import could not be stored; the queue's, and whoever imports holds a reference.
  struct Fault {
    std::optional<base::Error> error;
  };

  // `instruments` outlives it.
  BarQueue(const market::Instruments& instruments, metrics::Registry& metrics);

  // --- the floor's thread; before it runs and after it has stopped, the main thread
  // A bar of the market. Seconds are not kept.
  void AddClosed(model::InstrumentId instrument, model::Timeframe timeframe, const model::Bar& bar);

  // --- a job's thread
  // Waits for room. Fails once the queue is closed, or bars that were put with `fault` are refused.
  base::Result<void> Put(store::BarRows rows, std::shared_ptr<Fault> fault);
  // Waits until all that was put before is in the store, and on disk. Likewise.
  base::Result<void> Flush(const Fault& fault);

  // --- the writer
  // What is to be written next: bars of the market first.
  Write Next();
  // What Next gave last is done.
  void Done();
  // Of what Next gave last these can never be stored. Before Done.
  void Refuse(const store::BarRows& rows, const base::Error& error);
  bool empty();
  // Batches of an import wait, or its end.
  bool importing();
  // How many batches of daily bars of a symbol have been imported: its days may be others than before.
  // Any thread.
  uint64_t ImportedDays(const std::string& symbol);
  // Called by Put, on its thread.
  void SetWake(std::function<void()> wake) { wake_ = std::move(wake); }
  // Nothing more is written: who waits learns it.
  void Close();

 private:
  struct Import {
    store::BarRows rows;
    std::shared_ptr<Fault> fault;
  };
  struct Closed {
    model::InstrumentId instrument;
    model::Timeframe timeframe;
    model::Bar bar;
  };
  std::vector<Closed> SomeClosed();
  std::vector<store::BarRows> RowsOf(const std::vector<Closed>& closed);

  const market::Instruments& instruments_;
  std::vector<model::Instrument> known_;  // the writer's: by id
  std::function<void()> wake_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::deque<Closed> closed_;
  std::deque<Import> imports_;
  std::shared_ptr<Fault> fault_;                             // of the import that Next gave last
  std::string days_of_;                                      // its symbol, if it has daily bars
  std::unordered_map<std::string, uint64_t> imported_days_;  // batches, by symbol
  // Batches of imports.
  uint64_t put_ = 0, stored_ = 0, synced_ = 0;
  uint64_t wanted_ = 0;     // to be synced, because somebody waits for it
  bool importing_ = false;  // what Next gave last is one
  bool syncing_ = false;    // it is to be synced
  bool shut_ = false;
  metrics::Counter& dropped_;
};

}  // namespace livetape::app
