#pragma once

// The frames that a server and the process of one of its jobs exchange over pipes: a byte that says
// the kind, the length as four bytes, the content. Both ends are the same program on the same machine,
// so numbers and bars go as they lie in memory. Functions; any thread.
//
// To the process: the job. From it: how far it is, the bars of an import, the rows of its result in
// parts, and its end, once.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "jobs/import/bar_sink.h"
#include "model/job.h"

namespace livetape::app {

// What of a job the process is told: its kind, id and request.
struct JobOrder {
  model::JobKind kind = model::JobKind::kBacktest;
  std::string id;
  std::string request;
};

// See JobContext::Report.
struct JobProgress {
  double percent = 0;
  uint64_t records = 0;
  std::string message;
  std::string members;
};

using JobFrame =
    std::variant<JobOrder, JobProgress, jobs::BarBatch, model::ResultRows, model::JobEnd>;

// A frame's content has at most so many bytes: an end that is larger is a job that failed.
inline constexpr size_t kFrameMax = size_t{64} << 20U;

std::string FrameOf(const JobOrder& order);
std::string FrameOf(const JobProgress& progress);
std::string FrameOf(const jobs::BarBatch& bars);
std::string FrameOf(const model::ResultRows& rows);
std::string FrameOf(const model::JobEnd& end);

// Puts frames together from bytes as they come. One thread owns it.
class FrameReader {
 public:
  void Add(std::string_view bytes) { bytes_.append(bytes); }
  // The next whole frame, or nothing yet. An error: this is no stream of frames.
  base::Result<std::optional<JobFrame>> Next();

 private:
  std::string bytes_;
  size_t begin_ = 0;  // of what has not been read
};

}  // namespace livetape::app
