#pragma once

// StreamId and SendOutcome: the words that the hub and the connections below it share, so that
// neither includes the other.

#include <cstdint>

#include "base/strong_id.h"

namespace livetape::base {

// One open streaming response of one event loop: slot in the low 32 bits, generation in the high
// ones. Slots are dense and reused; an id is not.
using StreamId = StrongId<struct StreamIdTag, uint64_t>;

constexpr uint32_t SlotOf(StreamId stream) { return static_cast<uint32_t>(stream.value()); }

enum class SendOutcome : uint8_t {
  kAccepted,  // the socket took all of it
  kPending,   // it took part; the rest is kept and goes first; OnWritable follows
  kRefused,   // it took nothing and nothing is kept; OnWritable follows when it would
  kClosed,    // the stream is gone or broken; OnClosed has been or will be called
};

}  // namespace livetape::base
