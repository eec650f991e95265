#pragma once

// Setting: one key's value as someone wrote it, and where. What each source of configuration is
// read into before the key table checks it. Plain values.

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/config.h"
#include "config/key_table.h"
#include "config/value.h"

namespace livetape::config {

struct Setting {
  const Key* key = nullptr;  // never null
  std::string member;        // of a key that has members: "GOOGL"; else empty
  Value value;
  std::string place;  // "livetape.toml:3", "environment variable LIVETAPE_SERVER_PORT", "--port"
};

// Puts the value and its origin into `config`, or says why not.
base::Result<void> Apply(const Setting& setting, Config& config);

// The error for an attempt to set [[accounts]] by a flag or a variable.
base::Error AccountsOutsideFile(std::string_view place);

// The error for a name that is no key: with the nearest key, or else what there is.
base::Error UnknownKey(std::string_view place, std::string_view path);

}  // namespace livetape::config
