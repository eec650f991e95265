// Queries of bars; store/reader.h.

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "store/bar_block.h"
#include "store/bucket.h"
#include "store/reader.h"
#include "store/store_file.h"

namespace livetape::store {
namespace {

using model::Bar;

constexpr int64_t kFirst = std::numeric_limits<int64_t>::min(),
                  kLast = std::numeric_limits<int64_t>::max();

// The blocks with bars from ?3 to ?4, found in the index: the first of them may begin earlier.
constexpr std::string_view kBlocks =
    " FROM bar_blocks INDEXED BY bar_blocks_by_time"
    " WHERE series = (SELECT id FROM bar_series WHERE symbol = ?1 AND timeframe = ?2)"
    " AND first >= coalesce((SELECT max(first) FROM bar_blocks WHERE first <= ?3 AND series ="
    " (SELECT id FROM bar_series WHERE symbol = ?1 AND timeframe = ?2)), ?3) AND first <= ?4";

constexpr std::string_view kSeries =
    "SELECT symbol, timeframe, asset_class, bars,"
    " (SELECT first FROM bar_blocks WHERE series = s.id ORDER BY first LIMIT 1),"
    " (SELECT last FROM bar_blocks WHERE series = s.id ORDER BY first DESC LIMIT 1)"
    " FROM bar_series AS s WHERE bars > 0";

struct Times {
  int64_t from, to;
  bool Has(const Bar& bar) const {
    return Nanoseconds(bar.start) >= from && Nanoseconds(bar.start) <= to;
  }
};

Times TimesOf(const BarQuery& query) {
  return {.from = query.from ? Nanoseconds(*query.from) : kFirst,
          .to = query.to ? Nanoseconds(*query.to) : kLast};
}

void BindBlocks(RunningQuery& blocks, const BarQuery& query) {
  const Times range = TimesOf(query);
  blocks->BindText(1, query.symbol)
      .Bind(2, int64_t{model::Length(query.timeframe).count()})
      .Bind(3, range.from)
      .Bind(4, range.to);
}

std::optional<model::Timeframe> TimeframeOf(int64_t seconds) {
  for (const model::Timeframe timeframe : model::kTimeframes) {
    if (model::Length(timeframe).count() == seconds) return timeframe;
  }
  return std::nullopt;
}

}  // namespace

base::Error Reader::BarDamage(std::string_view symbol, std::string_view why) const {
  return WithAdvice({fmt::format("cannot read the bars of {} from {}: {}; the file is damaged",
                                 symbol, database_.path(), why)});
}

// Block by block from the end that counts, each as it stands in its row.
base::Result<std::vector<Bar>> Reader::Bars(const BarQuery& query) {
  auto blocks = Prepared(
      fmt::format("SELECT bytes{} ORDER BY first {}", kBlocks, query.newest ? "DESC" : "ASC"));
  if (!blocks) return std::unexpected(blocks.error());
  BindBlocks(*blocks, query);
  const Times range = TimesOf(query);
  std::vector<Bar> bars, block;
  while (bars.size() < query.limit) {
    const auto row = Next(*blocks);
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    block.clear();
    if (const auto decoded = DecodeBars((*blocks)->Blob(0), block); !decoded) {
      return std::unexpected(BarDamage(query.symbol, decoded.error().message));
    }
    std::erase_if(block, [&](const Bar& bar) { return !range.Has(bar); });
    // From the end that counts first; turned round at last.
    if (query.newest) std::reverse(block.begin(), block.end());
    block.resize(std::min(block.size(), query.limit - bars.size()));
    bars.insert(bars.end(), block.begin(), block.end());
  }
  if (query.newest) std::reverse(bars.begin(), bars.end());
  return bars;
}

// From the index; only a block that a bound cuts is read.
base::Result<uint64_t> Reader::CountBars(const BarQuery& query) {
  const auto transaction = ReadTransaction::Begin(database_);
  if (!transaction) return std::unexpected(WithAdvice(transaction.error()));
  auto blocks = Prepared(fmt::format("SELECT first, last, bars{} ORDER BY first", kBlocks));
  if (!blocks) return std::unexpected(blocks.error());
  BindBlocks(*blocks, query);
  const Times range = TimesOf(query);
  uint64_t count = 0;
  for (;;) {
    const auto row = Next(*blocks);
    if (!row) return std::unexpected(row.error());
    if (!*row) return count;
    const int64_t first = (*blocks)->Int(0), last = (*blocks)->Int(1);
    if (first >= range.from && last <= range.to) {
      count += (*blocks)->Uint(2);
      continue;
    }
    BarQuery cut = query;
    cut.from = TimeOf(std::max(first, range.from));
    cut.to = TimeOf(std::min(last, range.to));
    cut.limit = kBlockBarsMax;
    const auto bars = Bars(cut);
    if (!bars) return std::unexpected(bars.error());
    count += bars->size();
  }
}

base::Result<std::vector<BarSeries>> Reader::AllBarSeries(
    const std::optional<std::string>& symbol) {
  auto query = Prepared(
      fmt::format("{}{} ORDER BY symbol, timeframe", kSeries, symbol ? " AND symbol = ?1" : ""));
  if (!query) return std::unexpected(query.error());
  if (symbol) (*query)->BindText(1, *symbol);
  std::vector<BarSeries> all;
  for (;;) {
    const auto row = Next(*query);
    if (!row) return std::unexpected(row.error());
    if (!*row) return all;
    const auto timeframe = TimeframeOf((*query)->Int(1));
    if (!timeframe) {
      return std::unexpected(BarDamage(query->Text(0), "they have a timeframe that there is not"));
    }
    const bool equity = (*query)->Int(2) == static_cast<int64_t>(model::AssetClass::kUsEquity);
    all.push_back(
        {.symbol = query->Text(0),
         .timeframe = *timeframe,
         .asset_class = equity ? model::AssetClass::kUsEquity : model::AssetClass::kCrypto,
         .bars = (*query)->Uint(3),
         .first = TimeOf((*query)->Int(4)),
         .last = TimeOf((*query)->Int(5))});
  }
}

base::Result<std::optional<BarSeries>> Reader::OneBarSeries(const std::string& symbol,
                                                            model::Timeframe timeframe) {
  auto all = AllBarSeries(symbol);
  if (!all) return std::unexpected(all.error());
  for (BarSeries& series : *all) {
    if (series.timeframe == timeframe) return std::move(series);
  }
  return std::nullopt;
}

}  // namespace livetape::store
