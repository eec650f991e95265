#pragma once

// Transport: what the hub needs of the connections. Implemented over http by the wiring.

#include <span>
#include <string_view>
#include <vector>

#include "base/chunk_frame.h"
#include "base/stream_id.h"

namespace livetape::hub {

class Transport {
 public:
  virtual ~Transport() = default;
  // Sends `frame` to each stream without blocking; appends one outcome per stream. Never calls
  // back into the shard.
  virtual void Send(const base::ChunkFrame& frame, std::span<const base::StreamId> streams,
                    std::vector<base::SendOutcome>& outcomes) = 0;
  // Sends `last`, which may be empty, and ends the stream.
  virtual void End(base::StreamId stream, std::string_view last) = 0;
};

}  // namespace livetape::hub
