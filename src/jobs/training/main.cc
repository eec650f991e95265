// training_worker: the worker process alone, for the tests of training; users run it as
// `livetape train-worker`.

#include <unistd.h>

#include <cstdlib>
#include <span>
#include <string_view>

#include "jobs/training/worker.h"

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<size_t>(argc));
  if (arguments.size() != 3 || std::string_view(arguments[1]) != "--memory-mib") return 2;
  const auto memory_mib = static_cast<uint32_t>(std::strtoul(arguments[2], nullptr, 10));
  livetape::jobs::MakeWorker(memory_mib);
  return livetape::jobs::RunTrainWorker(STDIN_FILENO, STDOUT_FILENO, memory_mib);
}
