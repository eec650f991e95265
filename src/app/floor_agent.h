#pragma once

// FloorAgent: takes market events and the requests of accounts in their order to the trading floor,
// keeps bars, and gives every shard the new quotes and the window markers. One thread owns it and
// calls DoWork; a test calls it by hand.
//
// The floor never takes back what has happened, so it gets nothing while the tape has no room for
// what would follow. While the disk fails, quotes are shown all the same and merged for the floor.
//
// Market data comes from the built-in source, in its own numbering of instruments, and from programs
// that publish ticks by symbol. A symbol that a program publishes is the program's from then on: the
// source's own events for it are passed over and counted.

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/paper/floor_desk.h"
#include "api/publishing/tick_floor.h"
#include "app/paper/paper_floor.h"
#include "app/stalled_quotes.h"
#include "base/clock.h"
#include "base/first_waiting.h"
#include "base/mpsc_queue.h"
#include "base/spsc_queue.h"
#include "base/wakeup.h"
#include "hub/shard.h"
#include "market/bar_history.h"
#include "market/instruments.h"
#include "market/sessions.h"
#include "metrics/registry.h"
#include "metrics/stage.h"
#include "model/market_event.h"

namespace livetape::app {

// At most so many instruments come into being by publishing; ticks for more are counted, no more.
inline constexpr size_t kInstrumentsMax = 10'000;

// Served in one turn, and records that leave as one submission, about.
inline constexpr size_t kRequestsPerTurn = 512;
inline constexpr size_t kRecordsPerSubmission = 1024;

class FloorAgent final : public api::TickFloor, public api::FloorDesk {
 public:
  // What it works with; outlives it.
  struct Surroundings {
    market::Instruments& instruments;
    market::BarHistory& bars;
    PaperFloor& paper;
    const market::Sessions& sessions;
    const tape::Tape& tape;
    const base::Clock& clock;
  };
  // `time_is_wall`: the source's clock is the wall's, so days roll without events too.
  FloorAgent(bool time_is_wall, const Surroundings& surroundings,
             const std::vector<hub::Shard*>& shards, metrics::Registry& metrics);

  // Before the thread runs: an instrument that is known from before, made if it is new, what the
  // market said of it last, and the floor's time up to which sessions and days have been held. A recorded
  // clock that begins before that goes back to its beginning.
  model::InstrumentId Recall(model::Instrument instrument);
  // Likewise: the instruments of accounts, all of them at first. Two that were different stay so,
  // though both may be spellings of one coin: another's is taken only while no account has that.
  void RecallHeld(const std::vector<model::Instrument>& instruments);
  model::InstrumentId RecallHeld(const model::Instrument& instrument);
  void RestoreQuote(model::InstrumentId instrument, const model::Quote& quote);
  void RestoreTime(base::WallTime held);
  base::WallTime restored_time() const { return restored_; }
  // Likewise, and before all of these: what the source tells before its first live event, instruments
  // and history. No window and no session ends meanwhile: the time of the floor is not known yet, and
  // which days have been held is not either.
  void TakeListed();
  // Likewise: when the source's first live event is; a recorded clock stands there until it comes.
  void BeginAt(base::WallTime first);
  // Likewise: of which bars are there from before; history that a source makes up is left out then.
  using HasBars =
      std::function<bool(const model::Instrument& instrument, model::Timeframe timeframe)>;
  void SetHasBars(HasBars has_bars) { has_bars_ = std::move(has_bars); }

  // Any thread, while the floor's runs: makes an instrument in the floor's next turn, if there is none of
  // that name and fewer than kInstrumentsMax. Ready when that has been done.
  std::future<void> Introduce(model::Instrument instrument);

  // The source's thread: false, and `event` untouched, when the queue is full; `space` is
  // signalled when there is room again. Nothing is ever dropped.
  bool Push(model::MarketEvent&& event);
  base::Wakeup& space() { return space_; }

  // api::TickFloor; any thread.
  bool Reserve(size_t count) override;
  void Release(size_t count) override;
  void Put(std::vector<model::PublishedTick> ticks, std::move_only_function<void()> taken) override;
  bool HasRoomForSymbols(size_t count) const override;

  // api::FloorDesk; any thread.
  http::Reply Ask(size_t loop, std::string account, bool create, api::DeskWork work) override;
  // For which nobody waits; false when too many requests wait.
  bool Put(DeskRequest request);

  // Any thread: the floor's clock, which is the source's.
  base::WallTime FloorTime() const;
  // What the listeners want of the market: windows of updates, or somebody each one; then whether
  // his shard has taken nearly all that was put so far.
  enum class Demand : uint8_t { kWindows, kEach, kEachBehind };
  // Any thread.
  Demand demand() const;
  // Any thread: since the last market event of any kind; nothing before the first.
  std::optional<std::chrono::nanoseconds> FeedAge() const;

  // Takes a bounded number of events and marks the windows that have ended; true when more waits.
  bool DoWork();
  // After the last turn, by the thread that stops it: what the accounts are worth at the end.
  void Finish();
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
  void GiveCloses(const model::BarHistory& history);
  // The source's instrument as ours; nothing if a program has taken it over.
  std::optional<model::InstrumentId> Own(model::InstrumentId of_source);
  bool TakeInput();
  void TakeIntroduced();
  size_t ApplyPublished();
  size_t ServeRequests();
  void HoldSessions(base::WallTime time);
  void Unstall();
  void EndBooks();
  void EmitAll();
  // The floor's, or while it is stalled those that are shown.
  const floor::QuoteBoard& quotes() const;
  bool TakeQuote(base::WallTime time, const model::QuoteUpdate& update);
  void TakeTrade(base::WallTime time, const model::TradeTick& trade);
  void TakeVolume(base::WallTime time, model::InstrumentId instrument, base::Quantity volume);
  void Apply(const model::PublishedTick& tick);
  std::optional<model::InstrumentId> TakeOver(const model::PublishedTick& tick);
  model::InstrumentId AddInstrument(model::Instrument instrument);
  void Emit(model::InstrumentId instrument, bool minor);
  void MarkWindows();
  void EndWindow(uint64_t tick, bool second);
  base::WallTime WindowTime();
  base::WallTime Now() const;
  void WakeEager();

  const bool time_is_wall_;
  const Surroundings around_;
  market::Instruments& instruments_;
  market::BarHistory& bars_;
  floor::TradingFloor& trading_;
  StalledQuotes stalled_;
  std::optional<model::MarketEvent> held_;  // taken from the queue, but not yet applied
  const base::Clock& clock_;
  std::vector<Outlet> outlets_;
  base::SpscQueue<model::MarketEvent> queue_;
  base::MpscQueue<Published> published_;
  std::atomic<size_t> reserved_ = 0;  // ticks that are in published_ or will be
  std::vector<Published> arrived_;    // scratch
  base::MpscQueue<DeskRequest> requests_;
  std::vector<DeskRequest> asked_;  // scratch
  std::mutex introduced_mutex_;
  struct Introduced {
    model::Instrument instrument;
    std::promise<void> known;
  };
  std::vector<Introduced> introduced_;  // under the mutex
  std::atomic<bool> any_introduced_ = false;
  HasBars has_bars_;
  base::Wakeup work_, space_;
  base::FirstWaiting waiting_;  // of the events and ticks that came

  std::vector<std::shared_ptr<const hub::StateKey>> keys_;  // by instrument
  std::vector<base::WallTime> last_;                        // time of its newest event, likewise
  std::vector<base::WallTime> traded_at_;          // of its source's newest trade, likewise
  std::vector<bool> taken_over_;                   // likewise
  std::vector<bool> listed_;                       // likewise: by the source
  std::vector<bool> booked_;                       // likewise: with depth
  std::vector<model::InstrumentId> books_to_end_;  // of which nobody tells the depth any more
  std::optional<market::SessionCursor> sessions_;  // from the first time on
  base::WallTime restored_;                        // sessions were held up to then
  base::WallTime newest_;                          // newest event of the source
  std::vector<model::InstrumentId> of_source_;     // by the source's numbering
  std::unordered_map<std::string, model::InstrumentId> published_symbols_;
  std::unordered_map<std::string, model::InstrumentId>
      held_symbols_;  // by accounts, before the start
  const std::shared_ptr<const hub::StateKey> clock_key_;
  uint64_t version_ = 0;
  // The clock of the windows: the wall's at `wall_start_`, then steady, so that a wall clock that is
  // set back stops no stream.
  base::WallTime wall_start_;
  base::MonoTime mono_start_;
  uint64_t tick_;       // the last one marked
  bool fresh_ = false;  // updates were put since the shards were last woken

  std::atomic<int64_t> newest_event_ns_ = 0;  // on the steady clock; 0: none
  std::atomic<int64_t> floor_time_ns_ = 0;    // since 1970; 0: none yet

  metrics::Counter &events_, &late_, &passed_over_, &beyond_, &busy_;
  metrics::Stage stage_;
};

}  // namespace livetape::app
