#pragma once

// Batch: what the store takes at once. A plain value.

#include <cstdint>
#include <vector>

#include "store/bar_rows.h"
#include "store/rows.h"

namespace livetape::store {

struct Batch {
  uint64_t through = 0;            // the last record of the tape whose effect is in it
  std::vector<OrderRow> orders{};  // the last of an id counts
  std::vector<FillRow> fills{};
  std::vector<EquityPoint> points{};
  std::vector<AccountRow> accounts{};  // snapshots; the newest of each account is kept
  // With them the store has a snapshot of every account that records up to this one have changed;
  // 0: that is not said.
  uint64_t checkpoint = 0;
  std::vector<QuoteRow> quotes{};  // likewise
  std::vector<BarRows> bars{};     // in this order, none of them empty
  // With all that was written before it is on disk before the write returns, so that a crash of the
  // machine leaves it there. A checkpoint always is.
  bool sync = false;
};

}  // namespace livetape::store
