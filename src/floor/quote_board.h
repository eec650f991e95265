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
#include <memory>
#include <optional>
#include <vector>

#include "base/assert.h"
#include "base/clock.h"
#include "model/instrument.h"
#include "model/market_event.h"
#include "model/quote.h"

namespace livetape::floor {

// Whether a quote of which only this is known has a trade's price. A trade of unknown size may look
// like a quote: then not.
bool SeemsTraded(const model::Quote& quote);

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
  // The whole market is at one price: as a quote of it and then a trade, both of unknown size.
  void ApplyPrice(base::WallTime time, model::InstrumentId instrument, base::Price price) {
    LT_ASSERT(price.positive(), "price {}", price.units());
    Ticker& ticker = At(instrument);
    ticker.quote.bid = ticker.quote.ask = price;
    ticker.quote.bid_size = ticker.quote.ask_size = {};
    ticker.quote.time = time;
    ticker.quoted = ticker.traded = true;
    SetPrice(ticker, time, price);
  }

  // Replaces what has been traded since the day roll: a feed that knows the whole market's volume.
  void SetVolume(base::WallTime time, model::InstrumentId instrument, base::Quantity volume);

  // What was known before a restart; nothing happens when the instrument has a quote already.
  void Restore(model::InstrumentId instrument, const model::Quote& quote);
  // Of what has been restored: whether the price is a trade's. Restore has taken it from the quote.
  void RestoreTraded(model::InstrumentId instrument, bool traded);

  // Nothing before the first quote or trade.
  const model::Quote* Find(model::InstrumentId instrument) const {
    // Compared as places: the size of the vector would be a division, on every tick.
    const Ticker* const ticker = tickers_.data() + instrument.value();
    LT_ASSERT(ticker < std::to_address(tickers_.end()), "instrument {}", instrument.value());
    return ticker->quoted || ticker->traded ? &ticker->quote : nullptr;
  }
  // Has it ever traded? Until then bars come from mids.
  bool traded(model::InstrumentId instrument) const;

 private:
  struct Ticker {
    model::Quote quote;
    bool quoted = false, traded = false;
  };
  Ticker& At(model::InstrumentId instrument) {
    Ticker* const ticker = tickers_.data() + instrument.value();
    LT_ASSERT(ticker < std::to_address(tickers_.end()), "instrument {} of {}", instrument.value(),
              tickers_.size());
    return *ticker;
  }
  static void SetPrice(Ticker& ticker, base::WallTime time, base::Price price) {
    if (ticker.quote.reference.zero()) ticker.quote.reference = price;
    ticker.quote.price = price;
    ticker.quote.price_time = time;
  }

  std::vector<Ticker> tickers_;
  std::optional<int64_t> day_;  // days since 1970
};

}  // namespace livetape::floor
