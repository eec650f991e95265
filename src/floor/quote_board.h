#pragma once

// QuoteBoard: the latest quote of every instrument, by the rules of docs/trading.md.
// Part of the deterministic core: owned by the floor thread, time comes in with the events.
//
//  - An instrument that never had a quote has bid = ask = price; one that never had a trade has
//    price = (bid + ask) / 2, rounded half-even.
//  - A trade outside [bid, ask] sets both to its price, sizes unknown, until the next quote.
//  - At 00:00 UTC of the source's time the day rolls: reference becomes the last price, the day's
//    volume restarts. Time that goes backwards rolls nothing.
//  - A volume that would leave its range stays at the largest it had.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "model/instrument.h"
#include "model/market_event.h"
#include "model/quote.h"

namespace livetape::floor {

class QuoteBoard {
 public:
  // Makes room for the next instrument.
  model::InstrumentId Add();
  size_t size() const { return tickers_.size(); }

  // True when the time has entered a new day: every quote with a price has changed.
  bool RollTo(base::WallTime time);
  // The day rolls now, whatever the time: for who knows of other days than UTC's.
  void Roll();

  // True when the price is new (a trade, or a mid before the first trade); false when only bid,
  // ask or sizes have changed. `time` is the event's; RollTo(time) has been called.
  bool Apply(base::WallTime time, const model::QuoteUpdate& update);
  bool Apply(base::WallTime time, const model::TradeTick& trade);

  // Replaces what has been traded since the day roll: a feed that knows the whole market's volume.
  void SetVolume(base::WallTime time, model::InstrumentId instrument, base::Quantity volume);

  // What was known before a restart; nothing happens when the instrument has a quote already.
  void Restore(model::InstrumentId instrument, const model::Quote& quote);

  // Nothing before the first quote or trade.
  const model::Quote* Find(model::InstrumentId instrument) const;
  // Has it ever traded? Until then bars come from mids.
  bool traded(model::InstrumentId instrument) const;

 private:
  struct Ticker {
    model::Quote quote;
    bool quoted = false, traded = false;
  };
  Ticker& At(model::InstrumentId instrument);
  static void SetPrice(Ticker& ticker, base::WallTime time, base::Price price);

  std::vector<Ticker> tickers_;
  std::optional<int64_t> day_;  // days since 1970
};

}  // namespace livetape::floor
