#include "market/instruments.h"

namespace livetape::market {

// "USD" itself stays.
std::string_view CryptoBase(std::string_view symbol) {
  for (const std::string_view suffix : {"/USD", "USD"}) {
    if (symbol.size() > suffix.size() && symbol.ends_with(suffix)) {
      return symbol.substr(0, symbol.size() - suffix.size());
    }
  }
  return symbol;
}

model::InstrumentId Instruments::Add(model::Instrument instrument) {
  const std::scoped_lock lock(mutex_);
  const auto id = static_cast<uint32_t>(instruments_.size());
  by_symbol_.emplace(instrument.symbol, id);
  if (instrument.asset_class == model::AssetClass::kCrypto) {
    by_coin_.emplace(CryptoBase(instrument.symbol), id);
  }
  instruments_.push_back(std::move(instrument));
  return model::InstrumentId(id);
}

std::optional<Instruments::Found> Instruments::Find(std::string_view symbol) const {
  const std::scoped_lock lock(mutex_);
  auto at = by_symbol_.find(std::string(symbol));
  if (at == by_symbol_.end()) {
    at = by_coin_.find(std::string(CryptoBase(symbol)));
    if (at == by_coin_.end()) return std::nullopt;
  }
  return Found{model::InstrumentId(at->second), instruments_[at->second]};
}

std::optional<Instruments::Found> Instruments::Find(const model::Instrument& named) const {
  auto found = Find(std::string_view(named.symbol));
  const bool coin = named.asset_class == model::AssetClass::kCrypto;
  if (found && !coin && found->instrument.symbol != named.symbol) return std::nullopt;
  return found;
}

model::Instrument Instruments::At(model::InstrumentId id) const {
  const std::scoped_lock lock(mutex_);
  return instruments_.at(id.value());
}

std::vector<model::Instrument> Instruments::All() const {
  const std::scoped_lock lock(mutex_);
  return instruments_;
}

size_t Instruments::size() const {
  const std::scoped_lock lock(mutex_);
  return instruments_.size();
}

}  // namespace livetape::market
