#pragma once

// Fetching: one replay step from disk. A function of its arguments; a reader thread calls it.

#include "base/log.h"
#include "tape/block_log.h"
#include "tape/readers.h"
#include "tape/tape.h"

namespace livetape::tape {

// What `fetch` asks for, from blocks up to `head`, which the ring has reached. `unreadable_through`:
// where to go on if damage stands in the way.
Tape::Fetched RunFetch(BlockReader& reader, const Tape::Fetch& fetch, uint64_t head,
                       uint64_t unreadable_through, ReaderMetrics& metrics, base::Log& log);

}  // namespace livetape::tape
