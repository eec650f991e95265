#pragma once

// RecordSource: the ordered log of records as one shard reads it, on that shard's thread. The hub
// does not know who keeps it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace livetape::hub {

struct StreamSpec;

// A record as the hub sees it; the views live as long as `owner`. One with an empty topic is
// internal: it has a number and matches no pattern.
struct RecordView {
  uint64_t seq = 0;
  base::WallTime time{};
  std::string_view topic, type, data;
  std::shared_ptr<const void> owner;
};

class RecordSource {
 public:
  enum class ReadOutcome : uint8_t {
    kRead,   // appended what follows, up to the head
    kOlder,  // what follows is not in memory (nothing appended): Fetch has it, or it is gone
  };
  struct Fetched {
    std::vector<RecordView> records;  // ascending; others than those asked for may be among them
    uint64_t through = 0;             // every match up to here is in `records`
    bool gone = false;  // records right after `after` are kept no more; `through` is oldest() - 1
  };

  virtual ~RecordSource() = default;
  // The newest sequence number; 0 before the first record.
  virtual uint64_t head() const = 0;
  // The oldest one still kept anywhere; head() + 1 when none is.
  virtual uint64_t oldest() const = 0;
  // The epoch part of every event id, "3f9c".
  virtual std::string_view epoch() const = 0;
  // Appends up to `max` records that follow `after`, in order without holes.
  virtual ReadOutcome Read(uint64_t after, size_t max, std::vector<RecordView>& out) const = 0;
  // Gets the records after `after` that `spec` matches from wherever they are kept, about
  // `bytes_max` bytes of them, at least one if there is one. `done` is called later on the shard's
  // thread, never from inside. A `through` that has not moved means that they could not be read.
  virtual void Fetch(uint64_t after, size_t bytes_max, std::shared_ptr<const StreamSpec> spec,
                     std::function<void(Fetched)> done) = 0;
};

}  // namespace livetape::hub
