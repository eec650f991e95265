#pragma once

// `livetape import`: bars out of files into the store of a data folder on which no server runs
// (docs/import.md). Main thread, with one more that writes.

#include <string>
#include <vector>

#include "base/clock.h"
#include "config/load.h"

namespace livetape::app {

// As on the command line; checked by RunImportCommand.
struct ImportCommand {
  config::LoadOptions load{};
  std::vector<std::string> files{};
  std::string symbol{};
  std::string timeframe = "1d";
  std::string format = "auto";
  std::string asset_class = "us_equity";
  std::string day{};
  bool json = false;
  bool if_new = false;  // only where there are no bars of the symbol and timeframe yet
};

// The exit status: 0 every file gave bars, 1 some did not, or it was interrupted; what was read by
// then stays. What there is to say has been printed.
int RunImportCommand(const ImportCommand& command, const base::Clock& clock);

}  // namespace livetape::app
