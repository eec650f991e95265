#pragma once

// `livetape tape check`, `repair` and `restored`: look after the tape while no server runs on it.
// Main thread.

#include "base/clock.h"
#include "base/random.h"
#include "config/load.h"

namespace livetape::app {

struct TapeCommand {
  enum class Action { kCheck, kRepair, kRestored };
  config::LoadOptions load;
  Action action = Action::kCheck;
};

// The exit status: 0 the tape is sound (or sound again), 1 it is damaged or cannot be read. What
// there is to say has been printed.
int RunTapeCommand(const TapeCommand& command, const base::Clock& clock, base::Random random);

}  // namespace livetape::app
