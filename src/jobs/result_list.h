#pragma once

// ResultList: one list of a job's result on its way to be kept, in parts, so that neither end ever has
// the text of the whole list. The thread of the job.

#include <string>
#include <utility>

#include "base/result.h"
#include "jobs/job_context.h"

namespace livetape::jobs {

class ResultList {
 public:
  // Text of a part, about.
  static constexpr size_t kPartBytes = size_t{1} << 20U;

  // `context` outlives it.
  ResultList(JobContext& context, std::string name)
      : context_(context), part_{.name = std::move(name)} {}

  // `row`: a JSON object on one line. Blocks while a part is kept; an error is that of KeepRows.
  base::Result<void> Add(std::string row) {
    bytes_ += row.size();
    part_.rows.push_back(std::move(row));
    return bytes_ < kPartBytes ? base::Result<void>{} : Flush();
  }
  // What is left. To be called behind the last row.
  base::Result<void> Flush() {
    if (part_.rows.empty()) return {};
    model::ResultRows next{.name = part_.name, .first = part_.first + part_.rows.size()};
    bytes_ = 0;
    return context_.KeepRows(std::exchange(part_, std::move(next)));
  }

 private:
  JobContext& context_;
  model::ResultRows part_;
  size_t bytes_ = 0;  // of its rows
};

}  // namespace livetape::jobs
