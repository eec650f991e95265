#pragma once

// The source of market data that the configuration asks for. Main thread.

#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "config/config.h"
#include "market/source.h"

namespace livetape::app {

// Null for `none`. A synthetic source begins at `start`.
base::Result<std::unique_ptr<market::Source>> MakeSource(const config::Config& config,
                                                         base::WallTime start, base::Log& log);

}  // namespace livetape::app
