#pragma once

// Which keys the configuration means: for the server that verifies tokens and for `livetape token`,
// which makes them. Pure functions.

#include <filesystem>

#include "auth/key_file.h"
#include "config/config.h"

namespace livetape::app {

auth::Algorithm AlgorithmOf(const config::AuthConfig& auth);

// The secret that is made at the first start.
std::filesystem::path OwnKeyFile(const config::Config& config);

auth::KeySource KeySourceOf(const config::Config& config);

}  // namespace livetape::app
