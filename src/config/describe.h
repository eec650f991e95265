#pragma once

// Config as text for people, from the key table: what is in force and why, and what there is to
// set. Pure functions.

#include <string>

#include "config/config.h"

namespace livetape::config {

// Every value with its origin, as TOML that loads to the same values:
//   server.port = 9000  # --port
// Secrets of accounts are left out, so a file of it with such accounts wants them put in.
std::string Describe(const Config& config);

// Every key: default, what it allows, what it means, its environment variable.
std::string KeyHelp();

}  // namespace livetape::config
