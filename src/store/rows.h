#pragma once

// Rows of the store: the books of paper trading as they are kept for queries (store.db). Plain
// values; money as Amounts, times as floor time.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "model/order.h"

namespace livetape::store {

// The newest form of an order. Of an id, only `seq`, `parent`, `open` and `json` ever change.
struct OrderRow {
  model::OrderId id{};
  uint64_t seq = 0;         // of the record that made this form; 0: none did
  model::OrderId parent{};  // of a leg; 0: none. Another one when that is replaced
  std::string account{};    // its name
  std::string symbol{};
  model::Side side = model::Side::kBuy;
  bool open = true;
  base::WallTime submitted{};
  std::string client_id{};  // empty: it goes by its own id
  std::string json{};       // Alpaca's Order object, without legs
};

// Never changes.
struct FillRow {
  uint64_t number = 0;  // floor::Fill::number, the key
  uint64_t seq = 0;     // of its record
  model::OrderId order{};
  std::string account{}, symbol{};
  model::Side side = model::Side::kBuy;
  base::WallTime time{};
  base::Quantity quantity{};
  base::Price price{};
  base::Amount fee{}, realized{};         // of this fill; realized is net of the fee
  bool partial = false;                   // the order was not complete with it
  base::Quantity leaves{}, cumulative{};  // of the order, after it
  std::string explain{};                  // JSON object
};

// One of an account at a time; the last written counts.
struct EquityPoint {
  std::string account{};
  base::WallTime time{};
  base::Amount equity{}, cash{};
  double drawdown = 0;  // from the peak; a negative fraction or 0
};

// All of an account as of a record: floor/snapshot.h.
struct AccountRow {
  std::string account{};
  uint32_t number = 0;      // model::AccountId
  uint64_t through = 0;     // the last record whose effect it has
  base::WallTime time{};    // when it was so
  base::WallTime active{};  // of its newest order event or change
  std::string settings{};   // JSON of the API's: owner, key, hash of the secret, ...
  std::string snapshot{};   // bytes
};

struct QuoteRow {
  std::string symbol{};
  model::AssetClass asset_class = model::AssetClass::kCrypto;
  std::string image{};  // floor::EncodeQuoteImage
};

}  // namespace livetape::store
