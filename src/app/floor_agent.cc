#include "app/floor_agent.h"

#include "api/market_topics.h"
#include "api/quote_json.h"
#include "base/assert.h"

namespace livetape::app {
namespace {

constexpr size_t kQueueEvents = 65536;
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
      clock_key_(api::ClockKey()),
      wall_start_(clock.Wall()),
      mono_start_(clock.Mono()),
      tick_(TickOf(wall_start_)),
      events_(metrics.AddCounter("livetape_floor_events_total", "Market events taken.")) {
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

bool FloorAgent::DoWork() {
  size_t taken = 0;
  while (taken < kEventsPerTurn) {
    auto event = queue_.Pop();
    if (!event) break;
    Apply(*event);
    ++taken;
  }
  events_.Add(taken);
  if (taken > 0) space_.Signal();
  WakeEager();
  MarkWindows();
  return taken == kEventsPerTurn;
}

void FloorAgent::Wait() {
  const auto now = WindowTime();
  const auto next = base::WallTime{} + hub::kWindowUnit * static_cast<int64_t>(tick_ + 1);
  if (next > now) work_.WaitFor(next - now);
}

void FloorAgent::Apply(model::MarketEvent& event) {
  if (auto* listed = std::get_if<model::InstrumentListed>(&event.what)) {
    const auto id = board_.Add();
    keys_.push_back(api::QuoteKey(listed->instrument.symbol));
    const auto same = instruments_.Add(std::move(listed->instrument));
    LT_ASSERT(same == id, "instrument {} and {}", same.value(), id.value());
    return;
  }
  if (auto* history = std::get_if<model::BarHistory>(&event.what)) {
    bars_.Load(*history);
    return;
  }
  if (board_.RollTo(event.time)) {
    for (uint32_t i = 0; i < board_.size(); ++i) Emit(model::InstrumentId(i), false);
  }
  if (const auto* update = std::get_if<model::QuoteUpdate>(&event.what)) {
    const bool price_is_new = board_.Apply(event.time, *update);
    if (price_is_new) {
      bars_.AddMid(update->instrument, event.time, board_.Find(update->instrument)->price);
    }
    Emit(update->instrument, !price_is_new);
    return;
  }
  const auto& trade = std::get<model::TradeTick>(event.what);
  board_.Apply(event.time, trade);
  bars_.AddTrade(trade.instrument, event.time, trade.price, trade.size);
  Emit(trade.instrument, false);
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
