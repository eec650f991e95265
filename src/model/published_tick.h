#pragma once

// PublishedTick: market data that a program outside has sent, before it has an instrument.

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/decimal.h"
#include "model/instrument.h"

namespace livetape::model {

// At least one of a trade (price), a quote (bid and ask) and a volume. Prices are positive and
// bid <= ask; sizes and the volume are not negative.
struct PublishedTick {
  std::string symbol;  // 1 to 32 bytes of A-Za-z0-9._-/:
  std::optional<base::Price> price;
  std::optional<base::Quantity> size;   // of the trade
  std::optional<base::Price> bid, ask;  // both or neither
  std::optional<base::Quantity> bid_size, ask_size;
  std::optional<base::Quantity> volume;   // replaces the day's
  std::optional<base::WallTime> time;     // else the time of arrival
  std::optional<AssetClass> asset_class;  // of a new instrument; else crypto
};

}  // namespace livetape::model
