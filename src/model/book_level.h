#pragma once

// BookUpdate: levels of an order book that have changed.

#include <vector>

#include "base/decimal.h"
#include "model/instrument.h"

namespace livetape::model {

// Price and size of one level; a quantity of 0 takes it away.
struct BookLevel {
  base::Price price;
  base::Quantity quantity;
  friend bool operator==(const BookLevel&, const BookLevel&) = default;
};

struct BookUpdate {
  InstrumentId instrument;
  bool snapshot = false;  // these levels are the whole book
  std::vector<BookLevel> bids, asks;
};

}  // namespace livetape::model
