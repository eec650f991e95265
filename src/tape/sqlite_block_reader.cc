#include "tape/sqlite_block_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tape/tape_file.h"

namespace livetape::tape {
namespace {

std::unexpected<ReadError> Failed(base::Error error) {
  const bool damage = sqlite::IsDamage(error);
  return std::unexpected(ReadError{std::move(error), damage});
}

std::unexpected<ReadError> Damaged(std::string what) {
  return std::unexpected(ReadError{{std::move(what)}, true});
}

}  // namespace

base::Result<std::unique_ptr<SqliteBlockReader>> SqliteBlockReader::Open(
    const std::filesystem::path& path, const std::string& vfs) {
  auto database = OpenTapeFile(path, sqlite::OpenMode::kReadOnly, vfs);
  if (!database) return std::unexpected(database.error());
  return std::unique_ptr<SqliteBlockReader>(new SqliteBlockReader(*std::move(database)));
}

// The number with which the block that holds `seq` begins; 0 if there is none.
base::Result<uint64_t> SqliteBlockReader::StartOf(uint64_t seq) {
  auto query = database_.Prepare("SELECT max(first_seq) FROM blocks WHERE first_seq <= ?1");
  if (!query) return std::unexpected(query.error());
  const auto row = query->Bind(1, seq).Step();
  if (!row) return std::unexpected(row.error());
  return query->Uint(0);
}

ReadResult<void> SqliteBlockReader::Walk(uint64_t from, const Choose& choose, const Take& take) {
  const auto start = StartOf(from);
  if (!start) return Failed(start.error());
  auto rows = database_.Prepare(kWalkHeads);
  if (!rows) return Failed(rows.error());
  auto query = database_.Prepare(kBytesOfBlock);
  if (!query) return Failed(query.error());
  rows->Bind(1, *start);
  for (;;) {
    const auto row = rows->Step();
    if (!row) return Failed(row.error());
    if (!*row) return {};
    const BlockHead head = HeadOf(*rows);
    if (auto fault = FaultOf(head)) return Damaged(*std::move(fault));
    const Wish wish = choose(head);
    if (wish == Wish::kStop) return {};
    if (wish == Wish::kSkip) continue;
    // Within the walk's own read transaction: only damage can hide what it stands at.
    const auto found = query->Bind(1, head.first_seq).Step();
    if (!found) return Failed(found.error());
    if (!*found) return Damaged(fmt::format("block {} is out of its place", head.first_seq));
    const std::string_view bytes = query->Blob(0);
    if (auto fault = FaultOf(head, bytes)) return Damaged(*std::move(fault));
    if (!take(head, bytes)) return {};
    query->Reset();
  }
}

base::Result<uint64_t> SqliteBlockReader::StartOfNewest(uint64_t records_max, size_t bytes_max) {
  auto query = database_.Prepare(
      "SELECT first_seq, last_seq, length(bytes) FROM blocks ORDER BY first_seq DESC");
  if (!query) return std::unexpected(query.error());
  uint64_t start = 0, records = 0, bytes = 0;
  for (;;) {
    const auto row = query->Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::max<uint64_t>(start, 1);
    const uint64_t count = query->Uint(1) - query->Uint(0) + 1;
    records += count;
    bytes += query->Uint(2) + count * sizeof(Record);
    if (start == 0) start = query->Uint(1) + 1;
    if (records > records_max || bytes > bytes_max) return start;
    start = query->Uint(0);
  }
}

// Times never go backwards, so that one look-up for each halving of the sequence finds the place.
base::Result<uint64_t> SqliteBlockReader::LastBefore(base::WallTime time) {
  const auto extent = ReadExtent(database_);
  if (!extent) return std::unexpected(extent.error());
  auto query = database_.Prepare(
      "SELECT first_seq, last_seq, time FROM blocks WHERE first_seq <= ?1"
      " ORDER BY first_seq DESC LIMIT 1");
  if (!query) return std::unexpected(query.error());
  uint64_t first = extent->oldest, end = extent->head + 1;  // the answer + 1 lies in [first, end]
  while (first < end) {
    const auto row = query->Bind(1, first + (end - first) / 2).Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;  // deleted meanwhile
    const bool older = base::WallTime(std::chrono::nanoseconds(query->Int(2))) < time;
    if (older) {
      first = std::max(first, query->Uint(1) + 1);
    } else {
      end = std::min(end, query->Uint(0));
    }
    query->Reset();
  }
  return first - 1;
}

}  // namespace livetape::tape
