#pragma once

// Record: one numbered event of the tape, immutable once it is there.

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"

namespace livetape::tape {

struct Record {
  uint64_t seq = 0;     // from 1, without holes; given by the tape
  base::WallTime time;  // when the tape took it
  std::string topic, type;
  std::string data;  // JSON text
};

using RecordRef = std::shared_ptr<const Record>;

}  // namespace livetape::tape
