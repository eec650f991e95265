#pragma once

// Serve: `livetape serve`: wires everything together, runs until it is told to stop, and stops in
// order. Called by the main thread.

#include "app/paper/floor_recorder.h"
#include "base/result.h"
#include "config/config.h"

namespace livetape::app {

// Returns when stopped; the error is one clear line.
base::Result<void> Serve(const config::Config& config, const RecordOptions& record);

}  // namespace livetape::app
