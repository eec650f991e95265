#pragma once

// Settings from a TOML file, each with its line. The only place that knows the TOML library.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/setting.h"

namespace livetape::config {

// `name` is what messages call the file. A text that is no TOML, and a key that does not exist,
// are errors with their line; values are not checked yet.
base::Result<std::vector<Setting>> SettingsFromToml(std::string_view text, std::string_view name);

}  // namespace livetape::config
