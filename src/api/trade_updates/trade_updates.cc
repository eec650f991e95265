#include "api/trade_updates/trade_updates.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "api/alpaca/alpaca_error.h"
#include "base/assert.h"
#include "http/address_key.h"
#include "http/websocket_handshake.h"

namespace livetape::api {
namespace {

constexpr int kCodeTooManyRequests = 42910000;
constexpr std::chrono::seconds kSweepPeriod{1};

}  // namespace

struct TradeUpdates::Place {
  Place(const Loop& loop, const AccountAccess& access, const base::Clock& clock,
        TradeSockets::Door door)
      : mailbox(loop.mailbox), sockets(loop.loop.websockets(), access, clock, std::move(door)) {}

  Mailbox& mailbox;
  TradeSockets sockets;             // the loop's
  std::atomic<size_t> waiting = 0;  // records in the mailbox
  // Records have been dropped, and the sockets do not know it yet.
  std::atomic<bool> overrun = false;
};

TradeUpdates::TradeUpdates(const Surroundings& surroundings, const std::vector<Loop>& loops)
    : limiter_(surroundings.limiter), head_(surroundings.head) {
  for (const Loop& loop : loops) {
    places_.push_back(std::make_unique<Place>(loop, surroundings.access, surroundings.clock,
                                              DoorOf(places_.size())));
    loop.loop.Every(kSweepPeriod, [&sockets = places_.back()->sockets] { sockets.Sweep(); });
  }
}

TradeUpdates::~TradeUpdates() = default;

TradeSockets::Door TradeUpdates::DoorOf(size_t loop) {
  TradeSockets::Door door;
  door.open = [this, loop](const std::string& account) {
    {
      const std::scoped_lock lock(mutex_);
      std::vector<size_t>& counts = listeners_of_[account];
      counts.resize(places_.size());
      ++counts[loop];
    }
    // Either Follow's later change of the same number sees this one, or this one sees it, and with it
    // the head that tells of its records.
    listeners_.fetch_add(1, std::memory_order_acq_rel);
    return head_();
  };
  door.close = [this, loop](const std::string& account) {
    listeners_.fetch_sub(1, std::memory_order_relaxed);
    const std::scoped_lock lock(mutex_);
    const auto at = listeners_of_.find(account);
    LT_ASSERT(at != listeners_of_.end() && at->second[loop] > 0, "{}", account);
    --at->second[loop];
    if (std::ranges::all_of(at->second, [](size_t count) { return count == 0; })) {
      listeners_of_.erase(at);
    }
  };
  return door;
}

std::optional<http::Reply> TradeUpdates::Answer(const http::Request& request, size_t loop) {
  if (!http::AsksForWebSocket(request)) return std::nullopt;
  auto ticket = limiter_.Acquire(http::AddressKey(request.peer));
  if (!ticket) {
    http::Response refusal =
        AlpacaError(429, kCodeTooManyRequests, "too many open streams from here; close one first");
    refusal.headers.Add("Retry-After", "30");
    return refusal;
  }
  TradeSockets& sockets = places_.at(loop)->sockets;
  // It is counted as long as the socket is there, which keeps this function.
  return http::WebSocketStart{
      .observer = &sockets,
      .opened = [&sockets, ticket](http::WebSocketId socket) { sockets.OnOpened(socket); }};
}

void TradeUpdates::Follow(std::span<const tape::RecordRef> records) {
  if (listeners_.fetch_add(0, std::memory_order_acq_rel) == 0) return;
  std::vector<std::vector<tape::RecordRef>> batches(places_.size());
  {
    const std::scoped_lock lock(mutex_);
    for (const tape::RecordRef& record : records) {
      if (record->kind != tape::RecordKind::kOrderEvent) continue;
      const auto at = listeners_of_.find(AccountOfTopic(record->topic));
      if (at == listeners_of_.end()) continue;
      for (size_t i = 0; i < places_.size(); ++i) {
        if (at->second[i] > 0) batches[i].push_back(record);
      }
    }
  }
  for (size_t i = 0; i < places_.size(); ++i) {
    if (!batches[i].empty()) Hand(*places_[i], std::move(batches[i]));
  }
}

void TradeUpdates::Hand(Place& place, std::vector<tape::RecordRef> records) {
  if (place.overrun.load(std::memory_order_acquire)) return;
  const size_t count = records.size();
  if (place.waiting.load(std::memory_order_relaxed) + count > kRecordsWaitingMax) {
    place.overrun.store(true, std::memory_order_release);
    return place.mailbox.Put([&place] {
      place.sockets.CloseListeners();
      place.overrun.store(false, std::memory_order_release);
    });
  }
  place.waiting.fetch_add(count, std::memory_order_relaxed);
  place.mailbox.Put([&place, records = std::move(records)] {
    place.sockets.Deliver(records);
    place.waiting.fetch_sub(records.size(), std::memory_order_relaxed);
  });
}

}  // namespace livetape::api
