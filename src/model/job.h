#pragma once

// Job: a piece of work that takes long and is done beside everything else: a backtest, a training,
// an import. Plain values.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace livetape::model {

enum class JobKind : uint8_t { kBacktest, kTraining, kImport };
inline constexpr std::array<std::string_view, 3> kJobKindNames = {"backtest", "training", "import"};
constexpr std::string_view Name(JobKind v) { return kJobKindNames[static_cast<size_t>(v)]; }

enum class JobState : uint8_t { kQueued, kRunning, kCompleted, kFailed, kCancelled };
inline constexpr std::array<std::string_view, 5> kJobStateNames = {"queued", "running", "completed",
                                                                   "failed", "cancelled"};
constexpr std::string_view Name(JobState v) { return kJobStateNames[static_cast<size_t>(v)]; }
constexpr bool IsOver(JobState v) { return v >= JobState::kCompleted; }

// What is known of a job.
struct Job {
  std::string id{};  // unlike any other's
  JobKind kind = JobKind::kBacktest;
  JobState state = JobState::kQueued;
  std::string owner{};    // the `sub` that asked for it; empty: no token was needed
  std::string request{};  // JSON object: what is to be done, complete and checked
  base::WallTime created{};
  std::optional<base::WallTime> started{}, ended{};
  double progress = 0;    // percent; 100 only when completed
  uint64_t records = 0;   // bars, rows or rounds that it has done
  std::string message{};  // what it is doing, or why it failed
  std::string result{};   // JSON object of a completed job; empty: none
};

// One point of a curve.
struct CurvePoint {
  base::WallTime time;
  double value = 0;
};

// Rows of one list of a result that follow one another: JSON objects, each on one line. A list is kept
// in such parts while the job still runs, and is there once it has completed.
struct ResultRows {
  std::string name;    // of the list: "trades"
  uint64_t first = 0;  // number of the first of them, from 0
  std::vector<std::string> rows{};
};

// How a run of a job ended.
struct JobEnd {
  JobState state = JobState::kFailed;  // one that is over
  std::string message{};
  uint64_t records = 0;   // that it has done in all
  std::string members{};  // further members of its last event: `"results":{...}`; may be empty
  // What is kept of a completed one, besides its lists.
  std::string result{};
  std::vector<CurvePoint> curve{};

  static JobEnd Failed(std::string why) {
    return {.state = JobState::kFailed, .message = std::move(why)};
  }
  static JobEnd Cancelled() { return {.state = JobState::kCancelled, .message = "cancelled"}; }
};

}  // namespace livetape::model
