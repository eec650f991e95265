// Reader's queries of orders. A page is read in two steps: the places of its orders, from an index
// alone as far as its conditions allow, and then these orders themselves.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <set>
#include <utility>

#include "store/bucket.h"
#include "store/reader.h"
#include "store/store_file.h"

namespace livetape::store {
namespace {

constexpr int64_t kFirst = std::numeric_limits<int64_t>::min(),
                  kLast = std::numeric_limits<int64_t>::max();
constexpr std::string_view kColumns =
    "id, seq, parent, account, symbol, side, open, submitted, client_id, json";

OrderRow OrderOf(const RunningQuery& query) {
  return {.id = model::OrderId(query->Uint(0)),
          .seq = query->Uint(1),
          .parent = model::OrderId(query->Uint(2)),
          .account = query.Text(3),
          .symbol = query.Text(4),
          .side = query->Int(5) == 0 ? model::Side::kBuy : model::Side::kSell,
          .open = query->Int(6) != 0,
          .submitted = TimeOf(query->Int(7)),
          .client_id = query.Text(8),
          .json = query.Text(9)};
}

// The places of an account's orders between two others, and their symbols.
std::string PlacesText(bool of_open, bool descending) {
  return fmt::format(
      "SELECT submitted, id, symbol FROM orders INDEXED BY {0}"
      " WHERE account = ?1 AND (submitted, id) > (?2, ?3) AND (submitted, id) < (?4, ?5){1}"
      " AND (?6 < 0 OR side = ?6) AND (?7 < 0 OR open = ?7) AND (?8 = 1 OR parent = 0)"
      " AND (?9 = 0 OR symbol = ?10)"
      " ORDER BY submitted {2}, id {2}",
      of_open ? "orders_open" : "orders_by_time", of_open ? " AND open = 1" : "",
      descending ? "DESC" : "ASC");
}

}  // namespace

base::Result<std::optional<Reader::OrderPlace>> Reader::PlaceOf(std::string_view account,
                                                                model::OrderId id) {
  auto query = Prepared("SELECT submitted FROM orders WHERE id = ?1 AND account = ?2");
  if (!query) return std::unexpected(query.error());
  (*query)->Bind(1, id.value()).BindText(2, account);
  const auto row = Next(*query);
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return OrderPlace{.submitted = (*query)->Int(0), .id = static_cast<int64_t>(id.value())};
}

// Both ends are left out. Nothing: no order can be between them.
base::Result<std::optional<Reader::OrderRange>> Reader::RangeOf(const OrderQuery& query) {
  OrderRange range{.above = {.submitted = kFirst, .id = kFirst},
                   .below = {.submitted = kLast, .id = kLast}};
  if (query.after) range.above = {.submitted = Nanoseconds(*query.after), .id = kLast};
  if (query.until) range.below = {.submitted = Nanoseconds(*query.until), .id = kFirst};
  if (query.after_order) {
    const auto place = PlaceOf(query.account, *query.after_order);
    if (!place) return std::unexpected(place.error());
    if (!*place) return std::nullopt;
    range.above = std::max(range.above, **place);
  }
  if (query.before_order) {
    const auto place = PlaceOf(query.account, *query.before_order);
    if (!place) return std::unexpected(place.error());
    if (!*place) return std::nullopt;
    range.below = std::min(range.below, **place);
  }
  return range;
}

base::Result<std::vector<Reader::OrderPlace>> Reader::PlacesOf(const OrderQuery& query,
                                                               const OrderRange& range) {
  const bool of_open = query.open == true;
  auto found = Prepared(PlacesText(of_open, query.descending));
  if (!found) return std::unexpected(found.error());
  (*found)
      ->BindText(1, query.account)
      .Bind(2, range.above.submitted)
      .Bind(3, range.above.id)
      .Bind(4, range.below.submitted)
      .Bind(5, range.below.id)
      .Bind(6, query.side ? static_cast<int64_t>(*query.side) : int64_t{-1})
      .Bind(7, query.open && !of_open ? int64_t{*query.open} : int64_t{-1})
      .Bind(8, int64_t{query.with_legs})
      .Bind(9, int64_t{query.symbols.size() == 1})
      .BindText(10, query.symbols.empty() ? std::string_view("") : query.symbols.front());
  const std::set<std::string, std::less<>> symbols(query.symbols.begin(), query.symbols.end());
  std::vector<OrderPlace> places;
  while (places.size() < query.limit) {
    const auto row = Next(*found);
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    if (!symbols.empty() && !symbols.contains((*found)->Text(2))) continue;
    places.push_back({.submitted = (*found)->Int(0), .id = (*found)->Int(1)});
  }
  return places;
}

base::Result<std::vector<OrderRow>> Reader::Orders(const OrderQuery& query) {
  const auto transaction = ReadTransaction::Begin(database_);
  if (!transaction) return std::unexpected(WithAdvice(transaction.error()));
  const auto range = RangeOf(query);
  if (!range) return std::unexpected(range.error());
  if (!*range) return std::vector<OrderRow>{};
  const auto places = PlacesOf(query, **range);
  if (!places) return std::unexpected(places.error());
  std::vector<OrderRow> orders;
  orders.reserve(places->size());
  for (const OrderPlace& place : *places) {
    auto order = Order(query.account, model::OrderId(static_cast<uint64_t>(place.id)));
    if (!order) return std::unexpected(order.error());
    if (*order) orders.push_back(**std::move(order));
  }
  return orders;
}

base::Result<std::vector<OrderRow>> Reader::Legs(const std::vector<model::OrderId>& parents) {
  const auto transaction = ReadTransaction::Begin(database_);
  if (!transaction) return std::unexpected(WithAdvice(transaction.error()));
  auto query = Prepared(fmt::format(
      "SELECT {} FROM orders INDEXED BY orders_by_parent WHERE parent = ?1 AND parent <> 0",
      kColumns));
  if (!query) return std::unexpected(query.error());
  std::vector<model::OrderId> ids = parents;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<OrderRow> legs;
  for (const model::OrderId parent : ids) {
    (*query)->Bind(1, parent.value());
    for (;;) {
      const auto row = Next(*query);
      if (!row) return std::unexpected(row.error());
      if (!*row) break;
      legs.push_back(OrderOf(*query));
    }
  }
  std::sort(legs.begin(), legs.end(),
            [](const OrderRow& a, const OrderRow& b) { return a.id < b.id; });
  return legs;
}

base::Result<std::optional<OrderRow>> Reader::Order(std::string_view account, model::OrderId id) {
  auto query =
      Prepared(fmt::format("SELECT {} FROM orders WHERE id = ?1 AND account = ?2", kColumns));
  if (!query) return std::unexpected(query.error());
  (*query)->Bind(1, id.value()).BindText(2, account);
  const auto row = Next(*query);
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return OrderOf(*query);
}

base::Result<std::optional<OrderRow>> Reader::OrderByClientId(std::string_view account,
                                                              std::string_view client_id) {
  auto query =
      Prepared(fmt::format("SELECT {} FROM orders INDEXED BY orders_by_client WHERE account = ?1"
                           " AND client_id = ?2 AND client_id <> '' ORDER BY id DESC LIMIT 1",
                           kColumns));
  if (!query) return std::unexpected(query.error());
  (*query)->BindText(1, account).BindText(2, client_id);
  const auto row = Next(*query);
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return OrderOf(*query);
}

}  // namespace livetape::store
