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
constexpr uint64_t kTicksPerSecond = std::chrono::seconds(1) / hub::kWindowUnit;

uint64_t TickOf(base::WallTime time) {
  return static_cast<uint64_t>(time.time_since_epoch() / hub::kWindowUnit);
}

}  // namespace

FloorAgent::FloorAgent(bool time_is_wall, market::Instruments& instruments,
                       market::BarHistory& bars, const std::vector<hub::Shard*>& shards,
                       const base::Clock& clock, metrics::Registry& metrics)
    : time_is_wall_(time_is_wall),
      instruments_(instruments),
      bars_(bars),
      clock_(clock),
      queue_(kQueueEvents),
      published_(kPublishedTicks),
      clock_key_(api::ClockKey()),
      wall_start_(clock.Wall()),
      mono_start_(clock.Mono()),
      tick_(TickOf(wall_start_)),
      events_(metrics.AddCounter("livetape_floor_events_total", "Market events taken.")),
      late_(metrics.AddCounter("livetape_floor_late_ticks_total",
                               "Published ticks older than the symbol's last.")),
      passed_over_(
          metrics.AddCounter("livetape_floor_source_events_passed_over_total",
                             "Events of the source for symbols that are published by programs.")),
      beyond_(metrics.AddCounter("livetape_floor_ticks_beyond_limit_total",
                                 "Published ticks for more symbols than there may be.")) {
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
  work_.Signal();
}

bool FloorAgent::HasRoomFor(std::string_view symbol) const {
  return instruments_.size() < kInstrumentsMax || instruments_.Find(symbol).has_value();
}

std::optional<std::chrono::nanoseconds> FloorAgent::FeedAge() const {
  const int64_t newest = newest_event_ns_.load(std::memory_order_relaxed);
  if (newest == 0) return std::nullopt;
  return clock_.Mono().time_since_epoch() - std::chrono::nanoseconds(newest);
}

bool FloorAgent::DoWork() {
  size_t taken = ApplyPublished();
  while (taken < kEventsPerTurn) {
    auto event = queue_.Pop();
    if (!event) break;
    Apply(*event);
    ++taken;
  }
  events_.Add(taken);
  if (taken > 0) {
    space_.Signal();
    newest_event_ns_.store(clock_.Mono().time_since_epoch().count(), std::memory_order_relaxed);
  }
  WakeEager();
  MarkWindows();
  return taken >= kEventsPerTurn;
}

void FloorAgent::Wait() {
  const auto now = WindowTime();
  const auto next = base::WallTime{} + hub::kWindowUnit * static_cast<int64_t>(tick_ + 1);
  if (next > now) work_.WaitFor(next - now);
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
  const auto id = board_.Add();
  keys_.push_back(api::QuoteKey(instrument.symbol));
  last_.emplace_back();
  taken_over_.push_back(false);
  const auto same = instruments_.Add(std::move(instrument));
  LT_ASSERT(same == id, "instrument {} and {}", same.value(), id.value());
  return id;
}

void FloorAgent::List(model::Instrument instrument) {
  // A program may have published it before, by another spelling of its name perhaps.
  const auto known = instruments_.Find(instrument.symbol);
  const bool published = known && taken_over_[known->id.value()];
  of_source_.push_back(published ? known->id : AddInstrument(std::move(instrument)));
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
    return bars_.Load(*history);
  }
  if (board_.RollTo(event.time)) {
    for (uint32_t i = 0; i < board_.size(); ++i) Emit(model::InstrumentId(i), false);
  }
  if (auto* update = std::get_if<model::QuoteUpdate>(&event.what)) {
    const auto id = Own(update->instrument);
    if (!id) return;
    update->instrument = *id;
    last_[id->value()] = event.time;
    const bool price_is_new = board_.Apply(event.time, *update);
    if (price_is_new) bars_.AddMid(*id, event.time, board_.Find(*id)->price);
    return Emit(*id, !price_is_new);
  }
  auto& trade = std::get<model::TradeTick>(event.what);
  const auto id = Own(trade.instrument);
  if (!id) return;
  trade.instrument = *id;
  last_[id->value()] = event.time;
  board_.Apply(event.time, trade);
  bars_.AddTrade(*id, event.time, trade.price, trade.size);
  Emit(*id, false);
}

// The instrument of a published tick, made if it is new; nothing when there are too many.
std::optional<model::InstrumentId> FloorAgent::TakeOver(const model::PublishedTick& tick) {
  const auto known = published_symbols_.find(tick.symbol);
  if (known != published_symbols_.end()) return known->second;
  model::InstrumentId id;
  if (const auto found = instruments_.Find(tick.symbol)) {
    id = found->id;
  } else if (instruments_.size() >= kInstrumentsMax) {
    beyond_.Add();
    return std::nullopt;
  } else {
    id = AddInstrument({tick.symbol, tick.asset_class.value_or(model::AssetClass::kCrypto)});
  }
  taken_over_[id.value()] = true;
  published_symbols_.emplace(tick.symbol, id);
  return id;
}

// The days of published symbols roll with everyone's: a tick's own time rolls none.
void FloorAgent::Apply(const model::PublishedTick& tick) {
  const auto id = TakeOver(tick);
  if (!id) return;
  base::WallTime& last = last_[id->value()];
  // One without a time is the newest there is, whatever clocks say.
  const base::WallTime time = tick.time.value_or(std::max(clock_.Wall(), last));
  if (time < last) {
    late_.Add();
    if (tick.price) bars_.AddTrade(*id, time, *tick.price, tick.size.value_or(base::Quantity()));
    return;
  }
  last = time;
  bool minor = true;
  if (tick.bid) {
    const model::QuoteUpdate quote{*id, *tick.bid, *tick.ask,
                                   tick.bid_size.value_or(base::Quantity()),
                                   tick.ask_size.value_or(base::Quantity())};
    if (board_.Apply(time, quote)) {
      bars_.AddMid(*id, time, board_.Find(*id)->price);
      minor = false;
    }
  }
  if (tick.price) {
    const model::TradeTick trade{*id, *tick.price, tick.size.value_or(base::Quantity())};
    board_.Apply(time, trade);
    bars_.AddTrade(*id, time, trade.price, trade.size);
    minor = false;
  }
  if (tick.volume) board_.SetVolume(time, *id, *tick.volume);
  Emit(*id, minor);
}

void FloorAgent::Emit(model::InstrumentId instrument, bool minor) {
  const model::Quote* const quote = board_.Find(instrument);
  if (quote == nullptr) return;  // no price yet
  const base::SharedBytes value = api::EncodeQuote(*quote);
  ++version_;
  for (const Outlet& outlet : outlets_) {
    outlet.inbox->Put({keys_[instrument.value()], value, version_, 0, minor});
  }
  fresh_ = true;
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
  if (time_is_wall_ && board_.RollTo(now)) {
    for (uint32_t i = 0; i < board_.size(); ++i) Emit(model::InstrumentId(i), false);
  }
  const bool second = tick / kTicksPerSecond > tick_ / kTicksPerSecond;
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
