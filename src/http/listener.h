#pragma once

// Listener: accepts connections from one listening socket. Owned by its loop's thread.
//
// When the process is out of descriptors or memory it stops accepting for a moment instead of
// spinning on a socket that stays readable; the connections wait in the kernel meanwhile.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "http/loop_metrics.h"
#include "http/unique_fd.h"

namespace boost::asio {
class io_context;
}

namespace livetape::http {

class Listener {
 public:
  // `peer` is the client's address, without port.
  using Accepted = std::function<void(UniqueFd socket, std::string peer)>;

  // The references outlive the listener; `socket` listens and does not block.
  Listener(boost::asio::io_context& io, UniqueFd socket, const base::Clock& clock,
           LoopMetrics& metrics, base::Log& log, Accepted accepted);
  ~Listener();

  void Start();
  // Accepts no more. Connections that the kernel has queued are reset.
  void Close();

 private:
  struct Watch;
  void WatchReadable();
  void AcceptBatch();
  int TakeBatch();
  void Pause(int error);

  const base::Clock& clock_;
  LoopMetrics& metrics_;
  base::Log& log_;
  const Accepted accepted_;
  const std::unique_ptr<Watch> watch_;
  std::vector<std::pair<UniqueFd, std::string>> batch_;
  base::MonoTime quiet_until_{};  // of the log
};

}  // namespace livetape::http
