#include "api/alpaca_data/bar_page.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "auth/base64.h"
#include "market/bar_builder.h"

namespace livetape::api {
namespace {

using base::WallTime;
using model::Bar;
using std::chrono::nanoseconds;

// `bars` ascend.
std::vector<Bar> Merge(const std::vector<Bar>& bars, BarFrame frame) {
  std::vector<Bar> merged;
  for (const Bar& bar : bars) {
    const WallTime start = BucketStart(frame, bar.start);
    if (merged.empty() || merged.back().start != start) {
      merged.push_back(bar);
      merged.back().start = start;
      continue;
    }
    Bar& whole = merged.back();
    whole.high = std::max(whole.high, bar.high);
    whole.low = std::min(whole.low, bar.low);
    whole.close = bar.close;
    whole.volume = market::AddSaturated(whole.volume, bar.volume);
    whole.trades += bar.trades;
    whole.synthetic = whole.synthetic && bar.synthetic;
  }
  return merged;
}

// The bars of one instrument that are left for this page and those after it.
std::vector<Bar> Remaining(const market::BarHistory& bars, const AskedSymbol& symbol,
                           const BarQuery& query, size_t room) {
  WallTime from = query.start, to = query.end;
  if (query.after && query.after->symbol == symbol.spelling) {
    if (query.newest_first) {
      to = std::min(to, query.after->bar - nanoseconds(1));
    } else {
      from = std::max(from, query.after->bar + nanoseconds(1));
    }
  }
  // Of what is asked oldest first the history would give the wrong end.
  const size_t most = query.newest_first ? room + 1 : std::numeric_limits<size_t>::max();
  std::vector<Bar> found = ReadBars(bars, symbol.id, query.frame, from, to, most);
  if (query.newest_first) std::ranges::reverse(found);
  return found;
}

}  // namespace

std::vector<Bar> ReadBars(const market::BarHistory& bars, model::InstrumentId instrument,
                          BarFrame frame, WallTime from, WallTime to, size_t most) {
  if (from > to) return {};
  const model::Timeframe source = SourceOf(frame);
  const bool whole = BucketStart(frame, from) == from;
  const WallTime first = whole ? from : NextBucketStart(frame, from);
  const WallTime last = NextBucketStart(frame, to) - nanoseconds(1);
  // One bar of the source is one bucket of the frame.
  const bool kept = frame.count == 1 ? frame.unit <= BarUnit::kDay
                                     : frame == BarFrame{5, BarUnit::kMinute} ||
                                           frame == BarFrame{15, BarUnit::kMinute};
  if (kept) return bars.Read(instrument, source, first, last, most);
  return Merge(bars.Read(instrument, source, first, last, std::numeric_limits<size_t>::max()),
               frame);
}

std::string EncodePageToken(const PageEnd& end) {
  return auth::EncodeBase64Url(end.symbol + '|' +
                               std::to_string(end.bar.time_since_epoch().count()));
}

std::optional<PageEnd> DecodePageToken(std::string_view token) {
  const auto text = auth::DecodeBase64Url(token);
  const size_t mark = text ? text->rfind('|') : std::string::npos;
  if (mark == std::string::npos) return std::nullopt;
  int64_t ns = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, code] = std::from_chars(text->data() + mark + 1, end, ns);
  if (code != std::errc() || rest != end) return std::nullopt;
  const WallTime bar{nanoseconds(ns)};
  if (bar < kBarsFrom || bar > kBarsTo) return std::nullopt;
  return PageEnd{text->substr(0, mark), bar};
}

BarPage ReadPage(const market::BarHistory& bars, std::vector<AskedSymbol> symbols,
                 const BarQuery& query) {
  std::ranges::sort(symbols, {}, &AskedSymbol::spelling);
  BarPage page;
  size_t room = query.limit;
  for (const AskedSymbol& symbol : symbols) {
    if (query.after && symbol.spelling < query.after->symbol) continue;
    std::vector<Bar> found = Remaining(bars, symbol, query, room);
    if (found.empty()) continue;
    if (room == 0) {
      const BarPage::Row& last = page.rows.back();
      page.next = PageEnd{last.spelling, last.bars.back().start};
      return page;
    }
    const bool more = found.size() > room;
    if (more) found.resize(room);
    room -= found.size();
    page.rows.push_back({symbol.spelling, std::move(found)});
    if (more) {
      page.next = PageEnd{symbol.spelling, page.rows.back().bars.back().start};
      return page;
    }
  }
  return page;
}

}  // namespace livetape::api
