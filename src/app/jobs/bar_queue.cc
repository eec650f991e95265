#include "app/jobs/bar_queue.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

namespace livetape::app {
namespace {

base::Result<void> Shut() {
  return base::Fail("the server stops: what was put before is stored, the rest is not");
}

}  // namespace

BarQueue::BarQueue(const market::Instruments& instruments, metrics::Registry& metrics)
    : instruments_(instruments),
      dropped_(
          metrics.AddCounter("livetape_bars_not_stored_total",
                             "Bars that were not stored: of the market, because the store took "
                             "nothing for too long, or of a series that is damaged.")) {}

void BarQueue::AddClosed(model::InstrumentId instrument, model::Timeframe timeframe,
                         const model::Bar& bar) {
  if (timeframe == model::Timeframe::k1s) return;
  const std::scoped_lock lock(mutex_);
  if (closed_.size() == kClosedMax) return dropped_.Add();
  closed_.push_back({instrument, timeframe, bar});
}

base::Result<void> BarQueue::Put(store::BarRows rows, std::shared_ptr<Fault> fault) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return imports_.size() < kImportBatchesMax || shut_; });
    if (fault->error) return std::unexpected(*fault->error);
    if (shut_) return Shut();
    imports_.push_back({std::move(rows), std::move(fault)});
    ++put_;
  }
  if (wake_) wake_();
  return {};
}

base::Result<void> BarQueue::Flush(const Fault& fault) {
  std::unique_lock lock(mutex_);
  const uint64_t all = wanted_ = put_;
  if (wake_) {
    lock.unlock();
    wake_();
    lock.lock();
  }
  changed_.wait(lock, [&] { return synced_ >= all || shut_; });
  if (fault.error) return std::unexpected(*fault.error);
  if (synced_ < all) return Shut();
  return {};
}

BarQueue::Write BarQueue::Next() {
  const std::vector<Closed> closed = SomeClosed();
  if (!closed.empty()) return {.bars = RowsOf(closed)};
  Write next;
  {
    const std::scoped_lock lock(mutex_);
    importing_ = !imports_.empty();
    if (importing_) {
      next.bars.push_back(std::move(imports_.front().rows));
      fault_ = std::move(imports_.front().fault);
      const store::BarRows& rows = next.bars.back();
      days_of_ = rows.timeframe == model::Timeframe::k1d ? rows.symbol : "";
      imports_.pop_front();
    }
    next.sync = syncing_ = wanted_ > synced_ && stored_ + (importing_ ? 1 : 0) >= wanted_;
  }
  changed_.notify_all();
  return next;
}

// The first of those that wait, as many as are written at once.
std::vector<BarQueue::Closed> BarQueue::SomeClosed() {
  const std::scoped_lock lock(mutex_);
  importing_ = syncing_ = false;
  fault_ = nullptr;
  std::set<std::pair<uint32_t, model::Timeframe>> series;
  size_t count = 0;
  for (; count < std::min(closed_.size(), kBarsPerWrite); ++count) {
    series.emplace(closed_[count].instrument.value(), closed_[count].timeframe);
    if (series.size() > kSeriesPerWrite) break;
  }
  const auto end = closed_.begin() + static_cast<ptrdiff_t>(count);
  std::vector<Closed> some(std::make_move_iterator(closed_.begin()), std::make_move_iterator(end));
  closed_.erase(closed_.begin(), end);
  return some;
}

// By series; where a bar is not later than the one before it, a later entry.
std::vector<store::BarRows> BarQueue::RowsOf(const std::vector<Closed>& closed) {
  if (known_.size() < instruments_.size()) known_ = instruments_.All();
  std::vector<const Closed*> sorted;
  sorted.reserve(closed.size());
  for (const Closed& one : closed) sorted.push_back(&one);
  const auto series = [](const Closed* one) {
    return std::tuple(one->instrument.value(), one->timeframe);
  };
  std::ranges::stable_sort(sorted, {}, series);
  std::vector<store::BarRows> rows;
  const Closed* before = nullptr;
  for (const Closed* one : sorted) {
    const bool goes_on =
        before != nullptr && series(before) == series(one) && before->bar.start < one->bar.start;
    if (!goes_on) {
      const model::Instrument& instrument = known_.at(one->instrument.value());
      rows.push_back({.symbol = instrument.symbol,
                      .timeframe = one->timeframe,
                      .asset_class = instrument.asset_class});
    }
    rows.back().bars.push_back(one->bar);
    before = one;
  }
  return rows;
}

void BarQueue::Refuse(const store::BarRows& rows, const base::Error& error) {
  const std::scoped_lock lock(mutex_);
  dropped_.Add(rows.bars.size());
  if (fault_) fault_->error = error;
}

void BarQueue::Done() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(importing_, false)) {
      ++stored_;
      if (!days_of_.empty()) ++imported_days_[days_of_];
    }
    if (std::exchange(syncing_, false)) synced_ = stored_;
  }
  changed_.notify_all();
}

bool BarQueue::empty() {
  const std::scoped_lock lock(mutex_);
  return closed_.empty() && imports_.empty() && wanted_ <= synced_;
}

bool BarQueue::importing() {
  const std::scoped_lock lock(mutex_);
  return !imports_.empty() || wanted_ > synced_;
}

uint64_t BarQueue::ImportedDays(const std::string& symbol) {
  const std::scoped_lock lock(mutex_);
  const auto at = imported_days_.find(symbol);
  return at == imported_days_.end() ? 0 : at->second;
}

void BarQueue::Close() {
  {
    const std::scoped_lock lock(mutex_);
    shut_ = true;
  }
  changed_.notify_all();
}

}  // namespace livetape::app
