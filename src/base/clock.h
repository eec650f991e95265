#pragma once

// Clock: the only way to ask for the time. It enters by constructor, so that tests turn it by hand.

#include <atomic>
#include <chrono>

namespace livetape::base {

// Time of day in UTC, nanoseconds since 1970. May jump when the machine's clock is set.
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;
// Time that only goes forward; its zero means nothing. For time-outs and intervals.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Wall() const = 0;
  virtual MonoTime Mono() const = 0;
};

// The machine's clocks.
class RealClock final : public Clock {
 public:
  WallTime Wall() const override;
  MonoTime Mono() const override;
};

// A clock that stands still until it is moved. Any thread may move or read it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime start = WallTime{}) : wall_(start) {}

  WallTime Wall() const override { return wall_.load(); }
  MonoTime Mono() const override { return mono_.load(); }

  // Moves both times forward. `by` is not negative.
  void Advance(std::chrono::nanoseconds by);
  // Sets the time of day, either way, as an operator or a time server does.
  void StepWall(std::chrono::nanoseconds by) { wall_.store(wall_.load() + by); }

 private:
  std::atomic<WallTime> wall_;
  std::atomic<MonoTime> mono_ = MonoTime{};
};

}  // namespace livetape::base
