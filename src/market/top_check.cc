#include "market/top_check.h"

namespace livetape::market {

void TopCheck::AddTicker(uint64_t id, const BookTop& top) {
  if (!tickers_.empty() && id <= tickers_.back().id) return;  // sent twice
  tickers_.push_back({id, top});
  if (tickers_.size() > kTickersMax) tickers_.pop_front();
}

void TopCheck::Compare(uint64_t id, const OrderBook& book) {
  while (tickers_.size() >= 2 && tickers_[1].id <= id) tickers_.pop_front();
  if (tickers_.empty() || tickers_.front().id > id) return;
  ++compared_;
  if (book.Top() == tickers_.front().top) ++equal_;
}

}  // namespace livetape::market
