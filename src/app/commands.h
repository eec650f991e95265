#pragma once

// The commands of the binary. Each returns the process's exit status: 0 done, 1 failed, 2 wrong usage.

#include "app/command_line.h"

namespace livetape::app {

int Run(const Command& command);

}  // namespace livetape::app
