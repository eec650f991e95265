#pragma once

// ProgressLine: how far a long command is, on standard error: a line that is written over on a
// terminal, and now and then a line of its own elsewhere. One thread owns it.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace livetape::app {

class ProgressLine {
 public:
  // `clock` outlives it.
  explicit ProgressLine(const base::Clock& clock)
      : clock_(clock), terminal_(isatty(STDERR_FILENO) == 1), last_(clock.Mono()) {}
  ~ProgressLine() { Clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // It is time for another line: what Show is to be called for, and for nothing else.
  bool Due() {
    const auto period = terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(5);
    if (clock_.Mono() - last_ < period) return false;
    last_ = clock_.Mono();
    return true;
  }
  void Show(std::string_view text) {
    shown_ = true;
    if (terminal_) {
      fmt::print(stderr, "\r\x1b[K{}", text);
    } else {
      fmt::print(stderr, "{}\n", text);
    }
  }
  // Room for other words.
  void Clear() {
    if (terminal_ && shown_) fmt::print(stderr, "\r\x1b[K");
    shown_ = false;
  }

  // "[########            ]  40 %"; on anything but a terminal "40 %".
  std::string Bar(uint64_t done, uint64_t of) const {
    constexpr uint64_t kCells = 20;
    const uint64_t percent = of == 0 ? 0 : std::min<uint64_t>(100, done * 100 / of);
    if (!terminal_) return fmt::format("{} %", percent);
    const uint64_t filled = percent * kCells / 100;
    return fmt::format("[{}{}] {:3} %", std::string(filled, '#'), std::string(kCells - filled, ' '),
                       percent);
  }

 private:
  const base::Clock& clock_;
  const bool terminal_;
  base::MonoTime last_;
  bool shown_ = false;
};

}  // namespace livetape::app
