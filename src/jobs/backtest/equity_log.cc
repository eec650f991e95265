#include "jobs/backtest/equity_log.h"

#include <algorithm>
#include <iterator>

#include "base/assert.h"

namespace livetape::jobs {

EquityLog::EquityLog(base::Amount start, bool keeps_curve, size_t expected_points)
    : keeps_curve_(keeps_curve),
      start_(start.Approximate()),
      equity_(start),
      peak_(start),
      lowest_(start) {
  if (!keeps_curve) return;
  curve_.times.reserve(expected_points);
  curve_.equity.reserve(expected_points);
}

void EquityLog::EndDay() {
  if (days_.empty() || days_.back().time != time_) days_.push_back({time_, equity_});
}

std::vector<double> EquityLog::DayEnds() const {
  std::vector<double> ends;
  ends.reserve(days_.size());
  for (const DayEnd& day : days_) ends.push_back(day.equity.Approximate());
  return ends;
}

// The peak is positive: a run starts with cash.
double EquityLog::max_drawdown() const {
  return std::min(max_drawdown_, lowest_.Approximate() / peak_.Approximate() - 1);
}

std::vector<MonthReturn> EquityLog::Months() const {
  std::vector<MonthReturn> months;
  double before = start_;  // the end of the month before
  for (auto first = days_.begin(); first != days_.end();) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(first->time));
    const std::chrono::year_month month(date.year(), date.month());
    const base::WallTime month_end = std::chrono::sys_days((month + std::chrono::months(1)) / 1);
    const auto next = std::partition_point(first, days_.end(),
                                           [&](const DayEnd& day) { return day.time < month_end; });
    const double end = std::prev(next)->equity.Approximate();
    months.push_back({month, before > 0 ? end / before - 1 : 0});
    before = end;
    first = next;
  }
  return months;
}

EquityCurve Thinned(const EquityCurve& curve, size_t first, size_t most) {
  LT_ASSERT(most >= 4 && first <= curve.times.size(), "{} of {}", most, curve.times.size());
  EquityCurve thin;
  const auto take = [&](size_t i) {
    thin.times.push_back(curve.times[i]);
    thin.equity.push_back(curve.equity[i]);
  };
  const size_t count = curve.times.size() - first;
  if (count <= most) {
    for (size_t i = first; i < curve.times.size(); ++i) take(i);
    return thin;
  }
  const size_t end = curve.times.size() - 1;
  take(first);
  const size_t stretches = most / 2 - 1;
  for (size_t s = 0; s < stretches; ++s) {
    const size_t from = first + 1 + (count - 2) * s / stretches;
    const size_t to = first + 1 + (count - 2) * (s + 1) / stretches;
    const auto begin = curve.equity.begin();
    const auto [low, high] = std::minmax_element(begin + static_cast<ptrdiff_t>(from),
                                                 begin + static_cast<ptrdiff_t>(to));
    const auto one = static_cast<size_t>(low - begin), other = static_cast<size_t>(high - begin);
    take(std::min(one, other));
    if (one != other) take(std::max(one, other));
  }
  take(end);
  return thin;
}

}  // namespace livetape::jobs
