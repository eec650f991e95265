#pragma once

// EquityOptions: what livetape-equity was asked to do. Read once at start.

#include <netinet/in.h>
#include <sys/types.h>

#include <chrono>
#include <expected>
#include <string>
#include <vector>

namespace livetape::bench {

struct EquityOptions {
  sockaddr_in server{};
  std::string account = "bench";  // the beginning of the accounts' names: ACCOUNT-0, ...
  size_t accounts = 100;
  size_t streams = 1;  // of each account
  std::string interval = "0";
  std::string symbol = "PROBE";
  double rate = 97;                // ticks per second
  std::vector<pid_t> server_pids;  // whose cost is taken; may be empty
  std::chrono::nanoseconds warm_up{};
  std::chrono::nanoseconds measure{};
};

// The options, or the exit status after --help (0) or an error told on stderr (2).
std::expected<EquityOptions, int> ReadEquityOptions(int argc, const char* const* argv);

}  // namespace livetape::bench
