#pragma once

// Bars by pages: of several instruments together, with a token that tells where the next page goes
// on. On the thread of the source of bars; everything else is a pure function.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/alpaca_data/bar_frame.h"
#include "api/market/bar_source.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::api {

inline constexpr size_t kBarsPerPageMax = 10'000;

// No bar starts outside; room for a bucket's length is left on both sides.
inline constexpr base::WallTime kBarsFrom{std::chrono::sys_days{std::chrono::year(1679) / 1 / 1}};
inline constexpr base::WallTime kBarsTo{std::chrono::sys_days{std::chrono::year(2260) / 12 / 31}};

// An instrument and how the client spelled it.
struct AskedSymbol {
  std::string spelling;
  model::InstrumentId id;
  std::string symbol{};  // its own
};

// The bars of one instrument whose buckets start in [from, to], oldest first; of more than `most` at
// least the newest or the oldest `most` of them. Where bars are made of shorter ones that have been
// dropped in part, the oldest one is made of what is left. Times from kBarsFrom to kBarsTo. The error
// is the source's.
base::Result<std::vector<model::Bar>> ReadBars(const BarSource& bars, const AskedSymbol& symbol,
                                               BarFrame frame, base::WallTime from,
                                               base::WallTime to, bool newest, size_t most);

// The last bar of a page.
struct PageEnd {
  std::string symbol;
  base::WallTime bar;
};
std::string EncodePageToken(const PageEnd& end);
// Nothing: not a token of ours.
std::optional<PageEnd> DecodePageToken(std::string_view token);

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
// The error is the source's.
base::Result<BarPage> ReadPage(const BarSource& bars, std::vector<AskedSymbol> symbols,
                               const BarQuery& query);

}  // namespace livetape::api
