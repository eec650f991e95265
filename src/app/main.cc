// livetape: the one binary. What it can do is in command_line.cc.

#include "app/command_line.h"
#include "app/commands.h"

int main(int argc, char** argv) {
  const auto parsed = livetape::app::ParseCommandLine(argc, argv);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  return livetape::app::Run(std::get<livetape::app::Command>(parsed));
}
