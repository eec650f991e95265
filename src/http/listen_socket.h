#pragma once

// The listening sockets of a server: one per event loop, all on the same address and port, so that
// the kernel spreads connections over the loops (SO_REUSEPORT, socket(7)). Main thread.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/unique_fd.h"

namespace livetape::http {

struct ListenSockets {
  std::vector<UniqueFd> sockets;
  uint16_t port = 0;
  std::vector<std::string> addresses;  // that reach them: `host`, or all of the machine's
  bool loopback = true;
};

// `host`: an IPv4 or IPv6 address or "localhost" (127.0.0.1); `port` 0: any free one. Never shares
// a port with another process; the error is one line for the person who starts the program.
// Accepted sockets inherit from the listening one: no delay, at most 16 KiB that the kernel holds
// back unsent, and an end after `stall_timeout` without a byte acknowledged (tcp(7)).
base::Result<ListenSockets> Listen(const std::string& host, uint16_t port, size_t count,
                                   std::chrono::milliseconds stall_timeout);

}  // namespace livetape::http
