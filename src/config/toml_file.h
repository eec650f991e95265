#pragma once

// Settings from a TOML file, each with its line. The only place that knows the TOML library.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/accounts.h"
#include "config/setting.h"

namespace livetape::config {

struct FileSettings {
  std::vector<Setting> settings;
  std::vector<AccountTable> accounts;
};

// `name` is what messages call the file. A text that is no TOML, and a key that does not exist,
// are errors with their line; values and the keys of accounts are not checked yet.
base::Result<FileSettings> SettingsFromToml(std::string_view text, std::string_view name);

}  // namespace livetape::config
