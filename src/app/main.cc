// livetape: the one binary. What it can do is in command_line.cc.

#include <fmt/format.h>

#include <cstdio>

#include "app/command_line.h"
#include "app/commands.h"
#include "app/process_ground.h"

namespace livetape::app {
namespace {

int Main(int argc, char** argv) {
  const auto failed = [](const base::Error& error) {
    fmt::print(stderr, "livetape: {}\n", error.message);
    return 1;
  };
  if (const auto prepared = PrepareProcess(); !prepared) return failed(prepared.error());
  const auto parsed = ParseCommandLine(argc, argv);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& command = std::get<Command>(parsed);
  const int status = Run(command);
  // Nobody needs the line that a server serves when it has stopped.
  if (status != 0 || std::holds_alternative<ServeCommand>(command)) return status;
  const auto flushed = FlushOutput();
  return flushed ? 0 : failed(flushed.error());
}

}  // namespace
}  // namespace livetape::app

int main(int argc, char** argv) { return livetape::app::Main(argc, argv); }
