#pragma once

// Scan: reads a whole tape, block by block, up to the first damage. What check and repair share;
// their thread.

#include <filesystem>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "tape/block.h"
#include "tape/check.h"
#include "tape/event_id.h"

namespace livetape::tape {

struct ScanReport {
  CheckReport check;
  std::vector<Epoch> epochs;  // empty if they cannot be read
  uint64_t head_named = 0;    // the highest number that the file still names, damaged or not
};

// Gets each good block; a fault ends the scan as the scan's own.
using TakeBlock = std::function<base::Result<void>(const BlockHead& head, std::string_view bytes)>;

// `alone`: nobody else has the tape open, so that its write-ahead log stands still and is checked.
// Fails where there is no file, where it is no tape or of another version, or where `take` does.
// Damage is part of the report.
base::Result<ScanReport> Scan(const std::filesystem::path& folder, bool alone,
                              const TakeBlock& take, const Progress& progress);

}  // namespace livetape::tape
