#pragma once

// `livetape backup`: a copy of the data folder that a server can be started on, made while the server of
// the folder runs, or while none does. Main thread. docs/operations.md says what is in it.

#include <string>

#include "base/clock.h"
#include "config/load.h"

namespace livetape::app {

struct BackupCommand {
  config::LoadOptions load;
  std::string to;  // the folder to make
};

// The exit status: 0 it is there, whole, checked and on disk; 1 it is not, and nothing is left of it.
// What there is to say has been printed.
int RunBackupCommand(const BackupCommand& command, const base::Clock& clock);

}  // namespace livetape::app
