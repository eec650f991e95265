#include "jobs/backtest/timeline.h"

#include <algorithm>
#include <utility>

namespace livetape::jobs {

void Timeline::Add(std::string name, BarReader& reader) {
  feeds_.push_back(std::make_unique<BarFeed>(std::move(name), reader, range_, forbidden_, hours_));
}

base::Result<void> Timeline::Start() {
  for (size_t i = 0; i < feeds_.size(); ++i) {
    if (base::Result<void> started = feeds_[i]->Start(); !started) return started;
    waiting_.push_back(i);
  }
  Gather();
  return {};
}

bool Timeline::AdvanceAll() {
  for (const SymbolBar& b : bars_) {
    if (!feeds_[b.symbol.value()]->Advance()) std::erase(waiting_, b.symbol.value());
  }
  if (waiting_.empty() || Fault() != nullptr) return false;
  Gather();
  return true;
}

// All bars of the earliest time.
void Timeline::Gather() {
  base::WallTime earliest = base::WallTime::max();
  for (const size_t i : waiting_) earliest = std::min(earliest, feeds_[i]->bar().start);
  bars_.clear();
  for (const size_t i : waiting_) {
    const model::Bar& bar = feeds_[i]->bar();
    if (bar.start == earliest) bars_.push_back({Symbol(static_cast<uint32_t>(i)), &bar});
  }
}

const base::Error* Timeline::Fault() const {
  for (const auto& feed : feeds_) {
    if (feed->fault()) return &*feed->fault();
  }
  return nullptr;
}

}  // namespace livetape::jobs
