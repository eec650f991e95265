#include "app/floor_agent.h"

#include <algorithm>

#include "api/market/market_topics.h"
#include "api/market/quote_json.h"
#include "base/assert.h"

namespace livetape::app {
namespace {

constexpr size_t kQueueEvents = 65536;
constexpr size_t kPublishedTicks = 65536;
constexpr size_t kEventsPerTurn = 1024;
constexpr size_t kRequestsWaiting = 8192;
constexpr uint64_t kTicksPerDashboard = 5;  // a quarter second
constexpr std::chrono::milliseconds kNoRoomPause{1};
constexpr size_t kUpdatesBehind = 16;  // more than a shard leaves that is only about to wake
constexpr uint64_t kTicksPerSecond = std::chrono::seconds(1) / hub::kWindowUnit;
// Where nothing is traded behind a bar, it is stored all the same.
constexpr uint64_t kSecondsPerTelling = 5;
constexpr std::chrono::seconds kLateFor{5};

uint64_t TickOf(base::WallTime time) {
  return static_cast<uint64_t>(time.time_since_epoch() / hub::kWindowUnit);
}

}  // namespace

FloorAgent::FloorAgent(bool time_is_wall, const Surroundings& surroundings,
                       const std::vector<hub::Shard*>& shards, metrics::Registry& metrics)
    : time_is_wall_(time_is_wall),
      around_(surroundings),
      instruments_(around_.instruments),
      bars_(around_.bars),
      trading_(around_.paper.floor()),
      clock_(around_.clock),
      queue_(kQueueEvents),
      published_(kPublishedTicks),
      requests_(kRequestsWaiting),
      clock_key_(api::ClockKey()),
      wall_start_(clock_.Wall()),
      mono_start_(clock_.Mono()),
      tick_(TickOf(wall_start_)),
      events_(metrics.AddCounter("livetape_floor_events_total", "Market events taken.")),
      late_(metrics.AddCounter("livetape_floor_late_ticks_total",
                               "Published ticks older than the symbol's last.")),
      passed_over_(
          metrics.AddCounter("livetape_floor_source_events_passed_over_total",
                             "Events of the source for symbols that are published by programs.")),
      beyond_(metrics.AddCounter("livetape_floor_ticks_beyond_limit_total",
                                 "Published ticks for more symbols than there may be.")),
      busy_(metrics.AddCounter("livetape_desk_refused_total",
                               "Requests refused because the floor or the tape was busy.")),
      stage_(metrics, "floor") {
  for (hub::Shard* const shard : shards) {
    hub::Inbox* const inbox = &shard->AddInbox();
    outlets_.push_back({shard, inbox});
    metrics.AddComputed("livetape_hub_merged_updates_total",
                        "State updates merged because a shard was behind.",
                        [inbox] { return static_cast<double>(inbox->merged()); });
    metrics.AddComputed("livetape_hub_inbox_depth", "State updates waiting for a shard.",
                        [inbox] { return static_cast<double>(inbox->depth()); });
  }
  metrics.AddComputed("livetape_floor_queue_depth", "Market events waiting for the floor.",
                      [this] { return static_cast<double>(queue_.Size()); });
}

bool FloorAgent::Push(model::MarketEvent&& event) {
  if (!queue_.Push(std::move(event))) return false;
  waiting_.Mark(clock_);
  work_.Signal();
  return true;
}

bool FloorAgent::Reserve(size_t count) {
  size_t reserved = reserved_.load();
  do {
    if (reserved + count > kPublishedTicks) return false;
  } while (!reserved_.compare_exchange_weak(reserved, reserved + count));
  return true;
}

void FloorAgent::Release(size_t count) { reserved_.fetch_sub(count); }

void FloorAgent::Put(std::vector<model::PublishedTick> ticks,
                     std::move_only_function<void()> taken) {
  LT_ASSERT(!ticks.empty());
  const bool put = published_.Push({std::move(ticks), std::move(taken)});
  LT_ASSERT(put, "{} ticks are reserved", reserved_.load());
  waiting_.Mark(clock_);
  work_.Signal();
}

bool FloorAgent::HasRoomForSymbols(size_t count) const {
  return instruments_.size() + count <= kInstrumentsMax;
}

std::optional<std::chrono::nanoseconds> FloorAgent::FeedAge() const {
  const int64_t newest = newest_event_ns_.load(std::memory_order_relaxed);
  if (newest == 0) return std::nullopt;
  return clock_.Mono().time_since_epoch() - std::chrono::nanoseconds(newest);
}

FloorAgent::Demand FloorAgent::demand() const {
  auto demand = Demand::kWindows;
  for (const Outlet& outlet : outlets_) {
    if (!outlet.shard->eager()) continue;
    if (outlet.inbox->depth() > kUpdatesBehind) return Demand::kEachBehind;
    demand = Demand::kEach;
  }
  return demand;
}

bool FloorAgent::DoWork() {
  const bool committing = around_.tape.committing();
  if (!committing && !stalled_.on()) stalled_.Begin(trading_.quotes());
  if (committing && stalled_.on()) Unstall();
  if (any_introduced_) TakeIntroduced();
  const bool more = (stalled_.on() || around_.tape.HasRoom()) && TakeInput();
  WakeEager();
  MarkWindows();
  around_.paper.Submit();
  return more;
}

// True when more waits.
bool FloorAgent::TakeInput() {
  const auto since = waiting_.Take();
  const bool trading = !stalled_.on();
  if (time_is_wall_) HoldSessions(clock_.Wall());
  size_t taken = ApplyPublished();
  const size_t served = trading ? ServeRequests() : 0;
  while (taken < kEventsPerTurn && around_.paper.gathered() < kRecordsPerSubmission) {
    auto event = held_ ? std::exchange(held_, std::nullopt) : queue_.Pop();
    if (!event) break;
    // A book cannot be merged: the source waits.
    if (!trading && std::holds_alternative<model::BookUpdate>(event->what)) {
      held_ = std::move(event);
      break;
    }
    Apply(*event);
    ++taken;
  }
  events_.Add(taken);
  if (taken > 0) {
    space_.Signal();
    const base::MonoTime now = clock_.Mono();
    if (since) stage_.Observe(now - *since);
    newest_event_ns_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    floor_time_ns_.store(newest_.time_since_epoch().count(), std::memory_order_relaxed);
  }
  return taken >= kEventsPerTurn || served >= kRequestsPerTurn ||
         around_.paper.gathered() >= kRecordsPerSubmission;
}

void FloorAgent::Wait() {
  const auto now = WindowTime();
  const auto next = base::WallTime{} + hub::kWindowUnit * static_cast<int64_t>(tick_ + 1);
  if (next <= now) return;
  // What waits has been signalled already.
  const bool room = around_.tape.HasRoom();
  work_.WaitFor(room ? next - now : std::min<std::chrono::nanoseconds>(next - now, kNoRoomPause));
}

const floor::QuoteBoard& FloorAgent::quotes() const {
  return stalled_.on() ? stalled_.quotes() : trading_.quotes();
}

bool FloorAgent::TakeQuote(base::WallTime time, const model::QuoteUpdate& update) {
  return stalled_.on() ? stalled_.OnQuote(time, update) : trading_.OnQuote(time, update);
}

void FloorAgent::TakeTrade(base::WallTime time, const model::TradeTick& trade) {
  if (stalled_.on()) return stalled_.OnTrade(time, trade);
  trading_.OnTrade(time, trade);
}

void FloorAgent::TakeVolume(base::WallTime time, model::InstrumentId instrument,
                            base::Quantity volume) {
  if (stalled_.on()) return stalled_.OnVolume(time, instrument, volume);
  trading_.OnVolume(time, instrument, volume);
}

void FloorAgent::EmitAll() {
  for (uint32_t i = 0; i < keys_.size(); ++i) Emit(model::InstrumentId(i), false);
}

// All that is there: it is bounded by what may be reserved.
size_t FloorAgent::ApplyPublished() {
  published_.PopAll(arrived_);
  size_t count = 0;
  for (Published& one : arrived_) {
    for (const model::PublishedTick& tick : one.ticks) Apply(tick);
    count += one.ticks.size();
    one.taken();
  }
  arrived_.clear();
  reserved_.fetch_sub(count);
  return count;
}

model::InstrumentId FloorAgent::AddInstrument(model::Instrument instrument) {
  keys_.push_back(api::QuoteKey(instrument.symbol));
  last_.emplace_back();
  traded_at_.emplace_back();
  taken_over_.push_back(false);
  listed_.push_back(false);
  booked_.push_back(false);
  around_.paper.AddInstrument(instrument);
  if (stalled_.on()) stalled_.AddInstrument();
  const auto id = instruments_.Add(std::move(instrument));
  LT_ASSERT(id.value() + 1 == keys_.size(), "instrument {} of {}", id.value(), keys_.size());
  return id;
}

std::future<void> FloorAgent::Introduce(model::Instrument instrument) {
  Introduced introduced{.instrument = std::move(instrument), .known = {}};
  std::future<void> known = introduced.known.get_future();
  {
    const std::scoped_lock lock(introduced_mutex_);
    introduced_.push_back(std::move(introduced));
  }
  any_introduced_ = true;
  work_.Signal();
  return known;
}

void FloorAgent::TakeIntroduced() {
  any_introduced_ = false;
  std::vector<Introduced> introduced;
  {
    const std::scoped_lock lock(introduced_mutex_);
    introduced.swap(introduced_);
  }
  for (auto& [instrument, known] : introduced) {
    if (instruments_.size() < kInstrumentsMax) {
      Recall(std::move(instrument));
    } else if (!instruments_.Find(instrument)) {
      beyond_.Add();
    }
    known.set_value();
  }
}

model::InstrumentId FloorAgent::Recall(model::Instrument instrument) {
  const auto known = instruments_.Find(instrument);
  return known ? known->id : AddInstrument(std::move(instrument));
}

void FloorAgent::RestoreQuote(model::InstrumentId instrument, const model::Quote& quote) {
  trading_.RestoreQuote(instrument, quote);
  // A recording tells again what was before.
  if (time_is_wall_) last_[instrument.value()] = quote.time;
  Emit(instrument, false);  // orders are filled at it: all shall see it, and how old it is
}

void FloorAgent::BeginAt(base::WallTime first) {
  newest_ = std::max(newest_, first);
  floor_time_ns_.store(newest_.time_since_epoch().count(), std::memory_order_relaxed);
}

void FloorAgent::List(model::Instrument instrument) {
  // A program may have published it before, by another spelling of its name perhaps, or an account
  // has held it since before the start.
  const auto known = instruments_.Find(instrument);
  const bool ours = known && !listed_[known->id.value()];
  const auto id = ours ? known->id : AddInstrument(std::move(instrument));
  if (!taken_over_[id.value()]) listed_[id.value()] = true;
  of_source_.push_back(id);
}

std::optional<model::InstrumentId> FloorAgent::Own(model::InstrumentId of_source) {
  LT_ASSERT(of_source.value() < of_source_.size(), "instrument {}", of_source.value());
  const auto id = of_source_[of_source.value()];
  if (!taken_over_[id.value()]) return id;
  passed_over_.Add();
  return std::nullopt;
}

void FloorAgent::Apply(model::MarketEvent& event) {
  if (auto* listed = std::get_if<model::InstrumentListed>(&event.what)) {
    return List(std::move(listed->instrument));
  }
  if (auto* history = std::get_if<model::BarHistory>(&event.what)) {
    const auto id = Own(history->instrument);
    if (!id) return;
    history->instrument = *id;
    if (has_bars_ && has_bars_(instruments_.At(*id), history->timeframe)) return;
    bars_.Load(*history);
    return GiveCloses(*history);
  }
  HoldSessions(event.time);
  newest_ = std::max(newest_, event.time);
  if (auto* book = std::get_if<model::BookUpdate>(&event.what)) {
    const auto id = Own(book->instrument);
    if (!id) return;
    book->instrument = *id;
    booked_[id->value()] = true;
    return trading_.OnBook(event.time, *book);
  }
  if (auto* update = std::get_if<model::QuoteUpdate>(&event.what)) {
    const auto id = Own(update->instrument);
    if (!id) return;
    update->instrument = *id;
    last_[id->value()] = event.time;
    const bool price_is_new = TakeQuote(event.time, *update);
    if (price_is_new) bars_.AddMid(*id, event.time, quotes().Find(*id)->price);
    return Emit(*id, !price_is_new);
  }
  auto& trade = std::get<model::TradeTick>(event.what);
  const auto id = Own(trade.instrument);
  if (!id) return;
  trade.instrument = *id;
  // As a published one: late in the rows of a file, it is no news.
  if (event.time < traded_at_[id->value()]) {
    late_.Add();
    return bars_.AddTrade(*id, event.time, trade.price, trade.size);
  }
  traded_at_[id->value()] = last_[id->value()] = event.time;
  TakeTrade(event.time, trade);
  bars_.AddTrade(*id, event.time, trade.price, trade.size);
  Emit(*id, false);
}

// Daily closes for the figures of risk, where nothing better is known. The last bar's day may go on.
void FloorAgent::GiveCloses(const model::BarHistory& history) {
  if (history.timeframe != model::Timeframe::k1d) return;
  if (trading_.KnowsDailyCloses(history.instrument)) return;
  const std::vector<floor::DailyClose> closes =
      floor::ClosesOf(history.bars, floor::DayOf(std::max(Now(), newest_)));
  trading_.OnDailyCloses(history.instrument, closes);
}

// The instrument of a published tick, made if it is new; nothing when there are too many.
std::optional<model::InstrumentId> FloorAgent::TakeOver(const model::PublishedTick& tick) {
  const auto known = published_symbols_.find(tick.symbol);
  if (known != published_symbols_.end()) return known->second;
  model::InstrumentId id;
  const auto asset_class = tick.asset_class.value_or(model::AssetClass::kCrypto);
  if (const auto found = instruments_.Find(model::Instrument{tick.symbol, asset_class})) {
    id = found->id;
  } else if (instruments_.size() >= kInstrumentsMax) {
    beyond_.Add();
    return std::nullopt;
  } else {
    id = AddInstrument({tick.symbol, asset_class});
  }
  taken_over_[id.value()] = true;
  if (booked_[id.value()]) books_to_end_.push_back(id);
  booked_[id.value()] = false;
  if (!stalled_.on()) EndBooks();
  published_symbols_.emplace(tick.symbol, id);
  return id;
}

// The days of published symbols roll with everyone's: a tick's own time rolls none.
void FloorAgent::Apply(const model::PublishedTick& tick) {
  const auto id = TakeOver(tick);
  if (!id) return;
  base::WallTime& last = last_[id->value()];
  // One without a time is the newest there is, whatever clocks say.
  const base::WallTime time = tick.time.value_or(std::max(Now(), last));
  if (time < last) {
    late_.Add();
    if (tick.price) bars_.AddTrade(*id, time, *tick.price, tick.size.value_or(base::Quantity()));
    return;
  }
  last = time;
  // A program whose clock is fast does not move the floor's.
  const base::WallTime floor_time = std::min(time, Now());
  bool minor = true;
  if (tick.bid) {
    const model::QuoteUpdate quote{*id, *tick.bid, *tick.ask,
                                   tick.bid_size.value_or(base::Quantity()),
                                   tick.ask_size.value_or(base::Quantity())};
    if (TakeQuote(floor_time, quote)) {
      bars_.AddMid(*id, time, quotes().Find(*id)->price);
      minor = false;
    }
  }
  if (tick.price) {
    const model::TradeTick trade{*id, *tick.price, tick.size.value_or(base::Quantity())};
    TakeTrade(floor_time, trade);
    bars_.AddTrade(*id, time, trade.price, trade.size);
    minor = false;
  }
  if (tick.volume) TakeVolume(floor_time, *id, *tick.volume);
  Emit(*id, minor);
}

void FloorAgent::Emit(model::InstrumentId instrument, bool minor) {
  const model::Quote* const quote = quotes().Find(instrument);
  if (quote == nullptr) return;  // no price yet
  const base::SharedBytes value = api::EncodeQuote(*quote);
  ++version_;
  for (const Outlet& outlet : outlets_) {
    outlet.inbox->Put({keys_[instrument.value()], value, version_, 0, minor});
  }
  fresh_ = true;
  around_.paper.NoteQuote();
}

// Follows the wall clock forward, never back.
base::WallTime FloorAgent::WindowTime() {
  const base::WallTime wall = clock_.Wall();
  const base::MonoTime mono = clock_.Mono();
  const base::WallTime steady = wall_start_ + (mono - mono_start_);
  if (wall <= steady + hub::kWindowUnit) return steady;
  wall_start_ = wall;
  mono_start_ = mono;
  return wall;
}

// One clock cuts the windows of all shards, so that two screens never show different prices for
// the same instant.
void FloorAgent::MarkWindows() {
  const uint64_t tick = TickOf(WindowTime());
  if (tick <= tick_) return;
  const auto now = clock_.Wall();
  const bool second = tick / kTicksPerSecond > tick_ / kTicksPerSecond;
  EndWindow(tick, second);
  if (second && tick / kTicksPerSecond % kSecondsPerTelling == 0) bars_.TellOpen(Now() - kLateFor);
  tick_ = tick;
  // The wall's second, which may be a hair before the steady clock's.
  const auto shown = std::chrono::round<std::chrono::seconds>(now);
  ++version_;
  for (const Outlet& outlet : outlets_) {
    if (second) {
      outlet.inbox->Put({clock_key_, api::EncodeTime(shown), version_, 0, false});
    }
    outlet.inbox->Mark({tick});
    outlet.shard->Wake();
  }
  fresh_ = false;
}

// What accounts are worth now. While the tape has no room it is told later.
void FloorAgent::EndWindow(uint64_t tick, bool second) {
  if (!around_.tape.HasRoom()) return;
  const base::WallTime now = Now();
  around_.paper.EndWindow(now, tick / kTicksPerDashboard > tick_ / kTicksPerDashboard);
  if (second) around_.paper.Checkpoint(now);
}

void FloorAgent::WakeEager() {
  if (!fresh_) return;
  for (const Outlet& outlet : outlets_) {
    if (outlet.shard->eager() || outlet.inbox->depth() > outlet.inbox->capacity() / 2) {
      outlet.shard->Wake();
    }
  }
  fresh_ = false;
}

}  // namespace livetape::app
