#pragma once

// BarHash: tells whether two backtests have seen the same bars. The same on every machine; not made
// to resist someone who looks for collisions.

#include <cstdint>

#include "model/bar.h"

namespace livetape::jobs {

class BarHash {
 public:
  void Add(const model::Bar& bar) {
    // Each field is multiplied on its own, so that one bar costs one step of the chain.
    const auto units = [](base::Price price) { return static_cast<uint64_t>(price.units()); };
    const base::Int128 volume = bar.volume.units();
    const uint64_t fields =
        Turn(static_cast<uint64_t>(bar.start.time_since_epoch().count()) * 0x9e3779b97f4a7c15) ^
        Turn(units(bar.open) * 0xbf58476d1ce4e5b9) ^ Turn(units(bar.high) * 0x94d049bb133111eb) ^
        Turn(units(bar.low) * 0xd6e8feb86659fd93) ^ Turn(units(bar.close) * 0xa0761d6478bd642f) ^
        Turn(static_cast<uint64_t>(volume) * 0xe7037ed1a0b428db) ^
        static_cast<uint64_t>(volume >> 64);
    state_ = Turn((state_ ^ fields) * 0x8ebc6af09c88c6e3);
    ++bars_;
  }
  void Add(uint64_t other) { state_ = Turn((state_ ^ other) * 0x8ebc6af09c88c6e3); }

  uint64_t value() const { return Turn((state_ ^ bars_) * 0x9e3779b97f4a7c15); }
  uint64_t bars() const { return bars_; }

 private:
  // What a multiplication leaves in the upper half comes down.
  static constexpr uint64_t Turn(uint64_t x) { return x ^ x >> 32U; }

  uint64_t state_ = 0x2545f4914f6cdd1d;
  uint64_t bars_ = 0;
};

}  // namespace livetape::jobs
