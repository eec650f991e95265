#pragma once

// RecordingSink: where the bytes of a recording go: a file. Used by one thread at a time.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::app {

class RecordingSink {
 public:
  virtual ~RecordingSink() = default;
  // All of it or nothing. An error is for good.
  virtual base::Result<void> Append(std::string_view bytes) = 0;
  // All that was appended is on disk.
  virtual base::Result<void> Finish() = 0;
  // Nothing was worth keeping: there is no file any more.
  virtual void Discard() = 0;
};

// A new file, readable by its owner only. An error: there is one of that name, or it cannot be made.
base::Result<std::unique_ptr<RecordingSink>> MakeRecordingFile(const std::string& path);

}  // namespace livetape::app
