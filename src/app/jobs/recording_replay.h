#pragma once

// ReplayRecording: `livetape backtest --recording FILE`: plays what `livetape serve --record` has
// written to the same trading core, and tells what came of it (docs/recording.md). Main thread.

#include <optional>
#include <string>

#include "base/clock.h"

namespace livetape::app {

struct RecordingCommand {
  std::string file;
  std::optional<std::string> records;  // where the records of orders and fills go, a line each
  std::optional<std::string> json;     // where the accounts go, as one document
};

// The exit status: 0 done; 1 the file cannot be read or is damaged, or a file cannot be written. What
// there is to say has been printed.
int ReplayRecording(const RecordingCommand& command, const base::Clock& clock);

}  // namespace livetape::app
