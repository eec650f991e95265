#pragma once

// SqliteBlockReader: a read-only connection to tape.db. One thread at a time.

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "sqlite/database.h"
#include "tape/block_log.h"

namespace livetape::tape {

class SqliteBlockReader final : public BlockReader {
 public:
  static base::Result<std::unique_ptr<SqliteBlockReader>> Open(const std::filesystem::path& path,
                                                               const std::string& vfs);

  ReadResult<void> Walk(uint64_t from, const Choose& choose, const Take& take) override;
  base::Result<uint64_t> StartOfNewest(uint64_t records_max, size_t bytes_max) override;
  base::Result<uint64_t> LastBefore(base::WallTime time) override;

 private:
  explicit SqliteBlockReader(sqlite::Database database) : database_(std::move(database)) {}
  base::Result<uint64_t> StartOf(uint64_t seq);

  sqlite::Database database_;
};

}  // namespace livetape::tape
