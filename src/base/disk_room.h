#pragma once

// The room on a disk that is left to what must go on: records, orders and accounts. What may be long
// and need not be kept (results of jobs, imports, uploads) ends before it takes the last of it.
// Functions; any thread.

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace livetape::base {

// So much of a disk of `total` bytes is left: an eighth, 64 MiB at most. It is looked at before a write of
// about 1 MiB; the write-ahead logs then grow by some more, and again when they are copied.
constexpr uint64_t ReservedRoom(uint64_t total) { return std::min(total / 8, uint64_t{64} << 20U); }

// An error, in full words, where the disk of the folder has no more. Where the system does not say, the
// write itself tells.
Result<void> CheckRoom(const std::filesystem::path& folder);

}  // namespace livetape::base
