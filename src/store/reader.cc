#include "store/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/amount_text.h"
#include "base/assert.h"
#include "store/bucket.h"
#include "store/store_file.h"

namespace livetape::store {
namespace {

constexpr int64_t kFirst = std::numeric_limits<int64_t>::min(),
                  kLast = std::numeric_limits<int64_t>::max();

constexpr std::string_view kFillColumns =
    "number, seq, order_id, account, symbol, side, time, quantity, price, fee, realized, partial,"
    " leaves, cumulative, explain";
// What is left out is passed over within the index.
constexpr std::string_view kOfAccount =
    " FROM fills INDEXED BY fills_by_account WHERE account = ?1 AND number > ?2 AND number < ?3"
    " AND time BETWEEN ?4 AND ?5 AND (?6 = 0 OR symbol = ?7)";

int64_t Bounded(size_t count) {
  return static_cast<int64_t>(std::min(count, static_cast<size_t>(kLast)));
}

// Columns of `fills` from 1 on: the conditions of kOfAccount.
void BindFills(RunningQuery& fills, const FillQuery& query) {
  int64_t above = kFirst, below = kLast;
  if (query.after_number) {
    (query.descending ? below : above) = Bounded(static_cast<size_t>(*query.after_number));
  }
  fills->BindText(1, query.account)
      .Bind(2, above)
      .Bind(3, below)
      .Bind(4, query.from ? Nanoseconds(*query.from) : kFirst)
      .Bind(5, query.to ? Nanoseconds(*query.to) : kLast)
      .Bind(6, int64_t{query.symbol.has_value()})
      .BindText(7, query.symbol ? std::string_view(*query.symbol) : "");
}

}  // namespace

base::Result<RunningQuery> Reader::Prepared(const std::string& sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    auto prepared = database_.Prepare(sql);
    if (!prepared) return std::unexpected(WithAdvice(std::move(prepared.error())));
    found = statements_.emplace(sql, *std::move(prepared)).first;
  }
  return RunningQuery(found->second);
}

base::Result<bool> Reader::Next(RunningQuery& query) const {
  auto row = query->Step();
  if (!row) return std::unexpected(WithAdvice(std::move(row.error())));
  return row;
}

base::Result<base::Amount> Reader::AmountOf(const RunningQuery& query, int column) const {
  auto amount = base::ParseAmount(query->Text(column));
  if (amount) return amount;
  return base::Fail(fmt::format("cannot read an amount of {}: {}; the file is damaged",
                                database_.path(), amount.error().message));
}

base::Result<FillRow> Reader::FillOf(const RunningQuery& query) const {
  auto fee = AmountOf(query, 9), realized = AmountOf(query, 10);
  if (!fee) return std::unexpected(WithAdvice(std::move(fee.error())));
  if (!realized) return std::unexpected(WithAdvice(std::move(realized.error())));
  return FillRow{.number = query->Uint(0),
                 .seq = query->Uint(1),
                 .order = model::OrderId(query->Uint(2)),
                 .account = query.Text(3),
                 .symbol = query.Text(4),
                 .side = query->Int(5) == 0 ? model::Side::kBuy : model::Side::kSell,
                 .time = TimeOf(query->Int(6)),
                 .quantity = base::Quantity::FromUnits(query->Int(7)),
                 .price = base::Price::FromUnits(query->Int(8)),
                 .fee = *fee,
                 .realized = *realized,
                 .partial = query->Int(11) != 0,
                 .leaves = base::Quantity::FromUnits(query->Int(12)),
                 .cumulative = base::Quantity::FromUnits(query->Int(13)),
                 .explain = query.Text(14)};
}

base::Result<std::vector<FillRow>> Reader::Fills(const FillQuery& query) {
  auto fills = Prepared(fmt::format("SELECT {}{} ORDER BY number {} LIMIT ?8 OFFSET ?9",
                                    kFillColumns, kOfAccount, query.descending ? "DESC" : "ASC"));
  if (!fills) return std::unexpected(fills.error());
  BindFills(*fills, query);
  (*fills)->Bind(8, Bounded(query.limit)).Bind(9, Bounded(query.offset));
  std::vector<FillRow> rows;
  for (;;) {
    const auto row = Next(*fills);
    if (!row) return std::unexpected(row.error());
    if (!*row) return rows;
    auto fill = FillOf(*fills);
    if (!fill) return std::unexpected(fill.error());
    rows.push_back(*std::move(fill));
  }
}

base::Result<uint64_t> Reader::CountFills(const FillQuery& query) {
  const bool all = !query.symbol && !query.from && !query.to && !query.after_number;
  auto count = all ? Prepared("SELECT fills FROM fill_counts WHERE account = ?1")
                   : Prepared(fmt::format("SELECT count(*){}", kOfAccount));
  if (!count) return std::unexpected(count.error());
  if (all) {
    (*count)->BindText(1, query.account);
  } else {
    BindFills(*count, query);
  }
  const auto row = Next(*count);
  if (!row) return std::unexpected(row.error());
  return *row ? (*count)->Uint(0) : 0;
}

base::Result<std::optional<EquityPoint>> Reader::OnePoint(RunningQuery& query,
                                                          std::string_view account) const {
  const auto row = Next(query);
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  auto equity = AmountOf(query, 1), cash = AmountOf(query, 2);
  if (!equity) return std::unexpected(WithAdvice(std::move(equity.error())));
  if (!cash) return std::unexpected(WithAdvice(std::move(cash.error())));
  return EquityPoint{.account = std::string(account),
                     .time = TimeOf(query->Int(0)),
                     .equity = *equity,
                     .cash = *cash,
                     .drawdown = query->Double(3)};
}

base::Result<std::optional<EquityPoint>> Reader::PointBefore(std::string_view account,
                                                             int64_t first, int64_t last) {
  auto newest = Prepared(
      "SELECT time, equity, cash, drawdown FROM equity"
      " WHERE account = ?1 AND time BETWEEN ?2 AND ?3 ORDER BY time DESC LIMIT 1");
  if (!newest) return std::unexpected(newest.error());
  (*newest)->BindText(1, account).Bind(2, first).Bind(3, last);
  return OnePoint(*newest, account);
}

// A look-up for each bucket: what lies between is never touched.
base::Result<std::vector<EquityPoint>> Reader::Equity(const EquityQuery& query) {
  LT_ASSERT(query.bucket.count() > 0, "{}", query.bucket.count());
  const int64_t first = query.from ? Nanoseconds(*query.from) : kFirst;
  int64_t last = query.to ? Nanoseconds(*query.to) : kLast;
  const auto transaction = ReadTransaction::Begin(database_);
  if (!transaction) return std::unexpected(WithAdvice(transaction.error()));
  std::vector<EquityPoint> points;
  while (points.size() < query.limit && first <= last) {
    auto point = PointBefore(query.account, first, last);
    if (!point) return std::unexpected(point.error());
    if (!*point) break;
    const int64_t begins = BucketStart(Nanoseconds((*point)->time), query.bucket.count());
    points.push_back(**std::move(point));
    if (begins == kFirst) break;
    last = begins - 1;
  }
  std::reverse(points.begin(), points.end());
  return points;
}

base::Result<std::optional<EquityPoint>> Reader::EquityAt(std::string_view account,
                                                          base::WallTime time) {
  return PointBefore(account, kFirst, Nanoseconds(time));
}

base::Result<std::optional<EquityPoint>> Reader::FirstEquity(std::string_view account) {
  auto oldest = Prepared(
      "SELECT time, equity, cash, drawdown FROM equity WHERE account = ?1 ORDER BY time LIMIT 1");
  if (!oldest) return std::unexpected(oldest.error());
  (*oldest)->BindText(1, account);
  return OnePoint(*oldest, account);
}

}  // namespace livetape::store
