#pragma once

// Sessions: the HTTP/1.x connections of one event loop (http/session.h). Owned by the loop's thread.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "http/idle_queue.h"
#include "http/session.h"
#include "http/unique_fd.h"

namespace livetape::http {

class Sessions {
 public:
  static constexpr size_t kScratchBytes = 64 * 1024;  // of Session::Shared::scratch

  Sessions(const SessionSurroundings& surroundings, const SessionLimits& limits);
  ~Sessions();

  // The socket does not block and is already counted as a connection.
  void Add(UniqueFd socket, std::string peer);
  // Session::TakeTurn, when the loop has nothing else to do.
  void AwaitTurn(std::shared_ptr<Session> session);
  // By the session itself, when it closes or hands its socket over.
  void Remove(size_t index);

  // Ends what the time of those is over for. To be called several times per shortest timeout.
  void Sweep();
  // Closes idle ones; the others close after the answer to the request they are at.
  void Drain();
  void CloseAll();

 private:
  Session::Shared shared_;
  IdleQueue bulky_;
  std::vector<std::shared_ptr<Session>> sessions_;  // each knows its index
};

}  // namespace livetape::http
