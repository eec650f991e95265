#include "market/instruments.h"

namespace livetape::market {
namespace {

// "BTC/USD", "BTCUSD" and "BTC" to "BTC". "USD" itself stays.
std::string_view CryptoBase(std::string_view symbol) {
  for (const std::string_view suffix : {"/USD", "USD"}) {
    if (symbol.size() > suffix.size() && symbol.ends_with(suffix)) {
      return symbol.substr(0, symbol.size() - suffix.size());
    }
  }
  return symbol;
}

}  // namespace

model::InstrumentId Instruments::Add(model::Instrument instrument) {
  const std::scoped_lock lock(mutex_);
  instruments_.push_back(std::move(instrument));
  return model::InstrumentId(static_cast<uint32_t>(instruments_.size() - 1));
}

std::optional<Instruments::Found> Instruments::Find(std::string_view symbol) const {
  const std::scoped_lock lock(mutex_);
  for (uint32_t i = 0; i < instruments_.size(); ++i) {
    if (instruments_[i].symbol == symbol) return Found{model::InstrumentId(i), instruments_[i]};
  }
  const std::string_view base = CryptoBase(symbol);
  for (uint32_t i = 0; i < instruments_.size(); ++i) {
    const model::Instrument& instrument = instruments_[i];
    if (instrument.asset_class == model::AssetClass::kCrypto &&
        CryptoBase(instrument.symbol) == base) {
      return Found{model::InstrumentId(i), instrument};
    }
  }
  return std::nullopt;
}

std::vector<model::Instrument> Instruments::All() const {
  const std::scoped_lock lock(mutex_);
  return instruments_;
}

}  // namespace livetape::market
