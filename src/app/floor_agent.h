#pragma once

// FloorAgent: takes market events in their order, keeps quotes and bars, and gives every shard the
// new state and the window markers. One thread owns it and calls DoWork; a test calls it by hand.
//
// Market data comes from the built-in source, in its own numbering of instruments, and from programs
// that publish ticks by symbol. A symbol that a program publishes is the program's from then on: the
// source's own events for it are passed over and counted.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/publishing/tick_floor.h"
#include "base/clock.h"
#include "base/mpsc_queue.h"
#include "base/spsc_queue.h"
#include "base/wakeup.h"
#include "floor/quote_board.h"
#include "hub/shard.h"
#include "market/bar_history.h"
#include "market/instruments.h"
#include "metrics/registry.h"
#include "model/market_event.h"

namespace livetape::app {

// At most so many instruments come into being by publishing; ticks for more are counted, no more.
inline constexpr size_t kInstrumentsMax = 10'000;

class FloorAgent final : public api::TickFloor {
 public:
  // `time_is_wall`: the source's clock is the wall's, so days roll without events too.
  FloorAgent(bool time_is_wall, market::Instruments& instruments, market::BarHistory& bars,
             const std::vector<hub::Shard*>& shards, const base::Clock& clock,
             metrics::Registry& metrics);

  // The source's thread: false, and `event` untouched, when the queue is full; `space` is
  // signalled when there is room again. Nothing is ever dropped.
  bool Push(model::MarketEvent&& event);
  base::Wakeup& space() { return space_; }

  // api::TickFloor; any thread.
  bool Reserve(size_t count) override;
  void Release(size_t count) override;
  void Put(std::vector<model::PublishedTick> ticks, std::move_only_function<void()> taken) override;
  bool HasRoomFor(std::string_view symbol) const override;

  // Any thread: since the last market event of any kind; nothing before the first.
  std::optional<std::chrono::nanoseconds> FeedAge() const;

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
  struct Published {
    std::vector<model::PublishedTick> ticks;
    std::move_only_function<void()> taken;
  };

  void Apply(model::MarketEvent& event);
  void List(model::Instrument instrument);
  // The source's instrument as ours; nothing if a program has taken it over.
  std::optional<model::InstrumentId> Own(model::InstrumentId of_source);
  size_t ApplyPublished();
  void Apply(const model::PublishedTick& tick);
  std::optional<model::InstrumentId> TakeOver(const model::PublishedTick& tick);
  model::InstrumentId AddInstrument(model::Instrument instrument);
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
  base::MpscQueue<Published> published_;
  std::atomic<size_t> reserved_ = 0;  // ticks that are in published_ or will be
  std::vector<Published> arrived_;    // scratch
  base::Wakeup work_, space_;

  floor::QuoteBoard board_;
  std::vector<std::shared_ptr<const hub::StateKey>> keys_;  // by instrument
  std::vector<base::WallTime> last_;                        // time of its newest event, likewise
  std::vector<bool> taken_over_;                            // likewise
  std::vector<model::InstrumentId> of_source_;              // by the source's numbering
  std::unordered_map<std::string, model::InstrumentId> published_symbols_;
  const std::shared_ptr<const hub::StateKey> clock_key_;
  uint64_t version_ = 0;
  // The clock of the windows: the wall's at `wall_start_`, then steady, so that a wall clock that is
  // set back stops no stream.
  base::WallTime wall_start_;
  base::MonoTime mono_start_;
  uint64_t tick_;       // the last one marked
  bool fresh_ = false;  // updates were put since the shards were last woken

  std::atomic<int64_t> newest_event_ns_ = 0;  // on the steady clock; 0: none

  metrics::Counter &events_, &late_, &passed_over_, &beyond_;
};

}  // namespace livetape::app
