#include "app/jobs/bar_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "app/jobs/backtest_table.h"
#include "app/jobs/bar_selection.h"

namespace livetape::app {

BarProgress::BarProgress(const base::Clock& clock)
    : clock_(clock), terminal_(isatty(STDERR_FILENO) == 1), start_(clock.Mono()), last_(start_) {}

BarProgress::~BarProgress() {
  if (terminal_ && shown_) fmt::print(stderr, "\r\x1b[K");
}

void BarProgress::OnProgress(const jobs::BacktestProgress& progress) {
  Show(progress.done, progress.total.value_or(0),
       fmt::format("{}, equity {}, {} trades", ShortTime(progress.time), MoneyText(progress.equity),
                   progress.trades));
}

void BarProgress::OnProgress(const jobs::SweepProgress& progress) {
  Show(progress.done, progress.total,
       fmt::format("{} of {} combinations", progress.runs, progress.combinations));
}

void BarProgress::Show(uint64_t done, uint64_t total, const std::string& more) {
  constexpr size_t kWidth = 30;
  const base::MonoTime now = clock_.Mono();
  const auto period = terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(5);
  if (now - last_ < period) return;
  last_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(done) / seconds;
  const double share =
      total > 0 ? std::min(1.0, static_cast<double>(done) / static_cast<double>(total)) : 0;
  std::string text = fmt::format("{:.1f} M bars/s, {}", rate / 1e6, more);
  if (total > 0) {
    const auto filled = static_cast<size_t>(share * kWidth);
    const double left = rate > 0 ? static_cast<double>(total - std::min(done, total)) / rate : 0;
    const std::string bar = std::string(filled, '#') + std::string(kWidth - filled, ' ');
    text = fmt::format("{}{:3.0f} %, {:.0f} s left, {}",
                       terminal_ ? "[" + bar + "] " : std::string(), share * 100, left, text);
  }
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{}", text);
  } else {
    fmt::print(stderr, "{}\n", text);
  }
}

}  // namespace livetape::app
