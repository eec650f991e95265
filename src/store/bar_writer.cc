#include "store/bar_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "store/bar_block.h"
#include "store/bucket.h"

namespace livetape::store {
namespace {

using model::Bar;

constexpr size_t kStepBarsMax = 8 * kBlockBarsMax;

constexpr std::string_view kBlockColumns = "SELECT id, first, last, bars FROM bar_blocks";

bool Same(const Bar& a, const Bar& b) {
  return a.start == b.start && a.open == b.open && a.high == b.high && a.low == b.low &&
         a.close == b.close && a.volume == b.volume && a.trades == b.trades &&
         a.synthetic == b.synthetic;
}

}  // namespace

base::Result<BarWriter> BarWriter::Open(sqlite::Database& database) {
  const std::array<std::string, 8> texts = {
      "SELECT id, asset_class FROM bar_series WHERE symbol = ?1 AND timeframe = ?2",
      "INSERT INTO bar_series (symbol, timeframe, asset_class, bars) VALUES (?1, ?2, ?3, 0)"
      " ON CONFLICT (symbol, timeframe) DO UPDATE SET asset_class = excluded.asset_class",
      "UPDATE bar_series SET bars = bars + ?2 WHERE id = ?1",
      fmt::format("{} WHERE series = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1",
                  kBlockColumns),
      fmt::format("{} WHERE series = ?1 AND first > ?2 ORDER BY first LIMIT 1", kBlockColumns),
      "SELECT bytes FROM bar_blocks WHERE id = ?1",
      "UPDATE bar_blocks SET first = ?2, last = ?3, bars = ?4, bytes = ?5 WHERE id = ?1",
      "INSERT INTO bar_blocks (series, first, last, bars, bytes) VALUES (?1, ?2, ?3, ?4, ?5)"};
  std::array<std::optional<sqlite::Statement>, 8> ready;
  for (size_t i = 0; i < texts.size(); ++i) {
    auto statement = database.Prepare(texts[i]);
    if (!statement) return std::unexpected(statement.error());
    ready[i] = *std::move(statement);
  }
  return BarWriter(database, {.series = *std::move(ready[0]),
                              .add_series = *std::move(ready[1]),
                              .count = *std::move(ready[2]),
                              .block_at = *std::move(ready[3]),
                              .block_behind = *std::move(ready[4]),
                              .bytes = *std::move(ready[5]),
                              .change = *std::move(ready[6]),
                              .add = *std::move(ready[7])});
}

base::Result<BarWriter::Step> BarWriter::Put(const BarRows& rows, size_t from) {
  LT_ASSERT(from < rows.bars.size(), "{} of {}", from, rows.bars.size());
  const auto series = SeriesOf(rows);
  if (!series) return std::unexpected(series.error());
  const auto left = std::span(rows.bars).subspan(from);
  const auto place = PlaceOf(*series, left.first(std::min(left.size(), kStepBarsMax)));
  if (!place) return std::unexpected(place.error());
  for (size_t i = 1; i < place->bars; ++i) {
    LT_ASSERT(left[i - 1].start < left[i].start, "{} {}", rows.symbol, from + i);
  }
  Step step{.bars = place->bars, .blocks = 1, .bytes = 0};
  known_.clear();
  if (place->into) {
    if (auto loaded = Load(*place->into); !loaded) return std::unexpected(loaded.error());
  }
  const auto more = Merge(left.first(place->bars));
  if (!more) return step;
  if (auto stored = Store(*series, *place, step); !stored) return std::unexpected(stored.error());
  if (*more != 0) {
    auto counted = statements_.count.Bind(1, *series).Bind(2, uint64_t{*more}).Run();
    if (!counted) return std::unexpected(counted.error());
  }
  return step;
}

base::Result<int64_t> BarWriter::SeriesOf(const BarRows& rows) {
  const auto seconds = int64_t{model::Length(rows.timeframe).count()};
  const auto asset_class = static_cast<int64_t>(rows.asset_class);
  // The second round finds what the first has written.
  for (int round = 0; round < 2; ++round) {
    sqlite::Statement& known = statements_.series;
    const auto row = known.BindText(1, rows.symbol).Bind(2, seconds).Step();
    if (!row) return std::unexpected(row.error());
    const int64_t id = *row ? known.Int(0) : 0;
    const bool current = *row && known.Int(1) == asset_class;
    known.Reset();
    if (current) return id;
    auto added =
        statements_.add_series.BindText(1, rows.symbol).Bind(2, seconds).Bind(3, asset_class).Run();
    if (!added) return std::unexpected(added.error());
  }
  return base::Fail(fmt::format("cannot write the bars of {} to {}: the file is damaged",
                                rows.symbol, database_->path()));
}

base::Result<std::optional<BarWriter::Block>> BarWriter::Find(sqlite::Statement& statement,
                                                              int64_t series, int64_t time) const {
  const auto row = statement.Bind(1, series).Bind(2, time).Step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  const Block block{.id = statement.Int(0),
                    .first = statement.Int(1),
                    .last = statement.Int(2),
                    .bars = statement.Uint(3)};
  statement.Reset();
  return block;
}

// The bars up to the next block go together: into the block before them, if they lie within it or it
// has room; else into the next one, if it has room for all of them; else into new ones.
base::Result<BarWriter::Place> BarWriter::PlaceOf(int64_t series, std::span<const Bar> bars) {
  const int64_t begin = Nanoseconds(bars.front().start);
  const auto before = Find(statements_.block_at, series, begin);
  if (!before) return std::unexpected(before.error());
  const auto behind = Find(statements_.block_behind, series, begin);
  if (!behind) return std::unexpected(behind.error());
  Place place{.bars = bars.size()};
  if (*behind) {
    const auto next = std::partition_point(bars.begin(), bars.end(), [&](const Bar& bar) {
      return Nanoseconds(bar.start) < (*behind)->first;
    });
    place.bars = static_cast<size_t>(next - bars.begin());
  }
  if (*before && (begin <= (*before)->last || (*before)->bars < kBlockBarsMax)) {
    place.into = **before;
    // In the middle there may be more to come: room in each.
    place.packed = !*behind;
  } else if (*behind && (*behind)->bars + place.bars <= kBlockBarsMax) {
    place.into = **behind;
  }
  return place;
}

base::Result<void> BarWriter::Load(const Block& block) {
  sqlite::Statement& query = statements_.bytes;
  const auto row = query.Bind(1, block.id).Step();
  if (!row) return std::unexpected(row.error());
  auto decoded = *row ? DecodeBars(query.Blob(0), known_) : base::Fail("a block of bars is gone");
  query.Reset();
  if (decoded && (known_.size() != block.bars || Nanoseconds(known_.front().start) != block.first ||
                  Nanoseconds(known_.back().start) != block.last)) {
    decoded = base::Fail("a block of bars is not what its row says");
  }
  if (decoded) return {};
  return base::Fail(fmt::format("cannot add to the bars of {}: {}; the file is damaged",
                                database_->path(), decoded.error().message));
}

std::optional<size_t> BarWriter::Merge(std::span<const Bar> bars) {
  merged_.clear();
  auto known = known_.begin();
  bool changed = false;
  for (const Bar& bar : bars) {
    while (known != known_.end() && known->start < bar.start) merged_.push_back(*known++);
    const bool there = known != known_.end() && known->start == bar.start;
    changed = changed || !there || !Same(*known, bar);
    if (there) ++known;
    merged_.push_back(bar);
  }
  merged_.insert(merged_.end(), known, known_.end());
  if (!changed) return std::nullopt;
  return merged_.size() - known_.size();
}

base::Result<void> BarWriter::Store(int64_t series, const Place& place, Step& step) {
  const size_t pieces = (merged_.size() + kBlockBarsMax - 1) / kBlockBarsMax;
  auto rest = std::span<const Bar>(merged_);
  for (size_t piece = 0; piece < pieces; ++piece) {
    const size_t even = (rest.size() + pieces - piece - 1) / (pieces - piece);
    const auto bars = rest.first(place.packed ? std::min(rest.size(), kBlockBarsMax) : even);
    rest = rest.subspan(bars.size());
    EncodeBars(bars, bytes_);
    const bool change = piece == 0 && place.into;
    auto stored =
        (change ? statements_.change.Bind(1, place.into->id) : statements_.add.Bind(1, series))
            .Bind(2, Nanoseconds(bars.front().start))
            .Bind(3, Nanoseconds(bars.back().start))
            .Bind(4, uint64_t{bars.size()})
            .BindBlob(5, bytes_)
            .Run();
    if (!stored) return stored;
    step.bytes += bytes_.size();
    ++step.blocks;
  }
  return {};
}

}  // namespace livetape::store
