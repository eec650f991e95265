#pragma once

// ResumeOptions: what livetape-resume was asked to do. Read once at start.

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>

namespace livetape::bench {

struct ResumeOptions {
  sockaddr_in server{};
  std::string path;
  size_t live = 100;
  size_t resumers = 1000;
  uint64_t behind = 1000;              // records
  std::chrono::nanoseconds before{};   // of live latency, before they come
  std::chrono::nanoseconds timeout{};  // for all to catch up
};

// The options, or the exit status after --help (0) or an error told on stderr (2).
std::expected<ResumeOptions, int> ReadResumeOptions(int argc, const char* const* argv);

}  // namespace livetape::bench
