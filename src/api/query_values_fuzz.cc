// Fuzz target: a query whose parameters the endpoints of orders, fills, bars, the calendar and the
// equity read as values. What is taken is within the limits and can be worked with; bars are read to
// the last page. The first byte says what time it is.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/alpaca/order_query.h"
#include "api/alpaca_account/activities.h"
#include "api/alpaca_account/portfolio_history.h"
#include "api/alpaca_data/market_query.h"
#include "api/alpaca_data/session_json.h"
#include "api/query_fields.h"
#include "base/assert.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

using base::WallTime;
using std::chrono::days;
using std::chrono::minutes;

constexpr int kMinutes = 50;
constexpr WallTime kFirstMinute{std::chrono::sys_days{std::chrono::year(2026) / 11 / 20}};

struct World {
  World() {
    for (const auto& instrument : {model::Instrument{"AAPL", model::AssetClass::kUsEquity},
                                   {"BTC", model::AssetClass::kCrypto}}) {
      const model::InstrumentId id = instruments.Add(instrument);
      for (int i = 0; i < kMinutes; ++i) {
        bars.AddTrade(id, kFirstMinute + minutes(i * 7), *base::Price::Parse("10"),
                      *base::Quantity::Parse("1"));
      }
    }
  }
  market::Instruments instruments;
  market::BarHistory bars;
  const TradingIds ids{7};
};

void CheckFields(const http::Query& query) {
  if (const auto interval = IntervalField(query, std::chrono::milliseconds(0))) {
    LT_ASSERT(*interval <= std::chrono::seconds(10));
  }
  if (const auto number = NumberField(query, "limit", 5, 1, 9)) {
    LT_ASSERT(*number >= 1 && *number <= 9);
  }
  if (const auto list = ListField(query, "symbols", 3)) {
    LT_ASSERT(list->size() <= 3);
    for (const std::string& value : *list) LT_ASSERT(!value.empty());
  }
  // As it is written, it is read again: but for what is finer than that.
  if (const auto time = TimeField(query, "start", {})) {
    const auto again = base::ParseRfc3339(base::FormatRfc3339(*time));
    LT_ASSERT(again && *time - *again >= std::chrono::nanoseconds(0) &&
              *time - *again < std::chrono::microseconds(1));
  }
}

void CheckOrders(const World& world, const http::Query& query) {
  const auto wish = ParseOrdersQuery(query, world.instruments, world.ids);
  if (wish) LT_ASSERT(wish->query.limit >= 1 && wish->query.limit <= kOrdersMax);
}

void CheckActivities(const World& world, const http::Query& query) {
  const auto wish = ParseActivitiesQuery(query, "", world.ids);
  if (wish) LT_ASSERT(wish->query.limit >= 1 && wish->query.limit <= 100);
}

void CheckHistory(const http::Query& query, WallTime now) {
  const auto wish = ParseHistoryQuery(query, now);
  if (!wish) return;
  LT_ASSERT(wish->from <= wish->to && wish->to <= now);
  const auto points = static_cast<size_t>((wish->to - wish->from) / wish->timeframe) + 1;
  LT_ASSERT(points <= kHistoryPointsMax);
  if (points > 100) return;
  const std::string json =
      HistoryJson(*wish, {.points = {}, .before = {}, .before_day = {}, .start = {}});
  LT_ASSERT(json.starts_with(R"({"timestamp":[)") && json.ends_with('}'), "{}", json);
}

void CheckBars(const World& world, const http::Query& query, WallTime now) {
  auto wish = BarQueryOf(query, now);
  const auto wanted = WantedInstruments(query, world.instruments);
  if (!wish || !wanted) return;
  LT_ASSERT(wish->start <= wish->end && wish->limit >= 1 && wish->limit <= kBarsPerPageMax);
  for (const WallTime time : {wish->start, wish->end}) {
    LT_ASSERT(BucketStart(wish->frame, time) <= time && time < NextBucketStart(wish->frame, time));
  }
  std::vector<AskedSymbol> symbols;
  for (const WantedInstrument& one : *wanted) {
    symbols.push_back({one.spelling, one.id, one.instrument.symbol});
  }
  // Each page has at least one bar, and no bar comes twice.
  for (size_t left = symbols.size() * kMinutes + 1; left > 0; --left) {
    const auto page = ReadPage(BarSource(world.bars), symbols, *wish);
    LT_ASSERT(page.has_value());
    size_t bars = 0;
    for (const BarPage::Row& row : page->rows) {
      LT_ASSERT(!row.bars.empty());
      bars += row.bars.size();
      for (const model::Bar& bar : row.bars) {
        LT_ASSERT(bar.start >= wish->start && bar.start <= wish->end);
      }
    }
    LT_ASSERT(bars <= wish->limit);
    if (!page->next) return;
    LT_ASSERT(bars > 0);
    wish->after = DecodePageToken(EncodePageToken(*page->next));
    LT_ASSERT(wish->after.has_value());
  }
  LT_ASSERT(false, "pages without end");
}

void CheckCalendar(const http::Query& query, WallTime now) {
  const auto wish = CalendarQueryOf(query, now);
  if (!wish) return;
  LT_ASSERT(wish->first <= wish->last);
  if (wish->last - wish->first > days(40)) return;
  const std::string json = CalendarJson(wish->first, wish->last, wish->by);
  LT_ASSERT(json.starts_with('[') && json.ends_with(']'));
}

}  // namespace
}  // namespace livetape::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace livetape;
  static const api::World world;
  // The clock is a recording's: the farthest times that one may have, and one of our days.
  static const std::array clocks = {*base::ParseRfc3339("2026-11-20T15:04:05.678Z"),
                                    *base::ParseRfc3339("1970-01-01"),
                                    *base::ParseRfc3339("2200-12-31T23:59:59.999999999Z")};
  if (size == 0) return 0;
  const base::WallTime now = clocks.at(data[0] % clocks.size());
  const http::Query query = http::Query::Parse({reinterpret_cast<const char*>(data) + 1, size - 1});
  api::CheckFields(query);
  api::CheckOrders(world, query);
  api::CheckActivities(world, query);
  api::CheckHistory(query, now);
  api::CheckBars(world, query, now);
  api::CheckCalendar(query, now);
  return 0;
}
