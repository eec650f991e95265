#pragma once

// BlockLog: where blocks are kept. The tape numbers and groups; a log stores, finds and deletes. A
// log of another kind (a replicated one) takes SQLite's place behind this.

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tape/block.h"
#include "tape/event_id.h"

namespace livetape::tape {

// What the log holds.
struct LogExtent {
  uint64_t oldest = 1;  // head + 1 when it is empty
  uint64_t head = 0;
  base::WallTime time;  // of the newest block
};

// How much is kept; 0: no limit. A block goes when all of it is beyond one of these.
struct Retention {
  uint64_t records = 0;
  uint64_t bytes = 0;
  std::chrono::nanoseconds age{0};
  uint64_t from = UINT64_MAX;  // this record and later ones stay, whatever the limits say
};

// Why blocks were not read. Damage stays until a repair; anything else (no memory, a disk that does
// not answer) says nothing about the records, and another try may succeed.
struct [[nodiscard]] ReadError : base::Error {
  bool damage = false;
};

template <typename T>
using ReadResult = std::expected<T, ReadError>;

// Reads blocks while others write. One thread at a time.
class BlockReader {
 public:
  enum class Wish { kSkip, kRead, kStop };
  using Choose = std::function<Wish(const BlockHead&)>;
  using Take = std::function<bool(const BlockHead&, std::string_view bytes)>;

  virtual ~BlockReader() = default;
  // Walks the blocks from the one that holds `from`, or the first after it, in order: `choose` is
  // asked for each, `take` gets the bytes of those to be read, checked, and ends the walk by false.
  // Keep walks short: while one lasts, the space of what is deleted is not used again.
  virtual ReadResult<void> Walk(uint64_t from, const Choose& choose, const Take& take) = 0;
  // The first of the newest records that are at most so many and, roughly, cost at most so much;
  // they begin at a block's beginning. head + 1 if there is none.
  virtual base::Result<uint64_t> StartOfNewest(uint64_t records_max, size_t bytes_max) = 0;
  // The last record that is older than `time`; oldest - 1 if none is.
  virtual base::Result<uint64_t> LastBefore(base::WallTime time) = 0;
};

// One thread at a time, but for OpenReader.
class BlockLog {
 public:
  virtual ~BlockLog() = default;

  virtual const LogExtent& extent() const = 0;
  virtual const std::vector<Epoch>& epochs() const = 0;

  // All of the blocks or none, durable when it returns. They follow the head. After a failure only
  // Reopen may be called.
  virtual base::Result<void> Append(std::span<const std::unique_ptr<Block>> blocks) = 0;
  // Forgets what is in doubt and reads the extent again: a commit that failed may have happened.
  virtual base::Result<void> Reopen() = 0;
  // Makes durable what a failed commit may have left in caches only.
  virtual base::Result<void> Harden() = 0;
  // Deletes what is stored after `head`, by a commit that shows whether the disk takes one.
  virtual base::Result<void> CutBack(uint64_t head) = 0;
  // Deletes some of the oldest blocks in one short transaction; the newest always stays. True: there
  // is more to delete.
  virtual base::Result<bool> Trim(const Retention& keep, base::WallTime now) = 0;
  // Upkeep between commits: short.
  virtual void Maintain() {}
  // Starts what works beside the commits.
  virtual void Start() {}
  // Notes that nothing is in doubt. The last call.
  virtual base::Result<void> CloseCleanly() = 0;

  // Any thread.
  virtual base::Result<std::unique_ptr<BlockReader>> OpenReader() const = 0;
};

}  // namespace livetape::tape
