#pragma once

// Market data as Alpaca's clients read it: short names, numbers, RFC 3339. Pure functions.
//
// What livetape does not know is told so that every client can read it: exchanges and tapes are
// empty texts, conditions an empty list, a size 0, the taker's side of a trade "".

#include <optional>
#include <string>

#include "model/bar.h"
#include "model/quote.h"

namespace livetape::api {

// Stocks have conditions, tapes and exchanges, crypto has the taker's side.
enum class MarketFamily { kStocks, kCrypto };

// {"t":...,"o":...,"h":...,"l":...,"c":...,"v":...,"n":...,"vw":...}. No bar keeps its volume-weighted
// average: `vw` is the typical price (h + l + c) / 3, half-even to 10^-9, which lies within the bar.
// `n` is 0 where trades are not counted.
void AppendAlpacaBar(std::string& out, const model::Bar& bar);

// {"t":...,"bp":...,"bs":...,"ap":...,"as":...}, for stocks "bx", "ax", "c" and "z" too.
void AppendAlpacaQuote(std::string& out, const model::Quote& quote, MarketFamily family);

// {"t":...,"p":...,"s":0,"i":...}: the last price as a trade, for stocks with "x", "c" and "z", for
// crypto with "tks". Its id is its time in microseconds since 1970. Before an instrument's first
// trade it is the last mid.
void AppendAlpacaTrade(std::string& out, const model::Quote& quote, MarketFamily family);

struct MarketSnapshot {
  std::optional<model::Quote> quote;
  std::optional<model::Bar> minute, daily, previous_daily;
};

// "latestTrade":...,"latestQuote":...,"minuteBar":...,"dailyBar":...,"prevDailyBar":...; what is
// not there is null.
void AppendSnapshotFields(std::string& out, const MarketSnapshot& snapshot, MarketFamily family);

}  // namespace livetape::api
