#pragma once

// Serve: `livetape serve`: wires everything together, runs until it is told to stop, and stops in
// order. Called by the main thread.

#include "base/result.h"
#include "config/config.h"

namespace livetape::app {

// Returns when stopped; the error is one clear line.
base::Result<void> Serve(const config::Config& config);

}  // namespace livetape::app
