#pragma once

// StoreSink: where the bars of `livetape import` go: a thread of its own writes them into the store,
// while the import reads on. The importing thread owns it.
//
// At most kWaitingMax batches wait; the import waits when there are so many.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "base/result.h"
#include "jobs/import/bar_sink.h"
#include "market/instruments.h"
#include "store/store.h"

namespace livetape::app {

class StoreSink final : public jobs::BarSink {
 public:
  static constexpr size_t kWaitingMax = 16;

  // The store has no other writer. `instruments`: whose bars are in it; what is imported is added. Both
  // outlive the sink.
  StoreSink(store::Store& store, market::Instruments& instruments);
  ~StoreSink() override;  // what still waits is written

  // Bars of a coin that is there go under its own symbol, whatever the file calls it. The first fault of
  // the store is everybody's, from then on.
  base::Result<void> Take(jobs::BarBatch batch) override;
  // Waits until all that was taken is in the store.
  base::Result<void> Flush();

 private:
  void Run();
  base::Result<void> Fault() const;

  store::Store& store_;
  market::Instruments& instruments_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<jobs::BarBatch> waiting_;
  bool writing_ = false, stopping_ = false;
  std::optional<base::Error> fault_;
  std::thread thread_;
};

// A batch as the store takes it.
store::BarRows RowsOf(jobs::BarBatch batch);

}  // namespace livetape::app
