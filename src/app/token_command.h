#pragma once

// `livetape token`: prints a token that the server of the same configuration believes. Main thread.

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/load.h"

namespace livetape::app {

struct TokenCommand {
  config::LoadOptions load;
  std::string subject;
  std::string scope = "subscribe";
  std::string ttl = "1h";
  std::string session;              // empty: none
  std::vector<std::string> topics;  // patterns; none: what every token may read
  std::string key;                  // file of a private key; empty: the configured secret
};

// Prints the token. The exit status: 0 done; 1 it cannot be made; 2 what was asked for makes no sense.
int RunTokenCommand(const TokenCommand& command, const base::Clock& clock);

}  // namespace livetape::app
