#pragma once

// Query parameters of the market-data, calendar and asset endpoints as values, or the answer that
// says what is wrong: 422 {"code":42210000,"message":...,"field":...}. Pure functions.
//
// Parameters that choose among Alpaca's products (feed, adjustment, currency, asof, ...) are accepted
// and mean nothing here: there is one feed, and it is not adjusted.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "api/alpaca_data/bar_page.h"
#include "api/alpaca_data/session_json.h"
#include "base/clock.h"
#include "http/message.h"
#include "market/instruments.h"
#include "market/new_york.h"
#include "model/instrument.h"

namespace livetape::api {

template <typename T>
using AlpacaField = std::expected<T, http::Response>;

inline constexpr size_t kMarketSymbolsMax = 1000;

// An instrument, and the name by which the client asked for it.
struct WantedInstrument {
  std::string spelling;
  model::InstrumentId id;
  model::Instrument instrument;
};

// What `symbols` names, a comma list of any spelling: at least one, at most kMarketSymbolsMax. Those
// that nobody knows are left out, as at Alpaca.
AlpacaField<std::vector<WantedInstrument>> WantedInstruments(
    const http::Query& query, const market::Instruments& instruments);

// timeframe (1Min), start (the day of `now` in UTC, or of an earlier end), end (none), limit (1000),
// sort (asc), page_token. An end that is a date means the end of that day in UTC.
AlpacaField<BarQuery> BarQueryOf(const http::Query& query, base::WallTime now);

struct CalendarQuery {
  market::Day first, last;
  CalendarDate by = CalendarDate::kTrading;
};
// start, end: dates, of times their date; date_type. Without them from a year before to a year after
// `now`, or as far as the one that is there reaches beyond that.
AlpacaField<CalendarQuery> CalendarQueryOf(const http::Query& query, base::WallTime now);

}  // namespace livetape::api
