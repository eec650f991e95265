#pragma once

// QueueSink: where the bars of an import in a running server go: the queue of the store's writer. The
// worker that looks after the job.

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "app/jobs/bar_queue.h"
#include "app/jobs/store_sink.h"
#include "jobs/import/bar_sink.h"
#include "market/instruments.h"

namespace livetape::app {

// Makes an instrument that there is not. Ready: everybody finds it, unless there are too many.
using IntroduceInstrument = std::function<std::future<void>(model::Instrument)>;

class QueueSink final : public jobs::BarSink {
 public:
  // All outlive it. `room`: an error where long imports may take no more of the disk.
  QueueSink(BarQueue& queue, const market::Instruments& instruments, IntroduceInstrument introduce,
            std::function<base::Result<void>()> room)
      : queue_(queue),
        instruments_(instruments),
        introduce_(std::move(introduce)),
        room_(std::move(room)) {}

  // Bars of an instrument that there is go under its own symbol, whatever the file calls it.
  base::Result<void> Take(jobs::BarBatch batch) override {
    // The first batch waits for room, so that short imports are stored.
    if (std::exchange(began_, true)) {
      if (auto room = room_(); !room) {
        full_ = true;
        return base::Fail(room.error().message + ", then send the file again");
      }
    }
    if (batch.symbol != told_) {
      told_ = batch.symbol;
      const auto found = instruments_.Find(batch.symbol);
      own_ = found ? found->instrument : model::Instrument{batch.symbol, batch.asset_class};
      if (!found) introduced_ = introduce_(own_);
    }
    batch.symbol = own_.symbol;
    batch.asset_class = own_.asset_class;
    return queue_.Put(RowsOf(std::move(batch)), fault_);
  }
  // What was given last was not taken, because the disk has no room for it.
  bool full() const { return full_; }
  // Waits until all that was taken is in the store, and its instruments are found.
  base::Result<void> Flush() {
    if (introduced_.valid()) introduced_.get();
    return queue_.Flush(*fault_);
  }

 private:
  BarQueue& queue_;
  const market::Instruments& instruments_;
  const IntroduceInstrument introduce_;
  const std::function<base::Result<void>()> room_;
  const std::shared_ptr<BarQueue::Fault> fault_ = std::make_shared<BarQueue::Fault>();
  bool began_ = false, full_ = false;
  std::future<void> introduced_;  // of the newest: the others were before it
  std::string told_;
  model::Instrument own_;
};

}  // namespace livetape::app
