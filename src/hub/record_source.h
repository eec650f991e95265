#pragma once

// RecordSource: the ordered log of records as a shard reads it. The hub does not know who keeps it.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace livetape::hub {

// A record as the hub sees it; the views live as long as `owner`.
struct RecordView {
  uint64_t seq = 0;
  std::string_view topic, type, data;
  std::shared_ptr<const void> owner;
};

// Thread-safe for reading.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // The newest sequence number; 0 before the first record.
  virtual uint64_t head() const = 0;
  // The oldest one still kept; head() + 1 when none is.
  virtual uint64_t oldest() const = 0;
  // Appends up to `max` records that follow `after`, in order without holes. False when records
  // right after `after` are kept no more.
  virtual bool Read(uint64_t after, size_t max, std::vector<RecordView>& out) const = 0;
  // The epoch part of every event id, "3f9c".
  virtual std::string_view epoch() const = 0;
};

}  // namespace livetape::hub
