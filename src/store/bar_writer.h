#pragma once

// BarWriter: puts bars into their blocks, on the connection that writes store.db. The writing
// thread; it goes before the connection.
//
// Invariants of the blocks of a series: (1) they do not overlap; (2) none has more than 512 bars;
// (3) bar_series.bars is their sum. What is appended fills the last block first, so that a series
// that only grows has full blocks but for the last one.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "sqlite/database.h"
#include "store/bar_rows.h"

namespace livetape::store {

class BarWriter {
 public:
  // The connection outlives it.
  static base::Result<BarWriter> Open(sqlite::Database& database);

  // What a step has taken from its rows, and what it cost.
  struct Step {
    size_t bars = 0;    // of the rows, from `from` on; at least 1
    size_t blocks = 0;  // read or written
    size_t bytes = 0;   // written; 0: all was there already
  };
  // Writes some bars of `rows` from number `from` on, at most 4,096, inside of the transaction under
  // way. Between two steps the invariants hold.
  base::Result<Step> Put(const BarRows& rows, size_t from);

 private:
  struct Statements {
    sqlite::Statement series, add_series, count, block_at, block_behind, bytes, change, add;
  };
  struct Block {
    int64_t id = 0, first = 0, last = 0;
    uint64_t bars = 0;
  };
  // Where bars of a stretch of time belong.
  struct Place {
    std::optional<Block>
        into{};          // they are merged with its bars; nothing: into blocks of their own
    size_t bars = 0;     // of the rows
    bool packed = true;  // blocks are filled from the left
  };

  BarWriter(sqlite::Database& database, Statements statements)
      : database_(&database), statements_(std::move(statements)) {}

  base::Result<int64_t> SeriesOf(const BarRows& rows);
  base::Result<Place> PlaceOf(int64_t series, std::span<const model::Bar> bars);
  base::Result<std::optional<Block>> Find(sqlite::Statement& statement, int64_t series,
                                          int64_t time) const;
  // Replaces known_ by the bars of the block.
  base::Result<void> Load(const Block& block);
  // Makes merged_ of known_ and `bars`; how many bars there are more than before. Nothing: all of
  // them were there.
  std::optional<size_t> Merge(std::span<const model::Bar> bars);
  base::Result<void> Store(int64_t series, const Place& place, Step& step);

  sqlite::Database* database_;
  Statements statements_;
  std::vector<model::Bar> known_, merged_;
  std::string bytes_;
};

}  // namespace livetape::store
