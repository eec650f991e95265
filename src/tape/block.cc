#include "tape/block.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <limits>
#include <memory>

#include "base/assert.h"
#include "tape/topic_summary.h"

namespace livetape::tape {
namespace {

constexpr size_t kEntryBytes = 12;

template <typename Int>
char* Put(char* out, Int value) {
  for (size_t i = 0; i < sizeof(Int); ++i) {
    *out++ = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  }
  return out;
}

template <typename Int>
Int Get(const char* in) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(Int); ++i) {
    value |= uint64_t{static_cast<uint8_t>(in[i])} << (8 * i);
  }
  return static_cast<Int>(value);
}

// CRC-32 as of zlib, gzip and PNG.
uint32_t Checksum(uint32_t start, std::string_view bytes) {
  if (bytes.empty()) return start;  // zlib begins anew where there is no address
  return static_cast<uint32_t>(
      crc32_z(start, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

uint32_t HeadChecksum(const BlockHead& head) {
  std::array<char, 36> fixed;
  char* out = Put(fixed.data(), head.first_seq);
  out = Put(out, head.last_seq);
  out = Put(out, head.time.time_since_epoch().count());
  out = Put(out, uint64_t{head.kinds.bits()});
  Put(out, head.bytes_checksum);
  return Checksum(Checksum(0, {fixed.data(), fixed.size()}), head.topics);
}

struct Entry {
  uint8_t kind;
  uint16_t topic, type;
  uint32_t data;

  static Entry At(std::string_view bytes, size_t index) {
    const char* const at = bytes.data() + index * kEntryBytes;
    return {Get<uint8_t>(at), Get<uint16_t>(at + 2), Get<uint16_t>(at + 4), Get<uint32_t>(at + 8)};
  }
  size_t size() const { return size_t{topic} + type + data; }
};

char* PutEntry(char* out, const Record& record) {
  out = Put(out, static_cast<uint8_t>(record.kind));
  out = Put(out, uint8_t{0});
  out = Put(out, static_cast<uint16_t>(record.topic.size()));
  out = Put(out, static_cast<uint16_t>(record.type.size()));
  out = Put(out, uint16_t{0});
  return Put(out, static_cast<uint32_t>(record.data.size()));
}

char* PutText(char* out, std::string_view text) { return out + text.copy(out, text.size()); }

void EncodeBlock(std::span<const RecordRef> records, size_t size, Block& block) {
  block.bytes.resize(size);
  char* entry = block.bytes.data();
  char* text = entry + records.size() * kEntryBytes;
  TopicSummaryBuilder topics;
  for (const RecordRef& record : records) {
    block.head.kinds.Add(record->kind);
    topics.Add(record->topic);
    entry = PutEntry(entry, *record);
    text = PutText(PutText(PutText(text, record->topic), record->type), record->data);
  }
  block.topics = topics.Finish();
  block.head.topics = block.topics;
  block.head.first_seq = records.front()->seq;
  block.head.last_seq = records.back()->seq;
  block.head.time = records.front()->time;
  block.head.bytes_checksum = Checksum(0, block.bytes);
  block.head.head_checksum = HeadChecksum(block.head);
}

}  // namespace

void EncodeBlocks(std::span<const RecordRef> records, std::vector<std::unique_ptr<Block>>& blocks) {
  blocks.clear();
  while (!records.empty()) {
    size_t count = 0, size = 0;
    while (count < records.size() && count < kBlockRecordsMax && size < kBlockBytesMax) {
      const Record& record = *records[count++];
      LT_ASSERT(record.topic.size() <= std::numeric_limits<uint16_t>::max() &&
                    record.type.size() <= std::numeric_limits<uint16_t>::max() &&
                    record.data.size() <= std::numeric_limits<uint32_t>::max() / 4,
                "record {} of {}, {} and {} bytes", record.seq, record.topic.size(),
                record.type.size(), record.data.size());
      size += kEntryBytes + record.topic.size() + record.type.size() + record.data.size();
    }
    blocks.push_back(std::make_unique<Block>());
    EncodeBlock(records.first(count), size, *blocks.back());
    records = records.subspan(count);
  }
}

std::optional<std::string> FaultOf(const BlockHead& head) {
  if (head.first_seq == 0 || head.last_seq < head.first_seq ||
      head.last_seq - head.first_seq >= kBlockRecordsMax) {
    return fmt::format("a block says that it holds the records {} to {}", head.first_seq,
                       head.last_seq);
  }
  if (HeadChecksum(head) != head.head_checksum) {
    return fmt::format("the head of the block of the records {} to {} fails its checksum",
                       head.first_seq, head.last_seq);
  }
  return std::nullopt;
}

std::optional<std::string> FaultOf(const BlockHead& head, std::string_view bytes) {
  if (Checksum(0, bytes) != head.bytes_checksum) {
    return fmt::format("the block of the records {} to {} fails its checksum", head.first_seq,
                       head.last_seq);
  }
  size_t size = head.count() * kEntryBytes;
  for (size_t i = 0; i < head.count() && size <= bytes.size(); ++i) {
    size += Entry::At(bytes, i).size();
  }
  if (size == bytes.size()) return std::nullopt;
  return fmt::format(
      "the block of the records {} to {} has {} bytes, which its entries do not fill",
      head.first_seq, head.last_seq, bytes.size());
}

void EachRecord(const BlockHead& head, std::string_view bytes, uint64_t after,
                const std::function<bool(const StoredRecord&)>& visit) {
  size_t at = head.count() * kEntryBytes;
  for (size_t i = 0; i < head.count(); ++i) {
    const Entry entry = Entry::At(bytes, i);
    const uint64_t seq = head.first_seq + i;
    if (seq > after) {
      const StoredRecord record{.seq = seq,
                                .kind = static_cast<RecordKind>(entry.kind),
                                .topic = bytes.substr(at, entry.topic),
                                .type = bytes.substr(at + entry.topic, entry.type),
                                .data = bytes.substr(at + entry.topic + entry.type, entry.data)};
      if (!visit(record)) return;
    }
    at += entry.size();
  }
}

RecordRef MakeRecord(const BlockHead& head, const StoredRecord& stored) {
  return std::make_shared<const Record>(Record{.seq = stored.seq,
                                               .time = head.time,
                                               .kind = stored.kind,
                                               .topic = std::string(stored.topic),
                                               .type = std::string(stored.type),
                                               .data = std::string(stored.data)});
}

}  // namespace livetape::tape
