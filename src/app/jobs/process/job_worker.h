#pragma once

// `livetape job-worker`: the process in which a job of a server is computed. Reads the job from its
// standard input and writes reports, bars and the end to its standard output (job_frames.h).

#include <string>
#include <string_view>

#include "base/clock.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace livetape::app {

inline constexpr std::string_view kJobWorkerCommand = "job-worker";
// Of its options: days roll where the exchange's do.
inline constexpr std::string_view kExchangeHoursFlag = "--exchange-hours";

struct JobWorkerCommand {
  std::string data_dir;
  size_t threads = 1;
  bool exchange_hours = false;
};

// Not shown in any help: it is not for users.
void AddJobWorkerCommand(CLI::App& app, JobWorkerCommand& command);

// The exit status: 0 the end of the job has been written, whatever it is; 1 it could not be.
int RunJobWorkerCommand(const JobWorkerCommand& command, const base::Clock& clock);

}  // namespace livetape::app
