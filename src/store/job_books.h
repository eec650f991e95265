#pragma once

// JobBooks: jobs.db, where jobs and their results are kept: the state of each, and of completed ones
// the figures, lists of rows and the curve. A file of its own, because a long result takes long to
// write, and the books of paper trading (store.db) wait for nobody. Format: docs/formats/jobs.md.
//
// One thread owns it. Every call that writes is one transaction, and but for SaveRows it is on the disk
// when it returns. The lists of a result come before the end, in as many calls as they need; nobody sees them until the job has
// completed, and where it has not, they go with the next state.

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/job.h"
#include "sqlite/database.h"

namespace livetape::store {

inline std::filesystem::path JobsFile(const std::filesystem::path& folder) {
  return folder / "jobs.db";
}

class JobBooks {
 public:
  // Of a result: more rows and points than that are not kept.
  static constexpr size_t kRowsMax = 1'000'000;
  static constexpr size_t kPointsMax = 100'000;

  // Opens or makes it. A fault names the file and what helps.
  static base::Result<std::unique_ptr<JobBooks>> Open(const std::filesystem::path& folder,
                                                      const std::string& vfs = "");

  struct Kept {
    std::vector<model::Job> jobs;     // in the order in which they were queued last
    std::vector<std::string> untold;  // of them, those of whose state no record has told
  };
  base::Result<Kept> All();

  // The job as it is now, and of a completed one the rest of the result that came with its end. Unless
  // it has completed, what was kept of a result goes. One that is queued anew is the newest.
  base::Result<void> Save(const model::Job& job, const model::JobEnd* end);
  // Rows of the result of a job that runs. They are on the disk with its next state, not before. What is
  // kept already under their numbers is replaced, so that it can be tried again. None is beyond kRowsMax.
  base::Result<void> SaveRows(std::string_view id, const model::ResultRows& rows);
  // A record has told of its state.
  base::Result<void> NoteTold(std::string_view id);
  base::Result<void> Forget(std::string_view id);

  struct Rows {
    std::vector<std::string> rows;  // JSON objects
    uint64_t total = 0;
  };
  // Of the list of that name, from `offset` on; none and 0 if there is none, or if the job has not
  // completed.
  base::Result<Rows> List(std::string_view id, std::string_view name, size_t limit, size_t offset);
  base::Result<std::vector<model::CurvePoint>> Curve(std::string_view id);
  // Of the file that nothing is in: it does not become smaller when results go.
  base::Result<uint64_t> free_bytes();

 private:
  explicit JobBooks(sqlite::Database database) : database_(std::move(database)) {}
  base::Result<void> PutRows(std::string_view id, const model::ResultRows& rows);
  base::Result<void> PutCurve(std::string_view id, const std::vector<model::CurvePoint>& curve);
  // Its rows of these tables.
  base::Result<void> Remove(std::string_view id, std::initializer_list<std::string_view> tables);
  base::Result<void> CopyLog();
  base::Error Damage(std::string_view id, std::string_view what) const;

  sqlite::Database database_;
};

}  // namespace livetape::store
