#pragma once

// The files that `livetape import` is given: plain and gzip files and pipes as they are, zip archives
// member by member, archives inside of archives too, as Lean's data is packed. The calling thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jobs/import/byte_source.h"
#include "market/new_york.h"
#include "model/bar.h"

namespace livetape::app {

// One file, or one member of an archive.
struct ImportFile {
  std::string name;                // "spy.zip: spy.csv"
  std::optional<market::Day> day;  // of its rows, as a name of Lean's says
  uint64_t bytes;                  // as far as is known; 0 of a pipe
  jobs::ByteSource& source;
};

class ImportFileVisitor {
 public:
  virtual ~ImportFileVisitor() = default;
  // False: that is enough.
  virtual bool Take(const ImportFile& file) = 0;
  // A member that is not read, and why.
  virtual void Skip(const std::string& name, const std::string& why) = 0;
  // Before a pipe is read: returns when `fd` has bytes, or has ended; false: that is enough.
  virtual bool WaitFor(int fd) = 0;
};

// The path of what comes through the pipe in front of the command.
inline constexpr std::string_view kStandardInput = "-";

// An archive inside of an archive is held in memory.
inline constexpr uint64_t kInnerArchiveBytesMax = 256 << 20;

// The file at `path`, or those in it. Of an archive, members whose name says that they have no bars
// of `timeframe` are skipped, and those that are neither .csv, .txt, .gz nor .zip. The error is of
// the file as a whole; members before it have been taken.
base::Result<void> VisitImportFiles(const std::string& path, model::Timeframe timeframe,
                                    ImportFileVisitor& visitor);

}  // namespace livetape::app
