#pragma once

// ModelSaves: the snapshots of a floor, and a floor as a restart makes it from them and from the
// events after them. For tests; one thread uses it.

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "floor/floor_witness.h"
#include "floor/snapshot.h"
#include "model/instrument.h"

namespace livetape::floor {

class ModelSaves {
 public:
  void Save(const Witness& lived) {
    const TradingFloor& floor = lived.floor;
    images_.clear();
    for (uint32_t i = 0; i < floor.account_count(); ++i) {
      const model::AccountId id(i);
      images_.push_back(EncodeSnapshot(floor.account(id), floor.OpenOrders(id), InstrumentOf));
    }
    events_ = lived.events.size();
    next_order_ = floor.next_order();
    next_fill_ = floor.next_fill();
  }
  // What is wrong; "" if `restored` is a floor that has come back.
  std::string Restore(const Witness& lived, Witness& restored) const {
    TradingFloor& floor = restored.floor;
    for (uint32_t i = 0; i < kInstruments.size(); ++i) {
      const model::InstrumentId id(i);
      const model::Quote* const quote = lived.floor.quotes().Find(id);
      if (quote != nullptr) floor.RestoreQuote(id, *quote);
    }
    for (uint32_t i = 0; i < images_.size(); ++i) {
      auto snapshot = DecodeSnapshot(images_[i], model::AccountId(i), [](const auto& instrument) {
        return model::InstrumentId(static_cast<uint32_t>(instrument.symbol[0] - '0'));
      });
      if (!snapshot) return "a snapshot cannot be read: " + snapshot.error().message;
      floor.RestoreAccount(std::move(*snapshot));
    }
    floor.RestoreIds(next_order_, next_fill_);
    for (size_t i = events_; i < lived.events.size(); ++i) floor.Replay(lived.events[i]);
    for (const OrderEvent& event : lived.events) {
      if (event.kind == OrderEventKind::kRejected) continue;
      floor.RestoreClientId(event.order.account, event.order.client_id, event.order.id);
    }
    // Nothing that happened at the last moment is told again.
    return restored.events.empty() ? "" : "a restored floor tells what has been told";
  }

 private:
  // As a Witness has them: two stocks and a coin.
  static constexpr std::array kInstruments = {
      model::AssetClass::kUsEquity, model::AssetClass::kUsEquity, model::AssetClass::kCrypto};
  static const model::Instrument& InstrumentOf(model::InstrumentId id) {
    static const std::array<model::Instrument, kInstruments.size()> all = {
        model::Instrument{"0", kInstruments[0]}, model::Instrument{"1", kInstruments[1]},
        model::Instrument{"2", kInstruments[2]}};
    return all[id.value()];
  }

  std::vector<std::string> images_;  // by account
  size_t events_ = 0;                // that they are older than
  model::OrderId next_order_;
  uint64_t next_fill_ = 1;
};

}  // namespace livetape::floor
