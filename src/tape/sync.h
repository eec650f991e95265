#pragma once

// Sync: when a commit counts as done.

#include <cstdint>

namespace livetape::tape {

enum class Sync : uint8_t {
  kFull,    // when it is on disk: survives a crash of the machine
  kNormal,  // when it is written: survives a crash of the process; the tail may go with the machine
};

}  // namespace livetape::tape
