#pragma once

// Entropy: 64 bits that nobody can foresee, to seed what enters by constructor. Any thread.

#include <cstdint>

namespace livetape::app {

uint64_t Entropy();

}  // namespace livetape::app
