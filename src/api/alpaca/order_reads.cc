#include "api/alpaca/order_reads.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "api/alpaca/alpaca_error.h"
#include "api/alpaca/order_legs.h"
#include "api/alpaca/refusal_answer.h"
#include "api/alpaca/same_order.h"
#include "api/paper/order_record.h"

namespace livetape::api {
namespace {

using store::OrderRow;

http::Response StoreFault(const base::Error& error) {
  return AlpacaError(500, kCodeInternal, "the books cannot be read: " + error.message);
}

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

void SetTrails(OrderRow& row, const Trails& trails) {
  if (!row.open) return;  // its end is on record
  const auto trail = trails.find(row.id);
  if (trail != trails.end()) SetTrail(row.json, trail->second);
}

// A leg that another one has taken the place of. No string can hold this text.
bool Replaced(const OrderRow& row) {
  return row.json.find("\"status\":\"replaced\"") != std::string::npos;
}

// The texts of the legs that count now, by parent.
using LegTexts = std::map<model::OrderId, std::vector<std::string>>;

base::Result<LegTexts> LegsOf(store::Reader& reader, const std::vector<model::OrderId>& parents) {
  LegTexts texts;
  auto legs = reader.Legs(parents);
  if (!legs) return std::unexpected(std::move(legs.error()));
  for (OrderRow& leg : *legs) {
    if (!Replaced(leg)) texts[leg.parent].push_back(std::move(leg.json));
  }
  return texts;
}

// `rows`, those that are parents with their legs inside.
base::Result<std::string> NestedList(store::Reader& reader, const std::vector<OrderRow>& rows) {
  std::vector<model::OrderId> parents;
  parents.reserve(rows.size());
  for (const OrderRow& row : rows) parents.push_back(row.id);
  const auto legs = LegsOf(reader, parents);
  if (!legs) return std::unexpected(legs.error());
  std::string out = "[";
  for (const OrderRow& row : rows) {
    if (out.size() > 1) out += ',';
    const auto own = legs->find(row.id);
    AppendNested(out, row.json, own == legs->end() ? std::span<const std::string>() : own->second);
  }
  return out + ']';
}

// Which of the open orders stand by themselves in a nested list: parents, and legs of those that
// are done.
class TopLevel {
 public:
  TopLevel(store::Reader& reader, const std::string& account)
      : reader_(reader), account_(account) {}

  base::Result<bool> Has(const OrderRow& row) {
    if (row.parent == model::OrderId{}) return true;
    const auto known = parent_open_.find(row.parent);
    if (known != parent_open_.end()) return !known->second;
    const auto parent = reader_.Order(account_, row.parent);
    if (!parent) return std::unexpected(parent.error());
    const bool open = *parent && (*parent)->open;
    parent_open_.emplace(row.parent, open);
    return !open;
  }

 private:
  store::Reader& reader_;
  const std::string& account_;
  std::map<model::OrderId, bool> parent_open_;
};

base::Result<std::vector<OrderRow>> OpenTopLevel(store::Reader& reader, store::OrderQuery query) {
  const size_t wanted = std::exchange(query.limit, kOrdersMax);
  TopLevel top_level(reader, query.account);
  std::vector<OrderRow> found;
  for (;;) {
    auto rows = reader.Orders(query);
    if (!rows) return rows;
    for (OrderRow& row : *rows) {
      const auto has = top_level.Has(row);
      if (!has) return std::unexpected(has.error());
      if (!*has) continue;
      found.push_back(row);
      if (found.size() == wanted) return found;
    }
    if (rows->size() < query.limit) return found;
    (query.descending ? query.before_order : query.after_order) = rows->back().id;
  }
}

http::Response OneOrder(store::Reader& reader, OrderRow row, bool nested, const Trails& trails) {
  SetTrails(row, trails);
  if (!nested) return Json(row.json);
  const auto legs = LegsOf(reader, {row.id});
  if (!legs) return StoreFault(legs.error());
  std::string out;
  const auto own = legs->find(row.id);
  AppendNested(out, row.json, own == legs->end() ? std::span<const std::string>() : own->second);
  return Json(std::move(out));
}

size_t LegCountOf(model::OrderClass order_class) {
  switch (order_class) {
    case model::OrderClass::kSimple:
      return 0;
    case model::OrderClass::kBracket:
      return 2;
    case model::OrderClass::kOco:
    case model::OrderClass::kOto:
      return 1;
  }
  return 0;
}

// The legs that were placed with `order`, as they were told last. Who replaces an order takes its legs
// over, so they are found by their ids: those that follow the order's own.
base::Result<std::vector<OrderRow>> LegsPlacedWith(store::Reader& reader, const OrderRow& row,
                                                   const model::Order& order) {
  if (order.replaces != model::OrderId{}) return reader.Legs({row.id});
  std::vector<OrderRow> legs;
  for (size_t i = 1; i <= LegCountOf(order.order_class); ++i) {
    auto leg = reader.Order(row.account, model::OrderId(row.id.value() + i));
    if (!leg) return std::unexpected(std::move(leg.error()));
    if (*leg) legs.push_back(**std::move(leg));
  }
  return legs;
}

// The order of `row` and its legs as they were at first.
base::Result<FirstOrder> ReadFirst(store::Reader& reader, const OrderRow& row,
                                   const TradingIds& ids) {
  auto order = ParseOrderJson(row.json, ids);
  if (!order) return std::unexpected(std::move(order.error()));
  FirstOrder first{.order = order->order, .symbol = order->instrument.symbol, .legs = {}};
  const auto legs = LegsPlacedWith(reader, row, first.order);
  if (!legs) return std::unexpected(legs.error());
  for (const OrderRow& leg : *legs) {
    const auto read = ParseOrderJson(leg.json, ids);
    if (!read) return std::unexpected(read.error());
    if (read->order.replaces == model::OrderId{}) first.legs.push_back(read->order);
  }
  return first;
}

}  // namespace

http::Response OrdersAnswer(store::Reader& reader, const OrdersWish& wish, const Trails& trails) {
  store::OrderQuery query = wish.query;
  const bool open = query.open.value_or(false);
  query.with_legs = !wish.nested;
  if (wish.nested && open) query.with_legs = true;
  auto rows = wish.nested && open ? OpenTopLevel(reader, query) : reader.Orders(query);
  if (!rows) return StoreFault(rows.error());
  for (OrderRow& row : *rows) SetTrails(row, trails);
  if (wish.nested) {
    auto list = NestedList(reader, *rows);
    return list ? Json(*std::move(list)) : StoreFault(list.error());
  }
  std::string out = "[";
  for (const OrderRow& row : *rows) {
    if (out.size() > 1) out += ',';
    out += row.json;
  }
  return Json(out + ']');
}

http::Response OrderAnswer(store::Reader& reader, std::string_view account, model::OrderId id,
                           std::string_view text, bool nested, const Trails& trails) {
  const auto row = reader.Order(account, id);
  if (!row) return StoreFault(row.error());
  return *row ? OneOrder(reader, **row, nested, trails) : OrderNotFound(text);
}

http::Response NamedOrderAnswer(store::Reader& reader, std::string_view account,
                                std::string_view name, const TradingIds& ids, bool nested,
                                const Trails& trails) {
  const auto row = reader.OrderByClientId(account, name);
  if (!row) return StoreFault(row.error());
  if (*row) return OneOrder(reader, **row, nested, trails);
  const auto id = ids.ParseOrder(name);
  if (!id) return OrderNotFound(name);
  const auto own = reader.Order(account, *id);
  if (!own) return StoreFault(own.error());
  if (!*own || !(*own)->client_id.empty()) return OrderNotFound(name);
  return OneOrder(reader, **own, nested, trails);
}

http::Response ClosedOrderAnswer(store::Reader& reader, std::string_view account, model::OrderId id,
                                 std::string_view text, floor::RefusalReason reason) {
  const auto row = reader.Order(account, id);
  if (!row) return StoreFault(row.error());
  if (!*row) return OrderNotFound(text);
  floor::Refusal refusal;
  refusal.reason = reason;
  return RefusalAnswer(refusal, {.symbol = (*row)->symbol, .order = text});
}

http::Response RepeatedOrderAnswer(store::Reader& reader, std::string_view account,
                                   model::OrderId first, const floor::OrderRequest& request,
                                   const model::Instrument& instrument, const TradingIds& ids) {
  const auto row = reader.Order(account, first);
  if (!row) return StoreFault(row.error());
  if (*row) {
    const auto read = ReadFirst(reader, **row, ids);
    if (!read) return StoreFault(read.error());
    if (AskedForTheSame(request, instrument.symbol, *read)) {
      http::Response response = OneOrder(reader, **row, true, {});
      response.headers.Add("Idempotent-Replay", "true");
      return response;
    }
  }
  floor::Refusal refusal;
  refusal.reason = floor::RefusalReason::kDuplicateClientOrderId;
  return RefusalAnswer(refusal, {.symbol = instrument.symbol, .order = ""});
}

}  // namespace livetape::api
