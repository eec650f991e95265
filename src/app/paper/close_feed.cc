#include "app/paper/close_feed.h"

#include <utility>
#include <vector>

#include "floor/risk/close_book.h"

namespace livetape::app {

void CloseFeed::Refresh(store::Reader& reader) {
  const std::scoped_lock lock(mutex_);
  const auto all = reader.AllBarSeries();
  if (!all) {
    log_.Warning("daily closes cannot be read: {}", all.error().message);
    return;
  }
  for (const store::BarSeries& series : *all) {
    if (series.timeframe != model::Timeframe::k1d || !instruments_.Find(series.symbol)) continue;
    const Form form{series.bars, series.first, series.last, bars_.ImportedDays(series.symbol)};
    const auto before = sent_.find(series.symbol);
    if (before != sent_.end() && before->second == form) continue;
    if (Send(reader, series.symbol)) sent_[series.symbol] = form;
  }
}

bool CloseFeed::Send(store::Reader& reader, const std::string& symbol) {
  store::BarQuery query;
  query.symbol = symbol;
  query.timeframe = model::Timeframe::k1d;
  query.limit = floor::kClosesMax;
  const auto bars = reader.Bars(query);
  if (!bars) {  // another time it may be
    if (unreadable_.insert(symbol).second) {
      log_.Warning("daily closes of {} cannot be read: {}", symbol, bars.error().message);
    }
    return false;
  }
  unreadable_.erase(symbol);
  DeskRequest request;
  request.account = account_;
  request.create = true;
  request.work = [symbol, closes = floor::ClosesOf(*bars, floor::DayOf(floor_.FloorTime()))](
                     api::Desk& desk) -> api::DeskAnswer {
    const auto id = desk.FindInstrument(symbol);
    // Too few say less than what the source has told.
    const bool enough = closes.size() > floor::kReturnsMin;
    if (id && (enough || !desk.floor().KnowsDailyCloses(*id))) {
      desk.floor().OnDailyCloses(*id, closes);
    }
    return http::Response();
  };
  return floor_.Put(std::move(request));
}

}  // namespace livetape::app
