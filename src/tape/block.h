#pragma once

// Block: a run of records as it is stored, one row of tape.db. Values; any thread.
//
// The bytes, little-endian: for each record 12 bytes (kind u8, 0 u8, size of topic u16, of type u16,
// 0 u16, of data u32), then for each record topic, type and data without separators. So kinds and
// places can be read without reading the texts. docs/formats/tape.md has all of it.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tape/record.h"

namespace livetape::tape {

constexpr size_t kBlockRecordsMax = 4096;
// A block ends with the record that takes it over this; so it is at most one record larger.
constexpr size_t kBlockBytesMax = size_t{1} << 20;

// What a block says about itself without its records.
struct BlockHead {
  uint64_t first_seq = 0, last_seq = 0;
  base::WallTime time;  // of all its records
  KindSet kinds;
  std::string_view topics;  // a TopicSummary
  uint32_t head_checksum = 0, bytes_checksum = 0;

  uint64_t count() const { return last_seq - first_seq + 1; }
};

struct Block {
  BlockHead head;  // its `topics` view the text below
  std::string topics, bytes;

  Block() = default;
  Block(Block&&) = delete;  // `head` views into this
};

// Encodes the records of one commit, which follow each other and have one time, into blocks.
// `blocks` is emptied first.
void EncodeBlocks(std::span<const RecordRef> records, std::vector<std::unique_ptr<Block>>& blocks);

// What is wrong with a block's head; or nothing.
std::optional<std::string> FaultOf(const BlockHead& head);
// What is wrong with its bytes; or nothing: then they can be read by the functions below.
std::optional<std::string> FaultOf(const BlockHead& head, std::string_view bytes);

// One record inside of a block's bytes.
struct StoredRecord {
  uint64_t seq = 0;
  RecordKind kind = RecordKind::kMessage;
  std::string_view topic, type, data;
};

// Calls `visit` for each record after `after`, in order, while it returns true. The bytes have no
// fault.
void EachRecord(const BlockHead& head, std::string_view bytes, uint64_t after,
                const std::function<bool(const StoredRecord&)>& visit);

RecordRef MakeRecord(const BlockHead& head, const StoredRecord& stored);

}  // namespace livetape::tape
