#pragma once

// TradeUpdates: Alpaca's WebSocket /stream (API section 9). It hands the order events that the tape
// commits to the loops whose sockets listen to their accounts.
//
// Made before the loops start. Follow belongs to the tape's thread; Answer to the loop that it names.
//
// Invariants:
//  1. A socket is sent the records that are committed after its `listen` was answered, each once, in
//     order; or it is closed with 1013.
//  2. At most kRecordsWaitingMax records wait for a loop. Over that they are dropped, and the loop
//     closes its listeners.

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/paper/account_access.h"
#include "api/publishing/mailbox.h"
#include "api/streams/stream_limiter.h"
#include "api/trade_updates/trade_sockets.h"
#include "base/clock.h"
#include "http/router.h"
#include "http/server.h"
#include "tape/record.h"

namespace livetape::api {

class TradeUpdates {
 public:
  static constexpr size_t kRecordsWaitingMax = 65'536;

  // The references outlive it.
  struct Surroundings {
    const AccountAccess& access;
    StreamLimiter& limiter;
    const base::Clock& clock;
    std::function<uint64_t()> head;  // of the tape; any thread
  };
  // An event loop, and where its work from other threads goes.
  struct Loop {
    http::EventLoop& loop;
    Mailbox& mailbox;
  };
  TradeUpdates(const Surroundings& surroundings, const std::vector<Loop>& loops);
  ~TradeUpdates();
  TradeUpdates(const TradeUpdates&) = delete;
  TradeUpdates& operator=(const TradeUpdates&) = delete;

  // The answer to a request that asks for a WebSocket; nothing to others. A key comes over the
  // socket: the request needs no token.
  std::optional<http::Reply> Answer(const http::Request& request, size_t loop);

  // The tape's thread: for each committed group, after it is in the ring.
  void Follow(std::span<const tape::RecordRef> records);

 private:
  struct Place;

  TradeSockets::Door DoorOf(size_t loop);
  void Hand(Place& place, std::vector<tape::RecordRef> records);

  StreamLimiter& limiter_;
  const std::function<uint64_t()> head_;
  std::vector<std::unique_ptr<Place>> places_;  // by loop

  std::atomic<size_t> listeners_ = 0;
  std::mutex mutex_;
  // How many listen on each loop, by account; an account without any is not there.
  std::map<std::string, std::vector<size_t>, std::less<>> listeners_of_;
};

}  // namespace livetape::api
