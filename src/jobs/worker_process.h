#pragma once

// WorkerProcess: another program with pipes to its stdin, stdout and stderr, which never outlives this
// object. One thread owns it.

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace livetape::jobs {

struct WorkerCommandLine {
  std::vector<std::string> arguments;  // the first is the program's path
  // "NAME=value": instead of what this process has under that name.
  std::vector<std::string> environment;
};

class WorkerProcess {
 public:
  // It has no other open files than the three, its signals are as a shell would leave them, and it is
  // in a session of its own: Ctrl-C at a terminal is ours alone to answer, and systems that share the
  // processors out by session do not count its work as ours.
  static base::Result<WorkerProcess> Start(const WorkerCommandLine& command);
  // Killed and reaped, if that has not been done.
  ~WorkerProcess();
  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&&) = delete;

  // Our ends, which never block: to its stdin (a socket; closed: -1) and from its stdout.
  int in() const { return in_; }
  int out() const { return out_; }
  // Readable when it says something on stderr: ReadWords. -1: it has closed that.
  int err() const { return err_; }
  // Readable when it has ended.
  int ended() const { return ended_; }
  pid_t pid() const { return pid_; }

  void CloseIn();
  // Keeps the last of what it says on stderr.
  void ReadWords();
  // Ends it, whatever it does.
  void Kill();
  // Waits for its end and says how that was, with its last words: "ended with signal 9 (Killed) before
  // it was done; somebody killed it, or the machine is out of memory". `before`: "it was done".
  std::string EndedBefore(std::string_view before);

 private:
  WorkerProcess(pid_t pid, int ended, int in, int out, int err)
      : pid_(pid), ended_(ended), in_(in), out_(out), err_(err) {}

  std::string Wait();

  pid_t pid_;  // -1: reaped
  int ended_, in_, out_, err_;
  std::string words_;
};

// Text of another program, fit to be shown in one line.
std::string OneLine(std::string_view text, size_t most);

}  // namespace livetape::jobs
