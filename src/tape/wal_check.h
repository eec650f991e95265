#pragma once

// Checks SQLite's write-ahead log before SQLite replays it. A function of a file that nobody writes.
//
// SQLite takes a log up to its first bad frame and forgets the rest without a word. After a crash
// only the last transaction can be incomplete, because each one before it was synced; so frames of
// the same log after a later commit mean that synced bytes have changed. Format:
// sqlite.org/fileformat2.html#walformat.

#include <filesystem>
#include <optional>
#include <string>

namespace livetape::tape {

// What is wrong, in full words; nothing if the log is whole, ends in an incomplete transaction, or is
// missing. Only for logs whose every commit was synced.
std::optional<std::string> WalFault(const std::filesystem::path& wal);

}  // namespace livetape::tape
