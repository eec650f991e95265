#include "floor/risk/close_book.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::floor {
namespace {

bool Earlier(const DailyClose& a, const DailyClose& b) { return a.day < b.day; }

}  // namespace

std::vector<DailyClose> ClosesOf(std::span<const model::Bar> bars, int32_t today) {
  std::vector<DailyClose> closes;
  closes.reserve(bars.size());
  for (const model::Bar& bar : bars) {
    const int32_t day = DayOf(bar.start);
    const bool later = closes.empty() || closes.back().day < day;
    if (day < today && later && bar.close.positive()) closes.push_back({day, bar.close});
  }
  return closes;
}

void CloseBook::Replace(model::InstrumentId instrument, std::span<const DailyClose> closes) {
  for (size_t i = 0; i < closes.size(); ++i) {
    LT_ASSERT(closes[i].close.positive() && (i == 0 || closes[i - 1].day < closes[i].day),
              "instrument {} day {}", instrument.value(), closes[i].day);
  }
  if (closes_.size() <= instrument.value()) closes_.resize(instrument.value() + 1);
  const auto newest = closes.last(std::min(closes.size(), kClosesMax));
  closes_[instrument.value()].assign(newest.begin(), newest.end());
  ++generation_;
}

void CloseBook::Add(model::InstrumentId instrument, const DailyClose& close) {
  LT_ASSERT(close.close.positive(), "instrument {} day {}", instrument.value(), close.day);
  if (closes_.size() <= instrument.value()) closes_.resize(instrument.value() + 1);
  std::vector<DailyClose>& known = closes_[instrument.value()];
  if (!known.empty() && known.back().day >= close.day) return;
  if (known.size() == kClosesMax) known.erase(known.begin());
  known.push_back(close);
  ++generation_;
}

bool CloseBook::Knows(model::InstrumentId instrument) const {
  const std::vector<DailyClose>* const closes = Of(instrument);
  return closes != nullptr && !closes->empty();
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
