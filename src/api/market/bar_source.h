#pragma once

// BarSource: the bars of an instrument, stored ones and those of the market as they come, as one
// series. One request's, on one thread.
//
// Of a bar that both have the market's counts: it may be open, or not stored yet.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "market/bar_history.h"
#include "model/bar.h"
#include "model/instrument.h"
#include "store/reader.h"

namespace livetape::api {

struct BarWish {
  model::InstrumentId instrument;
  std::string symbol{};  // the instrument's own
  model::Timeframe timeframe = model::Timeframe::k1m;
  base::WallTime from, to;  // of the bars' starts, both inclusive
  bool newest = true;       // of more than `limit`: the newest of them, else the oldest
  size_t limit = 1000;
};

class BarSource {
 public:
  // Both outlive it. Without a reader: the market's bars alone.
  explicit BarSource(const market::BarHistory& live, store::Reader* stored = nullptr)
      : live_(live), stored_(stored) {}

  // Oldest first, whichever they are. The error is the store's.
  base::Result<std::vector<model::Bar>> Read(const BarWish& wish) const;

 private:
  const market::BarHistory& live_;
  store::Reader* const stored_;
};

}  // namespace livetape::api
