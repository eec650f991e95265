#pragma once

// The file tape.db: its tables, marks and state, as the tape, `tape check` and `tape repair` use them.
// Functions over one connection; its thread. docs/formats/tape.md describes the format.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "sqlite/database.h"
#include "tape/block.h"
#include "tape/block_log.h"
#include "tape/event_id.h"
#include "tape/sync.h"

namespace livetape::tape {

inline std::filesystem::path TapeFile(const std::filesystem::path& folder) {
  return folder / "tape.db";
}
// Beside the file at `path`.
std::filesystem::path WalOf(const std::filesystem::path& path);

// The same error with the commands that help against a damaged tape; as it stands if the file is no
// tape of this version, which they would refuse as well.
base::Error WithAdvice(const base::Error& error, const std::filesystem::path& folder);

// An epoch that is not among `epochs`: 8 hexadecimal digits.
std::string NewEpoch(base::Random& random, const std::vector<Epoch>& epochs);

// Makes an empty tape at `path`, which must not exist, closed and on disk but for its name.
base::Result<void> CreateTapeFile(const std::filesystem::path& path,
                                  const std::vector<Epoch>& epochs, const std::string& vfs);
// Renames a file and makes both names durable.
base::Result<void> RenameDurably(const std::filesystem::path& from,
                                 const std::filesystem::path& to);

// What says that the file is somebody else's or of another version, in full words; or nothing.
base::Result<std::optional<std::string>> ForeignMark(sqlite::Database& database,
                                                     const std::filesystem::path& path);
// What a repair has made, until it takes the place of the damaged file.
inline std::filesystem::path RepairedFile(const std::filesystem::path& folder) {
  return folder / "tape.db.repaired";
}
// Puts it there, if there is one, without the old file's write-ahead log. A crash in the middle
// leaves it to the next call.
base::Result<void> FinishRepair(const std::filesystem::path& folder);

// Opens an existing tape and checks that it is one, of a version that can be read.
base::Result<sqlite::Database> OpenTapeFile(const std::filesystem::path& path,
                                            sqlite::OpenMode mode, const std::string& vfs);

// All of them, oldest first: the first names the tape, and ids of any may be kept somewhere.
base::Result<std::vector<Epoch>> ReadEpochs(sqlite::Database& database);
base::Result<void> AddEpoch(sqlite::Database& database, const Epoch& epoch);

// How the tape was last used.
struct LastRun {
  bool clean = false;
  Sync sync = Sync::kFull;
};
base::Result<LastRun> ReadLastRun(sqlite::Database& database);
base::Result<void> WriteLastRun(sqlite::Database& database, const LastRun& run);

base::Result<LogExtent> ReadExtent(sqlite::Database& database);
// Whether each block follows the one before it, from the index alone.
base::Result<void> CheckSequence(sqlite::Database& database, const LogExtent& extent);

// Statements over `blocks`, and their columns.
inline constexpr std::string_view kWalkBlocks =
    "SELECT first_seq, last_seq, time, kinds, head_checksum, bytes_checksum, topics, bytes"
    " FROM blocks WHERE first_seq >= ?1 ORDER BY first_seq";
// The same without the bytes, which SQLite would read from the disk for each row, wanted or not.
inline constexpr std::string_view kWalkHeads =
    "SELECT first_seq, last_seq, time, kinds, head_checksum, bytes_checksum, topics"
    " FROM blocks WHERE first_seq >= ?1 ORDER BY first_seq";
inline constexpr std::string_view kBytesOfBlock = "SELECT bytes FROM blocks WHERE first_seq = ?1";
inline constexpr std::string_view kInsertBlock =
    "INSERT INTO blocks (first_seq, last_seq, time, kinds, head_checksum, bytes_checksum, topics,"
    " bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
inline constexpr int kBytesColumn = 7;
// Of the row at which kWalkBlocks or kWalkHeads stands; valid until the next step.
BlockHead HeadOf(const sqlite::Statement& row);
base::Result<void> InsertBlock(sqlite::Statement& insert, const BlockHead& head,
                               std::string_view bytes);

}  // namespace livetape::tape
