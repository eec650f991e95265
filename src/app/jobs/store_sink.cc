#include "app/jobs/store_sink.h"

#include <utility>

namespace livetape::app {

store::BarRows RowsOf(jobs::BarBatch batch) {
  return {.symbol = std::move(batch.symbol),
          .timeframe = batch.timeframe,
          .asset_class = batch.asset_class,
          .bars = std::move(batch.bars)};
}

StoreSink::StoreSink(store::Store& store, market::Instruments& instruments)
    : store_(store), instruments_(instruments), thread_([this] { Run(); }) {}

StoreSink::~StoreSink() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

base::Result<void> StoreSink::Take(jobs::BarBatch batch) {
  const auto found = instruments_.Find(batch.symbol);
  if (!found) {
    instruments_.Add({.symbol = batch.symbol, .asset_class = batch.asset_class});
  } else if (found->instrument.symbol != batch.symbol) {
    batch.symbol = found->instrument.symbol;
    batch.asset_class = found->instrument.asset_class;
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kWaitingMax || fault_; });
  if (fault_) return Fault();
  waiting_.push_back(std::move(batch));
  changed_.notify_all();
  return {};
}

base::Result<void> StoreSink::Flush() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return (waiting_.empty() && !writing_) || fault_; });
  return Fault();
}

base::Result<void> StoreSink::Fault() const {
  if (fault_) return std::unexpected(*fault_);
  return {};
}

void StoreSink::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !waiting_.empty() || stopping_; });
    if (waiting_.empty() || fault_) return;
    store::Batch batch;
    batch.bars.push_back(RowsOf(std::move(waiting_.front())));
    waiting_.pop_front();
    writing_ = true;
    changed_.notify_all();
    lock.unlock();
    auto written = store_.Write(batch);
    lock.lock();
    writing_ = false;
    if (!written) fault_ = std::move(written.error());
    changed_.notify_all();
  }
}

}  // namespace livetape::app
