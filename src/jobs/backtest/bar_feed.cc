#include "jobs/backtest/bar_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/time_text.h"
#include "floor/account.h"
#include "market/new_york.h"

namespace livetape::jobs {

using model::Bar;

BarFeed::BarFeed(std::string symbol, BarReader& reader, const TimeRange& range,
                 std::optional<ForbiddenSpan> forbidden, market::Hours hours)
    : symbol_(std::move(symbol)),
      reader_(reader),
      range_(range),
      forbidden_(std::move(forbidden)),
      hours_(hours) {}

base::Result<void> BarFeed::Start() {
  if (Refill()) {
    Advance();
    return {};
  }
  if (fault_) return std::unexpected(*fault_);
  const auto text = [](const std::optional<base::WallTime>& time, std::string_view otherwise) {
    return time ? base::FormatRfc3339(*time) : std::string(otherwise);
  };
  return base::Fail(fmt::format("{} has no bars from {} to {}", symbol_,
                                text(range_.from, "the beginning"), text(range_.to, "the end")));
}

bool BarFeed::TakeLastOfChunk() {
  held_ = *next_;
  bar_ = &held_;
  last_ = !Refill();
  return true;
}

void BarFeed::ReadToEnd() {
  while (Refill()) {
  }
}

bool BarFeed::Refill() {
  while (!exhausted_) {
    const base::Result<std::span<const Bar>> chunk = reader_.Next();
    if (!chunk) fault_ = chunk.error();
    exhausted_ = !chunk || chunk->empty();
    if (exhausted_ || !Admit(*chunk)) break;
    const auto before = [](const Bar& bar, base::WallTime time) { return bar.start < time; };
    const auto after = [](base::WallTime time, const Bar& bar) { return time < bar.start; };
    const Bar* begin = chunk->data();
    const Bar* end = begin + chunk->size();
    if (range_.from) begin = std::lower_bound(begin, end, *range_.from, before);
    if (range_.to) {
      const Bar* const beyond = std::upper_bound(begin, end, *range_.to, after);
      exhausted_ = beyond != end;
      end = beyond;
    }
    if (begin == end) continue;
    if (forbidden_ && !AdmitSpan({begin, end})) break;
    for (const Bar* bar = begin; bar != end; ++bar) {
      if (bar->start >= day_end_) LookForWeekend(bar->start);
      hash_.Add(*bar);
    }
    next_ = begin;
    end_ = end;
    return true;
  }
  return false;
}

// The floor takes nothing but positive prices, and a path must have its open and close on it.
bool BarFeed::Admit(std::span<const Bar> bars) {
  for (const Bar& bar : bars) {
    if (newest_ && bar.start <= *newest_) {
      Fail(bar, "does not come after the one before it");
      return false;
    }
    newest_ = bar.start;
    const bool within = bar.low.positive() && bar.low <= std::min(bar.open, bar.close) &&
                        bar.high >= std::max(bar.open, bar.close) && bar.high <= floor::kPriceMax;
    if (!within) {
      Fail(bar, "has prices that are not positive, too high, or not between low and high");
      return false;
    }
  }
  return true;
}

bool BarFeed::AdmitSpan(std::span<const Bar> bars) {
  const auto bar = std::ranges::lower_bound(bars, forbidden_->first, {}, &Bar::start);
  if (bar == bars.end() || bar->start > forbidden_->last) return true;
  Fail(*bar, "may not be used: " + forbidden_->why);
  return false;
}

void BarFeed::LookForWeekend(base::WallTime start) {
  if (hours_ == market::Hours::kExchange) [[unlikely]]
    return LookInNewYork(start);
  const auto day = std::chrono::floor<std::chrono::days>(start);
  day_end_ = day + std::chrono::days(1);
  SeeDay(std::chrono::weekday(day));
}

void BarFeed::LookInNewYork(base::WallTime start) {
  const market::Day day = market::ToNewYork(start).day;
  day_end_ = market::FromNewYork(day + std::chrono::days(1), std::chrono::minutes(0));
  SeeDay(std::chrono::weekday(day));
}

void BarFeed::SeeDay(std::chrono::weekday day) {
  if (day != std::chrono::Saturday && day != std::chrono::Sunday) return;
  weekends_ = true;
  day_end_ = base::WallTime::max();  // that is all there is to know
}

void BarFeed::Fail(const Bar& bar, std::string_view what) {
  exhausted_ = true;
  fault_ = base::Error{
      fmt::format("the bar of {} at {} {}", symbol_, base::FormatRfc3339(bar.start), what)};
}

}  // namespace livetape::jobs
