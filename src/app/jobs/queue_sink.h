#pragma once

// QueueSink: where the bars of an import in a running server go: the queue of the store's writer. The
// worker that looks after the job.

#include <functional>
#include <string>
#include <utility>

#include "app/jobs/bar_queue.h"
#include "app/jobs/store_sink.h"
#include "jobs/import/bar_sink.h"
#include "market/instruments.h"

namespace livetape::app {

class QueueSink final : public jobs::BarSink {
 public:
  // `introduce` makes an instrument that there is not; all of them outlive it.
  QueueSink(BarQueue& queue, const market::Instruments& instruments,
            std::function<void(model::Instrument)> introduce)
      : queue_(queue), instruments_(instruments), introduce_(std::move(introduce)) {}

  // Bars of an instrument that there is go under its own symbol, whatever the file calls it.
  base::Result<void> Take(jobs::BarBatch batch) override {
    if (batch.symbol != told_) {
      told_ = batch.symbol;
      const auto found = instruments_.Find(batch.symbol);
      own_ = found ? found->instrument : model::Instrument{batch.symbol, batch.asset_class};
      if (!found) introduce_(own_);
    }
    batch.symbol = own_.symbol;
    batch.asset_class = own_.asset_class;
    return queue_.Put(RowsOf(std::move(batch)));
  }
  // Waits until all that was taken is in the store.
  base::Result<void> Flush() { return queue_.Flush(); }

 private:
  BarQueue& queue_;
  const market::Instruments& instruments_;
  const std::function<void(model::Instrument)> introduce_;
  std::string told_;
  model::Instrument own_;
};

}  // namespace livetape::app
