#pragma once

// Load: file, environment and flags into one checked Config. Main thread, before anything runs.
//
// A later source wins: defaults, then the TOML file, then LIVETAPE_SECTION_KEY, then flags in the
// order given. The first fault found is the error: its place, the key, what was given and what is
// allowed.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace livetape::config {

// One value from the command line.
struct Override {
  std::string key;    // "server.port", "market.interval.GOOGL"
  std::string value;  // as typed
  std::string flag;   // "--port", "--set": for messages and origins
};

struct LoadOptions {
  std::optional<std::string> file;  // at most 1 MiB
  // Name and value. Names that do not begin with LIVETAPE_ are ignored; so are others that resemble
  // no key, since more than this program may use the prefix.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<Override> overrides;
};

base::Result<Config> Load(const LoadOptions& options);

// "section.key=value" of one --set.
base::Result<Override> ParseSet(std::string_view text);

}  // namespace livetape::config
