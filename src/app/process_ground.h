#pragma once

// What holds for the whole process, whatever its command. Main thread, before any other thread.

#include "base/result.h"

namespace livetape::app {

// After it:
// - Descriptors 0, 1 and 2 are open, on /dev/null if the caller has closed them: or the next file or
//   socket would get such a number, and with it what is printed and logged.
// - A file that reaches the limit of its size (ulimit -f) is a failed write as on a full disk, not
//   the end of the process.
// - What cannot be written to standard output or error, and a thread that the system refuses, end
//   the process with status 1 and a sentence.
base::Result<void> PrepareProcess();

// Nothing of what was printed on standard output is lost, or an error.
base::Result<void> FlushOutput();

}  // namespace livetape::app
