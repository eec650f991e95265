#include "floor/quote_board.h"

namespace livetape::floor {
namespace {

base::Price Mid(base::Price bid, base::Price ask) {
  // bid <= ask, both positive: the sum fits in 64 bits without sign.
  const uint64_t sum = static_cast<uint64_t>(bid.units()) + static_cast<uint64_t>(ask.units());
  const uint64_t half = sum / 2;
  const bool up = sum % 2 == 1 && half % 2 == 1;  // half-even
  return base::Price::FromUnits(static_cast<int64_t>(half + (up ? 1 : 0)));
}

}  // namespace

bool SeemsTraded(const model::Quote& quote) {
  return !quote.volume.zero() || quote.price_time != quote.time ||
         quote.price != Mid(quote.bid, quote.ask);
}

model::InstrumentId QuoteBoard::Add() {
  tickers_.emplace_back();
  return model::InstrumentId(static_cast<uint32_t>(tickers_.size() - 1));
}

bool QuoteBoard::RollTo(base::WallTime time) {
  const int64_t day = std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
  if (day_ && day <= *day_) return false;
  const bool rolled = day_.has_value();
  day_ = day;
  if (rolled) Roll();
  return rolled;
}

void QuoteBoard::Roll() {
  for (Ticker& ticker : tickers_) {
    ticker.quote.reference = ticker.quote.price;
    ticker.quote.volume = {};
  }
}

bool QuoteBoard::Apply(base::WallTime time, const model::QuoteUpdate& update) {
  LT_ASSERT(update.bid.positive() && update.bid <= update.ask, "bid {} ask {}", update.bid.units(),
            update.ask.units());
  Ticker& ticker = At(update.instrument);
  model::Quote& quote = ticker.quote;
  quote.bid = update.bid;
  quote.ask = update.ask;
  quote.bid_size = update.bid_size;
  quote.ask_size = update.ask_size;
  quote.time = time;
  ticker.quoted = true;
  if (ticker.traded) return false;
  SetPrice(ticker, time, Mid(update.bid, update.ask));
  return true;
}

bool QuoteBoard::Apply(base::WallTime time, const model::TradeTick& trade) {
  LT_ASSERT(trade.price.positive() && trade.size.units() >= 0, "price {} size {}",
            trade.price.units(), trade.size.units());
  Ticker& ticker = At(trade.instrument);
  model::Quote& quote = ticker.quote;
  if (!ticker.quoted || trade.price < quote.bid || trade.price > quote.ask) {
    quote.bid = quote.ask = trade.price;
    quote.bid_size = quote.ask_size = {};
  }
  quote.volume = quote.volume.CheckedAdd(base::Amount::From(trade.size)).value_or(quote.volume);
  quote.time = time;
  SetPrice(ticker, time, trade.price);
  ticker.traded = true;
  return true;
}

void QuoteBoard::SetVolume(base::WallTime time, model::InstrumentId instrument,
                           base::Quantity volume) {
  LT_ASSERT(volume.units() >= 0, "volume {}", volume.units());
  Ticker& ticker = At(instrument);
  ticker.quote.volume = base::Amount::From(volume);
  ticker.quote.time = time;
}

void QuoteBoard::Restore(model::InstrumentId instrument, const model::Quote& quote) {
  Ticker& ticker = At(instrument);
  if (ticker.quoted || ticker.traded || !quote.price.positive()) return;
  ticker.quote = quote;
  ticker.quoted = true;
  ticker.traded = SeemsTraded(quote);
}

void QuoteBoard::RestoreTraded(model::InstrumentId instrument, bool traded) {
  Ticker& ticker = At(instrument);
  if (ticker.quoted) ticker.traded = traded;
}

bool QuoteBoard::traded(model::InstrumentId instrument) const {
  LT_ASSERT(instrument.value() < tickers_.size(), "instrument {}", instrument.value());
  return tickers_[instrument.value()].traded;
}

}  // namespace livetape::floor
