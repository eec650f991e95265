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
#include "store/store.h"

namespace livetape::app {

class StoreSink final : public jobs::BarSink {
 public:
  static constexpr size_t kWaitingMax = 16;

  // The store has no other writer; it outlives the sink.
  explicit StoreSink(store::Store& store);
  ~StoreSink() override;  // what still waits is written

  // The first fault of the store is everybody's, from then on.
  base::Result<void> Take(jobs::BarBatch batch) override;
  // Waits until all that was taken is in the store.
  base::Result<void> Flush();

 private:
  void Run();
  base::Result<void> Fault() const;

  store::Store& store_;
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
