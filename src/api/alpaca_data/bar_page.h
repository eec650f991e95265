#pragma once

// Bars by pages: of several instruments together, with a token that tells where the next page goes
// on. Reads the history of bars, which any thread may; everything else is a pure function.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/alpaca_data/bar_frame.h"
#include "base/clock.h"
#include "market/bar_history.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::api {

inline constexpr size_t kBarsPerPageMax = 10'000;

// No bar starts outside; room for a bucket's length is left on both sides.
inline constexpr base::WallTime kBarsFrom{std::chrono::sys_days{std::chrono::year(1679) / 1 / 1}};
inline constexpr base::WallTime kBarsTo{std::chrono::sys_days{std::chrono::year(2260) / 12 / 31}};

// The bars of one instrument whose buckets start in [from, to], oldest first; at least the newest
// `most` of them. Where bars are made of shorter ones that have been dropped in part, the oldest one
// is made of what is left. Times from kBarsFrom to kBarsTo.
std::vector<model::Bar> ReadBars(const market::BarHistory& bars, model::InstrumentId instrument,
                                 BarFrame frame, base::WallTime from, base::WallTime to,
                                 size_t most);

// The last bar of a page.
struct PageEnd {
  std::string symbol;
  base::WallTime bar;
};
std::string EncodePageToken(const PageEnd& end);
// Nothing: not a token of ours.
std::optional<PageEnd> DecodePageToken(std::string_view token);

// An instrument and how the client spelled it.
struct AskedSymbol {
  std::string spelling;
  model::InstrumentId id;
};

struct BarQuery {
  BarFrame frame;
  base::WallTime start, end;  // of the first and the last bar
  size_t limit = 1000;        // 1 to kBarsPerPageMax, over all symbols
  bool newest_first = false;
  std::optional<PageEnd> after;
};

struct BarPage {
  struct Row {
    std::string spelling;
    std::vector<model::Bar> bars;  // not empty
  };
  std::vector<Row> rows;  // by spelling
  std::optional<PageEnd> next;
};

// The first `limit` bars, ordered by spelling and then by time, of those after `query.after`.
BarPage ReadPage(const market::BarHistory& bars, std::vector<AskedSymbol> symbols,
                 const BarQuery& query);

}  // namespace livetape::api
