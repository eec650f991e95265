#pragma once

// CloseFeed: brings the daily closes that the store has (imports, kept bars) to the floor, for its
// figures of risk. Thread-safe: reading threads call it.

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>

#include "app/floor_agent.h"
#include "app/jobs/bar_queue.h"
#include "base/log.h"
#include "market/instruments.h"
#include "store/reader.h"

namespace livetape::app {

class CloseFeed {
 public:
  // All outlive it. `account` is the default account's name. `bars`: who imports days over those that
  // there are.
  CloseFeed(const market::Instruments& instruments, FloorAgent& floor, BarQueue& bars,
            std::string account, base::Log& log)
      : instruments_(instruments),
        floor_(floor),
        bars_(bars),
        account_(std::move(account)),
        log_(log) {}

  // Daily bars that have changed since the last call, of instruments that there are. What the floor
  // is asked after it sees them.
  void Refresh(store::Reader& reader);

 private:
  // What changes when days do: bars, first, last, batches that were imported.
  using Form = std::tuple<uint64_t, base::WallTime, base::WallTime, uint64_t>;
  bool Send(store::Reader& reader, const std::string& symbol);

  const market::Instruments& instruments_;
  FloorAgent& floor_;
  BarQueue& bars_;
  const std::string account_;
  base::Log& log_;
  std::mutex mutex_;
  std::map<std::string, Form> sent_;  // by symbol
  std::set<std::string> unreadable_;  // told in the log
};

}  // namespace livetape::app
