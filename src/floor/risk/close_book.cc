#include "floor/risk/close_book.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::floor {
namespace {

bool Earlier(const DailyClose& a, const DailyClose& b) { return a.day < b.day; }

}  // namespace

void CloseBook::Put(model::InstrumentId instrument, std::span<const DailyClose> closes) {
  if (closes.empty()) return;
  if (closes_.size() <= instrument.value()) closes_.resize(instrument.value() + 1);
  std::vector<DailyClose>& known = closes_[instrument.value()];
  std::vector<DailyClose> merged;
  merged.reserve(known.size() + closes.size());
  auto old = known.begin();
  for (const DailyClose& next : closes) {
    LT_ASSERT(next.close.positive() && (merged.empty() || merged.back().day < next.day),
              "instrument {} day {}", instrument.value(), next.day);
    for (; old != known.end() && old->day <= next.day; ++old) {
      if (old->day < next.day) merged.push_back(*old);
    }
    merged.push_back(next);
  }
  merged.insert(merged.end(), old, known.end());
  const size_t beyond = merged.size() - std::min(merged.size(), kClosesMax);
  merged.erase(merged.begin(), merged.begin() + static_cast<std::ptrdiff_t>(beyond));
  known = std::move(merged);
  ++generation_;
}

const std::vector<DailyClose>* CloseBook::Of(model::InstrumentId instrument) const {
  return instrument.value() < closes_.size() ? &closes_[instrument.value()] : nullptr;
}

bool CloseBook::Covers(model::InstrumentId instrument) const {
  const std::vector<DailyClose>* const closes = Of(instrument);
  return closes != nullptr && closes->size() > kReturnsMin;
}

std::vector<std::vector<double>> CloseBook::CommonReturns(
    std::span<const model::InstrumentId> instruments) const {
  std::vector<std::vector<double>> returns(instruments.size());
  if (instruments.empty()) return returns;
  std::vector<DailyClose> days = *Of(instruments[0]);
  std::vector<DailyClose> both;
  for (const model::InstrumentId instrument : instruments.subspan(1)) {
    both.clear();
    const std::vector<DailyClose>& closes = *Of(instrument);
    std::set_intersection(days.begin(), days.end(), closes.begin(), closes.end(),
                          std::back_inserter(both), Earlier);
    days.swap(both);
  }
  if (days.size() < 2) return returns;
  const size_t first = days.size() - std::min(days.size(), kReturnsMax + 1);
  for (size_t i = 0; i < instruments.size(); ++i) {
    const std::vector<DailyClose>& closes = *Of(instruments[i]);
    returns[i].reserve(days.size() - first);
    double before = 0;
    auto at = closes.begin();
    for (size_t d = first; d < days.size(); ++d) {
      at = std::lower_bound(at, closes.end(), days[d], Earlier);
      const double close = at->close.Approximate();
      if (d > first) returns[i].push_back(close / before - 1);
      before = close;
    }
  }
  return returns;
}

}  // namespace livetape::floor
