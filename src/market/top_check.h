#pragma once

// TopCheck: compares a rebuilt book with what the exchange says its best prices are.
// One thread owns it.
//
// The book after a diff that ends at id u must have the top of the newest bookTicker with id <= u.
// Tickers run ahead of diffs, so the newer ones wait here, at most kTickersMax of them.

#include <cstddef>
#include <cstdint>
#include <deque>

#include "market/order_book.h"

namespace livetape::market {

inline constexpr size_t kTickersMax = 65'536;

class TopCheck {
 public:
  void AddTicker(uint64_t id, const BookTop& top);
  // Counts nothing when no ticker is old enough.
  void Compare(uint64_t id, const OrderBook& book);

  uint64_t compared() const { return compared_; }
  uint64_t equal() const { return equal_; }

 private:
  struct Ticker {
    uint64_t id;
    BookTop top;
  };
  std::deque<Ticker> tickers_;  // ids ascending
  uint64_t compared_ = 0;
  uint64_t equal_ = 0;
};

}  // namespace livetape::market
