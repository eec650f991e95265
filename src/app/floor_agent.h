#pragma once

// FloorAgent: takes market events in their order, keeps quotes and bars, and gives every shard the
// new state and the window markers. One thread owns it and calls DoWork; a test calls it by hand.

#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/spsc_queue.h"
#include "base/wakeup.h"
#include "floor/quote_board.h"
#include "hub/shard.h"
#include "market/bar_history.h"
#include "market/instruments.h"
#include "metrics/registry.h"
#include "model/market_event.h"

namespace livetape::app {

class FloorAgent {
 public:
  // `time_is_wall`: the source's clock is the wall's, so days roll without events too.
  FloorAgent(bool time_is_wall, market::Instruments& instruments, market::BarHistory& bars,
             const std::vector<hub::Shard*>& shards, const base::Clock& clock,
             metrics::Registry& metrics);

  // The source's thread: false, and `event` untouched, when the queue is full; `space` is
  // signalled when there is room again. Nothing is ever dropped.
  bool Push(model::MarketEvent&& event);
  base::Wakeup& space() { return space_; }

  // Takes a bounded number of events and marks the windows that have ended; true when more waits.
  bool DoWork();
  // Sleeps until there is an event or a window ends.
  void Wait();
  // Any thread: ends a Wait.
  void Wake() { work_.Signal(); }

 private:
  struct Outlet {
    hub::Shard* shard;
    hub::Inbox* inbox;
  };

  void Apply(model::MarketEvent& event);
  void Emit(model::InstrumentId instrument, bool minor);
  void MarkWindows();
  base::WallTime WindowTime();
  void WakeEager();

  const bool time_is_wall_;
  market::Instruments& instruments_;
  market::BarHistory& bars_;
  const base::Clock& clock_;
  std::vector<Outlet> outlets_;
  base::SpscQueue<model::MarketEvent> queue_;
  base::Wakeup work_, space_;

  floor::QuoteBoard board_;
  std::vector<std::shared_ptr<const hub::StateKey>> keys_;  // by instrument
  const std::shared_ptr<const hub::StateKey> clock_key_;
  uint64_t version_ = 0;
  // The clock of the windows: the wall's at `wall_start_`, then steady, so that a wall clock that is
  // set back stops no stream.
  base::WallTime wall_start_;
  base::MonoTime mono_start_;
  uint64_t tick_;       // the last one marked
  bool fresh_ = false;  // updates were put since the shards were last woken

  metrics::Counter& events_;
};

}  // namespace livetape::app
