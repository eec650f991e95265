#pragma once

// Random: seeded random numbers that are the same on every machine and build.
//
// Generator xoshiro256++ seeded by splitmix64 (Blackman and Vigna, prng.di.unimi.it). The
// standard library's distributions differ between implementations, so ours are written out.
// One thread uses one Random.

#include <array>
#include <cstdint>

namespace livetape::base {

class Random {
 public:
  explicit Random(uint64_t seed);

  // Uniform over all 64-bit values.
  uint64_t Next();
  // Uniform in [0, bound); bound > 0. Without modulo bias.
  uint64_t Below(uint64_t bound);
  // Uniform in [0, 1), 53 bits.
  double Unit();
  // Standard normal, by the polar method of Marsaglia.
  double Normal();

 private:
  std::array<uint64_t, 4> state_;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace livetape::base
