// GET and DELETE /v2/positions (API section 9).

#include <fmt/format.h>

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/alpaca/alpaca_docs.h"
#include "api/alpaca/order_body.h"
#include "api/alpaca/order_desk.h"
#include "api/alpaca/order_query.h"
#include "api/alpaca/position_json.h"
#include "api/alpaca/refusal_answer.h"
#include "api/alpaca/symbol_path.h"
#include "api/alpaca_account/alpaca_account.h"
#include "api/alpaca_account/for_account.h"
#include "base/json_text.h"

namespace livetape::api {
namespace {

http::Response Refused(floor::RefusalReason reason) {
  floor::Refusal refusal;
  refusal.reason = reason;
  return RefusalAnswer(refusal, {.symbol = "", .order = ""});
}
http::Response NoPosition() { return Refused(floor::RefusalReason::kNoPosition); }

// The instrument that `text` names: a symbol in any spelling, or an asset's id.
std::optional<model::InstrumentId> InstrumentOf(Desk& desk, const TradingIds& ids,
                                                const std::string& text) {
  if (const auto found = desk.FindInstrument(text)) return found;
  for (const auto& [id, position] : desk.floor().account(desk.account()).positions()) {
    if (ids.Asset(desk.instrument(id).symbol) == text) return id;
  }
  return std::nullopt;
}

http::Response PositionsAnswer(Desk& desk, const TradingIds& ids) {
  http::Response response;
  std::string& out = response.body;
  out = "[";
  for (const auto& [id, position] : desk.floor().account(desk.account()).positions()) {
    if (out.size() > 1) out += ',';
    AppendAlpacaPosition(out, position, desk.instrument(id), desk.floor().quotes().Find(id), ids);
  }
  out += ']';
  return response;
}

http::Response PositionAnswer(Desk& desk, const TradingIds& ids, const std::string& symbol) {
  const auto id = InstrumentOf(desk, ids, symbol);
  const floor::Position* const position =
      id ? desk.floor().account(desk.account()).Find(*id) : nullptr;
  if (position == nullptr) return NoPosition();
  http::Response response;
  AppendAlpacaPosition(response.body, *position, desk.instrument(*id),
                       desk.floor().quotes().Find(*id), ids);
  return response;
}

// How much of a position is to be closed; nothing of both: all of it.
struct Share {
  std::optional<base::Quantity> quantity;
  std::optional<base::Decimal> percentage;  // 100 is all
};

std::expected<Share, http::Response> ShareOf(const http::Query& query) {
  using Reason = floor::RefusalReason;
  const auto wrong = [](std::string field, std::string_view what) {
    return std::unexpected(BadBody(BadField(std::move(field), what).error()));
  };
  const auto qty = query.Find("qty");
  const auto percentage = query.Find("percentage");
  if (qty && percentage) return wrong("qty", "and percentage exclude each other: send one");
  Share share;
  if (qty) {
    const auto value = base::Quantity::Parse(*qty);
    if (!value) return wrong("qty", value.error().message);
    if (!value->positive()) return std::unexpected(Refused(Reason::kQuantityNotPositive));
    share.quantity = *value;
  }
  if (percentage) {
    const auto value = base::Decimal::Parse(*percentage);
    if (!value) return wrong("percentage", value.error().message);
    if (!value->positive() || value->units() > 100 * base::kDecimalScale) {
      return std::unexpected(Refused(Reason::kBadPercentage));
    }
    share.percentage = *value;
  }
  return share;
}

base::Quantity QuantityOf(const floor::Position& position, const Share& share) {
  const int64_t all =
      position.quantity.units() < 0 ? -position.quantity.units() : position.quantity.units();
  if (share.quantity) return *share.quantity;
  if (!share.percentage) return base::Quantity::FromUnits(all);
  // percentage / 100, cut to 10^-9.
  const base::Int128 part = base::Int128{all} * share.percentage->units();
  return base::Quantity::FromUnits(
      static_cast<int64_t>(part / (base::Int128{100} * base::kDecimalScale)));
}

std::expected<model::OrderId, floor::Refusal> Close(Desk& desk, model::InstrumentId instrument,
                                                    base::Quantity quantity) {
  const floor::Position* const position = desk.floor().account(desk.account()).Find(instrument);
  floor::OrderRequest order;
  order.instrument = instrument;
  order.side = position->quantity.units() > 0 ? model::Side::kSell : model::Side::kBuy;
  order.quantity = quantity;
  return desk.floor().Place(desk.now(), desk.account(), order);
}

DeskAnswer CloseOne(Desk& desk, const OrderDesk& at, const std::string& symbol,
                    const Share& share) {
  const auto id = InstrumentOf(desk, at.ids, symbol);
  const floor::Position* const position =
      id ? desk.floor().account(desk.account()).Find(*id) : nullptr;
  if (position == nullptr) return NoPosition();
  const auto placed = Close(desk, *id, QuantityOf(*position, share));
  if (placed) return TellOrder(desk, at, *placed);
  return RefusalAnswer(placed.error(), {.symbol = desk.instrument(*id).symbol, .order = ""});
}

// 207 with the closing order, or the refusal, of each.
DeskAnswer CloseAll(Desk& desk, const OrderDesk& at, bool cancel_orders) {
  if (cancel_orders) {
    std::vector<model::OrderId> open;
    for (const model::Order* order : desk.floor().OpenOrders(desk.account())) {
      open.push_back(order->id);
    }
    // One that has gone with another already has nothing to cancel.
    for (const model::OrderId id : open) (void)desk.floor().Cancel(desk.now(), desk.account(), id);
  }
  std::vector<std::pair<model::InstrumentId, base::Quantity>> all;
  for (const auto& [id, position] : desk.floor().account(desk.account()).positions()) {
    all.emplace_back(id, QuantityOf(position, {}));
  }
  http::Response response;
  response.status = 207;
  std::string& out = response.body;
  out = "[";
  for (const auto& [id, quantity] : all) {
    const std::string& symbol = desk.instrument(id).symbol;
    const auto placed = Close(desk, id, quantity);
    if (out.size() > 1) out += ',';
    out += "{\"symbol\":";
    base::AppendJsonString(out, symbol);
    const auto refused = [&] {
      return RefusalAnswer(placed.error(), {.symbol = symbol, .order = ""});
    };
    out += fmt::format(",\"status\":{},\"body\":", placed ? 200 : refused().status);
    out += placed ? NestedJson(OrderWithLegs(desk, *placed), at.ids) : refused().body;
    out += '}';
  }
  out += ']';
  return response;
}

const http::ResponseDoc kNoPosition{404, "application/json", "There is no such position.",
                                    "AlpacaError"};

// Of one position.
struct PositionPath {
  std::string pattern;
  std::vector<http::ParameterDoc> parameters;
};
std::vector<PositionPath> PositionPaths() {
  return {{"/v2/positions/{symbol}",
           {{"symbol", "path", "A symbol in any spelling, or an asset's id.", "string", true}}},
          {"/v2/positions/{base}/{quote}", {docs::kBaseOfCoin, docs::kQuoteOfCoin}}};
}

void AddReads(http::Router& router, const TradingBackend& trading) {
  router.Add({.method = "GET",
              .pattern = "/v2/positions",
              .summary = "Open positions",
              .parameters = {},
              .responses = {{200, "application/json", "An array of Alpaca's Position objects.",
                             "Positions"},
                            docs::kAlpacaUnauthorized,
                            docs::kAlpacaTryAgain},
              .handler = ForAccount(trading.access, [&trading](const http::Request&, size_t loop,
                                                               const AccountWish& account) {
                return trading.desk.Ask(loop, account.name, account.create,
                                        [&ids = trading.ids](Desk& desk) -> DeskAnswer {
                                          return PositionsAnswer(desk, ids);
                                        });
              })});
  std::vector<PositionPath> paths = PositionPaths();
  for (PositionPath& path : paths) {
    router.Add(
        {.method = "GET",
         .pattern = std::move(path.pattern),
         .summary = "One open position",
         .parameters = std::move(path.parameters),
         .responses = {{200, "application/json", "Alpaca's Position object.", "Position"},
                       docs::kAlpacaUnauthorized,
                       kNoPosition,
                       docs::kAlpacaTryAgain},
         .handler = ForAccount(trading.access, [&trading](const http::Request& request, size_t loop,
                                                          const AccountWish& account) {
           return trading.desk.Ask(
               loop, account.name, account.create,
               [&ids = trading.ids, name = SymbolInPath(request)](Desk& desk) -> DeskAnswer {
                 return PositionAnswer(desk, ids, name);
               });
         })});
  }
}

http::Reply CloseOne(const TradingBackend& trading, const http::Request& request, size_t loop,
                     const AccountWish& account) {
  const auto share = ShareOf(request.query);
  if (!share) return share.error();
  return trading.desk.Ask(
      loop, account.name, account.create,
      [at = OrderDesk{trading.store, trading.ids, loop}, share = *share,
       name = SymbolInPath(request)](Desk& desk) { return CloseOne(desk, at, name, share); });
}

void AddClosings(http::Router& router, const TradingBackend& trading) {
  std::vector<PositionPath> paths = PositionPaths();
  for (PositionPath& path : paths) {
    path.parameters.push_back({"qty", "query", "How much of it; all if missing."});
    path.parameters.push_back({"percentage", "query", "Or how many percent of it, up to 100."});
    router.Add(
        {.method = "DELETE",
         .pattern = std::move(path.pattern),
         .summary = "Close a position, or a part of it, by a market order",
         .parameters = std::move(path.parameters),
         .responses = {{200, "application/json", "The closing order.", "Order"},
                       docs::kAlpacaUnauthorized,
                       docs::kAlpacaForbidden,
                       kNoPosition,
                       docs::kAlpacaBadParameter,
                       docs::kAlpacaTryAgain},
         .handler = ForAccount(trading.access, [&trading](const http::Request& request, size_t loop,
                                                          const AccountWish& account) {
           return CloseOne(trading, request, loop, account);
         })});
  }
  router.Add(
      {.method = "DELETE",
       .pattern = "/v2/positions",
       .summary = "Close all positions by market orders",
       .parameters = {{"cancel_orders", "query", "true: cancel open orders first.", "boolean"}},
       .responses = {{207, "application/json", "symbol, status and order of each.",
                      "ClosedPositions"},
                     docs::kAlpacaUnauthorized,
                     docs::kAlpacaBadParameter,
                     docs::kAlpacaTryAgain},
       .handler = ForAccount(trading.access,
                             [&trading](const http::Request& request, size_t loop,
                                        const AccountWish& account) -> http::Reply {
                               const auto cancel = SwitchOf(request.query, "cancel_orders");
                               if (!cancel) return BadBody(cancel.error());
                               return trading.desk.Ask(
                                   loop, account.name, account.create,
                                   [at = OrderDesk{trading.store, trading.ids, loop},
                                    cancel = *cancel](Desk& desk) {
                                     return CloseAll(desk, at, cancel);
                                   });
                             })});
}

}  // namespace

void AddPositions(http::Router& router, const AlpacaAccountView& view) {
  AddReads(router, view.trading);
  AddClosings(router, view.trading);
}

}  // namespace livetape::api
