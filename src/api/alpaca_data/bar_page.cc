#include "api/alpaca_data/bar_page.h"

#include <algorithm>
#include <charconv>
#include <utility>

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
base::Result<std::vector<Bar>> Remaining(const BarSource& bars, const AskedSymbol& symbol,
                                         const BarQuery& query, size_t room) {
  WallTime from = query.start, to = query.end;
  if (query.after && query.after->symbol == symbol.spelling) {
    if (query.newest_first) {
      to = std::min(to, query.after->bar - nanoseconds(1));
    } else {
      from = std::max(from, query.after->bar + nanoseconds(1));
    }
  }
  auto found = ReadBars(bars, symbol, query.frame, from, to, query.newest_first, room + 1);
  if (found && query.newest_first) std::ranges::reverse(*found);
  return found;
}

// How many bars of the source a bucket can have.
size_t SourceBars(BarFrame frame) {
  constexpr size_t kDaysOfMonth = 31, kDaysOfWeek = 7;
  switch (frame.unit) {
    case BarUnit::kMinute:
      return frame.count * 60 / static_cast<size_t>(model::Length(SourceOf(frame)).count());
    case BarUnit::kMonth:
      return frame.count * kDaysOfMonth;
    case BarUnit::kWeek:
      return kDaysOfWeek;
    case BarUnit::kSecond:
    case BarUnit::kHour:
    case BarUnit::kDay:
      break;
  }
  return frame.count;
}

}  // namespace

base::Result<std::vector<Bar>> ReadBars(const BarSource& bars, const AskedSymbol& symbol,
                                        BarFrame frame, WallTime from, WallTime to, bool newest,
                                        size_t most) {
  if (from > to) return std::vector<Bar>();
  const bool whole = BucketStart(frame, from) == from;
  const size_t each = SourceBars(frame);
  BarWish wish{.instrument = symbol.id,
               .symbol = symbol.symbol,
               .timeframe = SourceOf(frame),
               .from = whole ? from : NextBucketStart(frame, from),
               .to = NextBucketStart(frame, to) - nanoseconds(1),
               .newest = newest,
               .limit = most};
  if (each == 1) return bars.Read(wish);
  // One bucket more: the last one read may have been cut.
  wish.limit = (most + 1) * each;
  auto read = bars.Read(wish);
  if (!read) return read;
  const bool cut = read->size() == wish.limit;
  std::vector<Bar> merged = Merge(*read, frame);
  if (cut && !merged.empty()) merged.erase(newest ? merged.begin() : merged.end() - 1);
  return merged;
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

base::Result<BarPage> ReadPage(const BarSource& bars, std::vector<AskedSymbol> symbols,
                               const BarQuery& query) {
  std::ranges::sort(symbols, {}, &AskedSymbol::spelling);
  BarPage page;
  size_t room = query.limit;
  for (const AskedSymbol& symbol : symbols) {
    if (query.after && symbol.spelling < query.after->symbol) continue;
    auto remaining = Remaining(bars, symbol, query, room);
    if (!remaining) return std::unexpected(std::move(remaining.error()));
    std::vector<Bar> found = *std::move(remaining);
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
