#pragma once

// ByteSource: where the bytes of an import come from: a file, the body of a request. One thread reads.

#include <cstddef>
#include <span>

#include "base/result.h"

namespace livetape::jobs {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Puts bytes at the beginning of `room`, which is not empty, and says how many; may wait for them.
  // 0: there are no more. The error is for whoever asked for the import.
  virtual base::Result<size_t> Read(std::span<char> room) = 0;
};

}  // namespace livetape::jobs
