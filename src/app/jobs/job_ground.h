#pragma once

// JobGround: what the work of every kind of job stands on. Constant; any worker of the pool, and the
// process that computes a job.

#include <filesystem>

#include "base/clock.h"
#include "market/sessions.h"

namespace livetape::app {

struct JobGround {
  std::filesystem::path folder;                  // of the data
  const base::Clock& clock;                      // outlives it
  size_t threads = 1;                            // of a job that can use several
  market::Hours hours = market::Hours::kAlways;  // where the days of a backtest roll
};

}  // namespace livetape::app
