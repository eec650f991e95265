#pragma once

// ChildProcess: a program that answers each line on its standard input with a line on its standard
// output. One thread owns it. It runs in a process group of its own, so that a Ctrl-C of the terminal
// does not reach it and all that it has started ends with it; its standard error is ours.

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace livetape::app {

class ChildProcess {
 public:
  // A longer line ends it.
  static constexpr size_t kLineMax = size_t{1} << 20U;

  // `command` is a line for /bin/sh. `clock` outlives it.
  static base::Result<std::unique_ptr<ChildProcess>> Start(const std::string& command,
                                                           const base::Clock& clock);
  // Ends it: it is told by the end of its input, and killed if it has not gone a second later.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Sends `line`, which has no line end, and gives the line that comes back, without its end; valid
  // until the next call. The error says what it did instead: ended (how), nothing for `timeout`, a
  // line without end. It is killed then. A stop is seen within 50 ms and is an error, too.
  base::Result<std::string_view> Exchange(std::string_view line, std::chrono::milliseconds timeout,
                                          const std::stop_token& stop);

 private:
  ChildProcess(const base::Clock& clock, pid_t pid, int in, int out)
      : clock_(clock), pid_(pid), in_(in), out_(out) {}

  // Waits until something can be written or read, at most so long.
  bool Poll(bool writes, std::chrono::milliseconds timeout) const;
  base::Result<void> Write(std::string_view& rest) const;
  // False: its output has ended.
  base::Result<bool> Read();
  // How it ended, in words. Kills it if it does not within a second.
  std::string End();
  void Kill() const;

  const base::Clock& clock_;
  const pid_t pid_;
  int in_;         // to its input; -1: closed
  const int out_;  // from its output
  bool reaped_ = false;
  std::string received_;
  size_t used_ = 0;  // of what was received: answers that have been given out
};

}  // namespace livetape::app
