#pragma once

// DemoTrader: lets the demo strategy trade an account, by the same requests as everyone. Made by the
// main thread; from then on the floor's thread owns what it knows.

#include <memory>
#include <string>

#include "app/floor_agent.h"
#include "app/paper/demo_strategy.h"

namespace livetape::app {

class DemoTrader {
 public:
  // Instruments after the first so many are left alone.
  static constexpr size_t kSymbolsMax = 20;

  // `floor` outlives it.
  DemoTrader(FloorAgent& floor, std::string account);

  // Any one thread, about once a second: looks at prices and trades. A floor that is busy is asked
  // again the next time.
  void Step();

 private:
  class Mind;
  FloorAgent& floor_;
  const std::string account_;
  const std::shared_ptr<Mind> mind_;  // requests under way share it
};

}  // namespace livetape::app
