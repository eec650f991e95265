#pragma once

// Reader: queries of the store on a read-only connection. One thread uses one Reader. Every query
// is one short read transaction, and sees no batch in part but a large one that is being written.
//
// What a query leaves out costs, too, but little: a page of the newest 50 takes 0.1 ms, one whose
// filter looks through all of an account's 1,000,000 orders or fills 0.2 s.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "sqlite/database.h"
#include "store/bar_rows.h"
#include "store/rows.h"
#include "store/running_query.h"

namespace livetape::store {

struct OrderQuery {
  std::string account;
  std::optional<bool> open{};          // nothing: all
  std::vector<std::string> symbols{};  // empty: all
  std::optional<model::Side> side{};
  std::optional<base::WallTime> after{}, until{};  // of submission, both exclusive
  // Those that come after and before that order by submission, then id, whatever the direction. An
  // order that is not there, or another account's: nothing comes after or before it.
  std::optional<model::OrderId> after_order{}, before_order{};
  bool descending = true;  // by submission, then id
  bool with_legs = true;   // legs among the rest; false: parents only
  size_t limit = 50;
};

struct FillQuery {
  std::string account;
  std::optional<std::string> symbol{};
  std::optional<base::WallTime> from{}, to{};  // both inclusive
  std::optional<uint64_t> after_number{};  // in the query's direction: the page begins behind it
  bool descending = true;                  // by number
  size_t limit = 50, offset = 0;
};

struct EquityQuery {
  std::string account;
  std::optional<base::WallTime> from{}, to{};  // both inclusive
  std::chrono::nanoseconds bucket{0};          // positive; aligned to the epoch
  size_t limit = 1000;                         // the newest so many buckets
};

struct BarQuery {
  std::string symbol;
  model::Timeframe timeframe = model::Timeframe::k1d;
  std::optional<base::WallTime> from{}, to{};  // of the bars' starts, both inclusive
  bool newest = true;  // when there are more than `limit`: the newest of them, else the oldest
  size_t limit = 1000;
};

class Reader {
 public:
  explicit Reader(sqlite::Database database) : database_(std::move(database)) {}

  base::Result<std::vector<OrderRow>> Orders(const OrderQuery& query);
  // Those of these parents, of whatever account, by id.
  base::Result<std::vector<OrderRow>> Legs(const std::vector<model::OrderId>& parents);
  // Nothing: there is none, or it is another account's.
  base::Result<std::optional<OrderRow>> Order(std::string_view account, model::OrderId id);
  // The newest of that name. Orders without one are not found by it.
  base::Result<std::optional<OrderRow>> OrderByClientId(std::string_view account,
                                                        std::string_view client_id);

  base::Result<std::vector<FillRow>> Fills(const FillQuery& query);
  // limit and offset do not count; without a symbol, times and `after_number` it is one look-up.
  base::Result<uint64_t> CountFills(const FillQuery& query);

  // The last point of each bucket that has one in [from, to], oldest first; `time` is the point's
  // own.
  base::Result<std::vector<EquityPoint>> Equity(const EquityQuery& query);
  // The last point at or before `time`, and the first of all.
  base::Result<std::optional<EquityPoint>> EquityAt(std::string_view account, base::WallTime time);
  base::Result<std::optional<EquityPoint>> FirstEquity(std::string_view account);

  // Oldest first, whichever they are.
  base::Result<std::vector<model::Bar>> Bars(const BarQuery& query);
  // How many there are from `from` to `to`; `limit` does not count.
  base::Result<uint64_t> CountBars(const BarQuery& query);
  // What there is: of one symbol or of all, by symbol, then timeframe.
  base::Result<std::vector<BarSeries>> AllBarSeries(
      const std::optional<std::string>& symbol = std::nullopt);
  // Of this symbol and timeframe; nothing: there are no bars of it.
  base::Result<std::optional<BarSeries>> OneBarSeries(const std::string& symbol,
                                                      model::Timeframe timeframe);

 private:
  // Where an order stands among those of its account.
  struct OrderPlace {
    int64_t submitted = 0, id = 0;
    friend auto operator<=>(const OrderPlace&, const OrderPlace&) = default;
  };
  struct OrderRange {
    OrderPlace above, below;
  };

  base::Result<RunningQuery> Prepared(const std::string& sql);
  base::Result<bool> Next(RunningQuery& query) const;

  base::Result<std::optional<OrderPlace>> PlaceOf(std::string_view account, model::OrderId id);
  base::Result<std::optional<OrderRange>> RangeOf(const OrderQuery& query);
  base::Result<std::vector<OrderPlace>> PlacesOf(const OrderQuery& query, const OrderRange& range);

  base::Result<base::Amount> AmountOf(const RunningQuery& query, int column) const;
  base::Result<FillRow> FillOf(const RunningQuery& query) const;
  base::Result<std::optional<EquityPoint>> PointBefore(std::string_view account, int64_t first,
                                                       int64_t last);
  base::Result<std::optional<EquityPoint>> OnePoint(RunningQuery& query,
                                                    std::string_view account) const;

  base::Error BarDamage(std::string_view symbol, std::string_view why) const;

  sqlite::Database database_;
  // By their texts, of which there are about a dozen; they go before the connection.
  std::map<std::string, sqlite::Statement> statements_;
};

}  // namespace livetape::store
