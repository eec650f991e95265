#pragma once

// CloseFeed: brings the daily closes that the store has (imports, kept bars) to the floor, for its
// figures of risk. Thread-safe: reading threads call it.

#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "app/floor_agent.h"
#include "base/log.h"
#include "market/instruments.h"
#include "store/reader.h"

namespace livetape::app {

class CloseFeed {
 public:
  // All outlive it. `account` is the default account's name.
  CloseFeed(const market::Instruments& instruments, FloorAgent& floor, std::string account,
            base::Log& log)
      : instruments_(instruments), floor_(floor), account_(std::move(account)), log_(log) {}

  // Daily bars that have changed since the last call, of instruments that there are. What the floor
  // is asked after it sees them.
  void Refresh(store::Reader& reader);

 private:
  using Form = std::tuple<uint64_t, base::WallTime, base::WallTime>;  // bars, first, last
  bool Send(store::Reader& reader, const std::string& symbol);

  const market::Instruments& instruments_;
  FloorAgent& floor_;
  const std::string account_;
  base::Log& log_;
  std::mutex mutex_;
  std::map<std::string, Form> sent_;  // by symbol
};

}  // namespace livetape::app
