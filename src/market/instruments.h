#pragma once

// Instruments: the list of all instruments, for every thread. It only grows; the floor thread adds.

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/instrument.h"

namespace livetape::market {

// The coin of a pair against the dollar: "BTC" of "BTC/USD", "BTCUSD" and "BTC".
std::string_view CryptoBase(std::string_view symbol);

class Instruments {
 public:
  // The writing thread. Ids are dense in order of adding.
  model::InstrumentId Add(model::Instrument instrument);

  struct Found {
    model::InstrumentId id;
    model::Instrument instrument;
  };
  // By its own symbol, or for crypto by any spelling against the dollar: BTC, BTC/USD and BTCUSD
  // are one (docs/alpaca.md).
  std::optional<Found> Find(std::string_view symbol) const;
  // The one that `named` is: of its symbol or, for crypto only, by another spelling. A stock is no coin,
  // however its symbol ends.
  std::optional<Found> Find(const model::Instrument& named) const;
  model::Instrument At(model::InstrumentId id) const;
  // All, in order of their ids.
  std::vector<model::Instrument> All() const;
  size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::vector<model::Instrument> instruments_;
  // Of each symbol, and of each coin by its name without the dollar, the first one.
  std::unordered_map<std::string, uint32_t> by_symbol_, by_coin_;
};

}  // namespace livetape::market
