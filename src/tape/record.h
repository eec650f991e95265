#pragma once

// Record: one numbered event of the tape, immutable once it is there. Any thread reads it.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>

#include "base/clock.h"

namespace livetape::tape {

// What a record means to the folds over the tape. Internal: no request chooses it. At most 31.
enum class RecordKind : uint8_t {
  kMessage = 0,
  kJob = 1,
  kAlert = 2,
  kUserEvent = 3,
  kRevocation = 4,
  kKeyedAnswer = 5,
  kOrderEvent = 6,
  kAccountChange = 7,
  kAlertAck = 8,
  kRiskLimits = 9,
};

// Some kinds of record; of a block: those that it holds.
class KindSet {
 public:
  constexpr KindSet() = default;
  constexpr explicit KindSet(uint32_t bits) : bits_(bits) {}
  constexpr KindSet(std::initializer_list<RecordKind> kinds) {
    for (const RecordKind kind : kinds) Add(kind);
  }

  constexpr void Add(RecordKind kind) { bits_ |= Bit(kind); }
  constexpr bool Has(RecordKind kind) const { return (bits_ & Bit(kind)) != 0; }
  constexpr bool Intersects(KindSet other) const { return (bits_ & other.bits_) != 0; }
  constexpr uint32_t bits() const { return bits_; }

 private:
  static constexpr uint32_t Bit(RecordKind kind) {
    return uint32_t{1} << (static_cast<unsigned>(kind) & 31);
  }
  uint32_t bits_ = 0;
};

// A record that has no number yet.
struct NewRecord {
  std::string topic;  // empty: internal, matches no pattern; at most 65,535 bytes
  std::string type;   // at most 65,535 bytes
  std::string data;   // JSON text
  RecordKind kind = RecordKind::kMessage;
};

struct Record {
  uint64_t seq = 0;     // from 1, without holes; given by the tape
  base::WallTime time;  // when the tape took it; never earlier than that of the record before
  RecordKind kind = RecordKind::kMessage;
  std::string topic, type, data;  // as in NewRecord
};

using RecordRef = std::shared_ptr<const Record>;

// What a record counts against limits of bytes: its texts and the room that it takes besides.
template <typename AnyRecord>
size_t CostOf(const AnyRecord& record) {
  return record.topic.size() + record.type.size() + record.data.size() + 64;
}

}  // namespace livetape::tape
