#pragma once

// ModelMarket: what the rules of trading make of one instrument's quotes, trades, book, bars and
// sessions (docs/trading.md). On its own, as ModelLedger. For tests; one thread uses it.

#include <cstdint>
#include <map>
#include <utility>

#include "base/clock.h"
#include "floor/model_ledger.h"
#include "floor/trading_floor.h"
#include "model/book_level.h"
#include "model/instrument.h"

namespace livetape::floor {

// One side of a book: sizes by price, and what accounts have taken of them.
struct ModelDepth {
  bool best_is_lowest = true;
  std::map<int64_t, int64_t> levels;
  std::map<std::pair<int64_t, uint32_t>, int64_t> taken;  // by price and account

  void Set(int64_t price, int64_t size) {
    const auto known = levels.find(price);
    if (known != levels.end() && known->second == size) return;
    std::erase_if(taken, [price](const auto& entry) { return entry.first.first == price; });
    if (size == 0) {
      levels.erase(price);
    } else {
      levels[price] = size;
    }
  }
  void Replace(const std::map<int64_t, int64_t>& next) {
    const std::map<int64_t, int64_t> before = levels;
    for (const auto& [price, size] : before) {
      if (!next.contains(price)) Set(price, 0);
    }
    for (const auto& [price, size] : next) Set(price, size);
  }
  int64_t Left(uint32_t account, int64_t price) const {
    const auto level = levels.find(price);
    if (level == levels.end()) return 0;
    const auto used = taken.find({price, account});
    return level->second - (used == taken.end() ? 0 : used->second);
  }
  // Is anything left for the account at or better than `limit`, or strictly better than it?
  bool Offers(uint32_t account, int64_t limit, bool strictly = false) const {
    for (const auto& [price, size] : levels) {
      const bool better = best_is_lowest ? price < limit : price > limit;
      if ((better || (!strictly && price == limit)) && Left(account, price) > 0) return true;
    }
    return false;
  }
  // 1 is the best; 0: there is no such level.
  uint32_t NumberOf(int64_t wanted) const {
    if (!levels.contains(wanted)) return 0;
    uint32_t number = 1;
    for (const auto& [price, size] : levels) {
      number += (best_is_lowest ? price < wanted : price > wanted) ? 1U : 0U;
    }
    return number;
  }
};

struct ModelMarket {
  model::AssetClass asset_class = model::AssetClass::kUsEquity;
  bool bound = false;  // to sessions
  bool open = true, begins = false;
  bool quoted = false, traded = false, by_bars = false;
  int64_t bid = 0, ask = 0, price = 0;
  int64_t low = 0, high = 0;  // of what the last message went through
  base::WallTime opened;
  ModelDepth bids{false, {}, {}}, asks{true, {}, {}};

  bool known() const { return quoted || traded; }
  // What an order of `side` trades against if depth limits it.
  ModelDepth* DepthFor(model::Side side) {
    ModelDepth& depth = side == model::Side::kBuy ? asks : bids;
    return depth.levels.size() >= 2 && !by_bars ? &depth : nullptr;
  }
  int64_t Opposing(model::Side side) const { return side == model::Side::kBuy ? ask : bid; }

  void Quote(int64_t new_bid, int64_t new_ask) {
    bid = new_bid;
    ask = new_ask;
    quoted = true;
    if (!traded) price = static_cast<int64_t>(ModelDivide(Int128{bid} + ask, 2));
    Told(false);
  }
  void Trade(int64_t at) {
    if (!quoted || at < bid || at > ask) bid = ask = at;
    price = at;
    traded = true;
    Told(false);
  }
  void Book(const model::BookUpdate& update) {
    Apply(bids, update.bids, update.snapshot);
    Apply(asks, update.asks, update.snapshot);
    if (known()) Told(false);
    by_bars = false;
  }
  void Bar(int64_t bar_low, int64_t bar_high, int64_t close) {
    bid = ask = price = close;
    quoted = traded = true;
    Told(true);
    low = bar_low;
    high = bar_high;
  }
  void Session(SessionEvent event, base::WallTime time) {
    if (bound && event == SessionEvent::kOpen && !open) Begin(time);
    if (bound && event == SessionEvent::kClose) open = begins = false;
    if (!bound && event == SessionEvent::kDayRoll) Begin(time);
  }

 private:
  void Begin(base::WallTime time) {
    begins = true;
    opened = time;
  }
  void Told(bool bars) {
    by_bars = bars;
    low = high = price;
    if (begins) open = true;
    begins = false;
  }
  static void Apply(ModelDepth& depth, const std::vector<model::BookLevel>& levels, bool snapshot) {
    if (!snapshot) {
      for (const model::BookLevel& level : levels) {
        depth.Set(level.price.units(), level.quantity.units());
      }
      return;
    }
    std::map<int64_t, int64_t> next;
    for (const model::BookLevel& level : levels) {
      next[level.price.units()] = level.quantity.units();
    }
    std::erase_if(next, [](const auto& level) { return level.second == 0; });
    depth.Replace(next);
  }
};

}  // namespace livetape::floor
