#pragma once

// Checks SQLite's write-ahead log before SQLite replays it. A function of a file that nobody writes.
//
// SQLite takes a log up to its first bad frame and forgets the rest without a word. After a crash
// only the last transaction can be incomplete, because each one before it was synced; so a frame that
// goes on from the checksum of a later commit means that synced bytes have changed. One that does not
// go on from it means nothing: transactions that the disk did not take leave what they have written,
// also several one behind the other, until others are written over them. Format:
// sqlite.org/fileformat2.html#walformat.

#include <filesystem>
#include <optional>
#include <string>

namespace livetape::tape {

// What is wrong, in full words; nothing if the log is whole, ends in an incomplete transaction, or is
// missing. Only for logs whose every commit was synced.
std::optional<std::string> WalFault(const std::filesystem::path& wal);

}  // namespace livetape::tape
