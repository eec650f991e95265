#pragma once

// The file of a recording (docs/recording.md): eight bytes of magic, then frames, each a size, its
// complement and an image with a checksum: the header first, then blocks of inputs.

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "floor/trading_floor.h"

namespace livetape::floor {

inline constexpr std::string_view kRecordingMagic = "LVTPREC\n";
inline constexpr size_t kFrameHeadBytes = 8;
// Of a block; an encoder ends a block long before.
inline constexpr uint32_t kBlockBytesMax = 16 << 20;

struct RecordingHeader {
  TradingFloor::Options options{};
  uint64_t ids_seed = 0;   // of the UUIDs of orders, fills and accounts
  base::WallTime began{};  // by the wall's clock
  std::string program{};   // the version that made it
};

// The beginning of a file: the magic and the header's frame.
std::string BeginRecording(const RecordingHeader& header);
// What goes before a block.
std::string FrameHead(std::string_view block);

// Reads a file from its beginning to its end, a block at a time. One thread.
class RecordingReader {
 public:
  // `in` outlives it. An error: it is no recording, of another version, or its header is damaged.
  static base::Result<RecordingReader> Open(std::istream& in);
  const RecordingHeader& header() const { return header_; }
  // The next block, until the next call; nothing at the end. An error says where it is damaged.
  base::Result<std::optional<std::string_view>> Next();
  // The file ends within a block: what was written last is not whole.
  bool cut_off() const { return cut_off_; }
  // Where the last whole block ends, in bytes.
  uint64_t end() const { return end_; }

 private:
  explicit RecordingReader(std::istream& in) : in_(&in) {}

  std::istream* in_;
  RecordingHeader header_;
  std::string block_;
  bool cut_off_ = false;
  uint64_t end_ = 0;
};

}  // namespace livetape::floor
