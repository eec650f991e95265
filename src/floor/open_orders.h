#pragma once

// OpenOrders: the open orders of all accounts, by id and by account. Part of the deterministic core;
// owned by the TradingFloor. An order has one address for as long as it is open.
//
// Invariant: the orders of an account are linked in the order of their ids.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/order.h"

namespace livetape::floor {

// Where an open order stands and waits.
enum class Line : uint8_t {
  kNowhere,    // a held leg, or on its way
  kBuyLimits,  // queues of its Market
  kSellLimits,
  kBuyStops,
  kSellStops,
  kMarkets,   // the rest of a market order, until the book changes
  kSession,   // for the first quote of a session
  kOpenings,  // opg
  kClosings,  // cls
};
inline constexpr size_t kLines = 9;

struct OpenOrder {
  model::Order order;
  // What its account has reserved and holds for it now.
  base::Amount reserved;
  base::Quantity held;
  Line line = Line::kNowhere;
  int64_t key = 0;        // in that queue
  bool trails = false;    // it also stands in one of the queues of trailing stops
  int64_t trail_key = 0;  // in that
  OpenOrder *before = nullptr, *after = nullptr;  // of the same account
};

// Its memory will be needed soon.
inline void Prefetch(const OpenOrder& order) {
  constexpr size_t kLineBytes = 64;
  const char* const begin = reinterpret_cast<const char*>(&order);
  for (size_t at = 0; at < sizeof(OpenOrder); at += kLineBytes) __builtin_prefetch(begin + at);
}

// Open orders of one account, the oldest first.
struct OrderList {
  OpenOrder *first = nullptr, *last = nullptr;
  size_t size = 0;
};

class OpenOrders {
 public:
  // A copy of `order`, whose id is not here yet.
  OpenOrder& Add(const model::Order& order, OrderList& account);
  void Remove(OpenOrder& order, OrderList& account);
  OpenOrder* Find(model::OrderId id) const;  // nullptr: not open
  size_t size() const { return size_; }

 private:
  static constexpr size_t kBlockMin = 8, kBlockMax = 256;
  static constexpr size_t kLine = 4;
  struct Slot {
    uint64_t id = 0;  // 0: empty
    OpenOrder* order = nullptr;
  };
  // Neighbours in a line of the cache are neighbours by id: those come and go together.
  size_t Home(uint64_t id) const {
    return ((((id / kLine) * 0x9e3779b97f4a7c15U) >> shift_) * kLine) | (id % kLine);
  }
  void Index(uint64_t id, OpenOrder* order);
  void Unindex(uint64_t id);
  void Grow();

  std::vector<std::unique_ptr<OpenOrder[]>> blocks_;
  std::vector<OpenOrder*> free_;
  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
  int shift_ = 64;
  size_t size_ = 0;
};

}  // namespace livetape::floor
