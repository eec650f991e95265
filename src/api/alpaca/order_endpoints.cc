#include "api/alpaca/order_endpoints.h"

#include <functional>
#include <utility>
#include <vector>

#include "api/alpaca/alpaca_docs.h"
#include "api/alpaca/alpaca_error.h"
#include "api/alpaca/order_body.h"
#include "api/alpaca/order_desk.h"
#include "api/alpaca/order_query.h"
#include "api/alpaca/order_reads.h"
#include "api/alpaca/refusal_answer.h"
#include "api/alpaca/trails.h"

namespace livetape::api {
namespace {

using Handling = http::Reply (*)(const OrderBackend& backend, const http::Request& request,
                                 size_t loop, const AccountWish& account);

// `handling` for those whose account is known.
http::Handler ForAccount(const OrderBackend& backend, Handling handling) {
  return [backend, handling](const http::Request& request, size_t loop) -> http::Reply {
    const auto account = backend.access.OfAlpaca(request);
    if (!account) return account.error();
    return handling(backend, request, loop, *account);
  };
}

// `query` of the store, with the trailing stops as they stand now at the floor.
using OrderRead = std::function<http::Response(store::Reader& reader, const Trails& trails)>;
http::Reply ReadOrders(const OrderBackend& backend, size_t loop, const AccountWish& account,
                       std::function<Trails(Desk&)> trails_of, OrderRead query) {
  return backend.desk.Ask(
      loop, account.name, account.create,
      [&store = backend.store, loop, trails_of = std::move(trails_of),
       query = std::move(query)](Desk& desk) -> DeskAnswer {
        return [&store, loop, trails = trails_of(desk), query](http::Responder responder) {
          store.Read(loop, std::move(responder),
                     [trails, query](store::Reader& reader) { return query(reader, trails); });
        };
      });
}

http::Reply Place(const OrderBackend& backend, const http::Request& request, size_t loop,
                  const AccountWish& account) {
  auto body = ParseOrderBody(request.body);
  if (!body) return BadBody(body.error());
  return backend.desk.Ask(
      loop, account.name, account.create,
      [at = OrderDesk{backend.store, backend.ids, loop}, body = *std::move(body)](Desk& desk) {
        return PlaceOrder(desk, at, body);
      });
}

http::Reply List(const OrderBackend& backend, const http::Request& request, size_t loop,
                 const AccountWish& account) {
  auto wish = ParseOrdersQuery(request.query, backend.instruments, backend.ids);
  if (!wish) return BadBody(wish.error());
  wish->query.account = account.name;
  return ReadOrders(backend, loop, account, TrailsOf,
                    [wish = *std::move(wish)](store::Reader& reader, const Trails& trails) {
                      return OrdersAnswer(reader, wish, trails);
                    });
}

http::Reply Get(const OrderBackend& backend, const http::Request& request, size_t loop,
                const AccountWish& account) {
  const auto nested = SwitchOf(request.query, "nested");
  if (!nested) return BadBody(nested.error());
  const auto id = backend.ids.ParseOrder(request.args[0]);
  if (!id) return OrderNotFound(request.args[0]);
  return ReadOrders(
      backend, loop, account, [id = *id](Desk& desk) { return TrailOf(desk, id); },
      [id = *id, text = request.args[0], nested = *nested, name = account.name](
          store::Reader& reader, const Trails& trails) {
        return OrderAnswer(reader, name, id, text, nested, trails);
      });
}

http::Reply GetByName(const OrderBackend& backend, const http::Request& request, size_t loop,
                      const AccountWish& account) {
  const auto nested = SwitchOf(request.query, "nested");
  if (!nested) return BadBody(nested.error());
  const auto name = request.query.Find("client_order_id");
  if (!name || name->empty()) {
    return BadBody(BadField("client_order_id", "is required").error());
  }
  return ReadOrders(backend, loop, account, TrailsOf,
                    [&ids = backend.ids, name = std::string(*name), nested = *nested,
                     account = account.name](store::Reader& reader, const Trails& trails) {
                      return NamedOrderAnswer(reader, account, name, ids, nested, trails);
                    });
}

http::Reply Replace(const OrderBackend& backend, const http::Request& request, size_t loop,
                    const AccountWish& account) {
  const auto id = backend.ids.ParseOrder(request.args[0]);
  if (!id) return OrderNotFound(request.args[0]);
  auto change = ParseOrderChange(request.body);
  if (!change) return BadBody(change.error());
  return backend.desk.Ask(
      loop, account.name, account.create,
      [at = OrderDesk{backend.store, backend.ids, loop}, id = *id, text = request.args[0],
       change = *change](Desk& desk) { return ReplaceOrder(desk, at, id, text, change); });
}

http::Reply Cancel(const OrderBackend& backend, const http::Request& request, size_t loop,
                   const AccountWish& account) {
  const auto id = backend.ids.ParseOrder(request.args[0]);
  if (!id) return OrderNotFound(request.args[0]);
  return backend.desk.Ask(
      loop, account.name, account.create,
      [at = OrderDesk{backend.store, backend.ids, loop}, id = *id,
       text = request.args[0]](Desk& desk) { return CancelOrder(desk, at, id, text); });
}

http::Reply CancelAll(const OrderBackend& backend, const http::Request&, size_t loop,
                      const AccountWish& account) {
  return backend.desk.Ask(loop, account.name, account.create,
                          [at = OrderDesk{backend.store, backend.ids, loop}](Desk& desk) {
                            return CancelAllOrders(desk, at);
                          });
}

const http::ParameterDoc kNested{"nested", "query", "Legs inside of their orders: true or false.",
                                 "boolean"};
const http::ParameterDoc kOrderId{"order_id", "path", "The order's id.", "string", true};
const http::ResponseDoc kOrder{200, "application/json", "Alpaca's Order object.", "Order"};

std::vector<http::ParameterDoc> ListParameters() {
  return {
      {"status", "query", "open (the default), closed or all.", "OrderStatusFilter"},
      {"limit", "query", "1 to 500, 50 if missing.", "OrderLimit"},
      {"after", "query", "Only those submitted after this time or day."},
      {"until", "query", "Only those submitted before this time or day."},
      {"direction", "query", "desc (the default) or asc, by the time of submission.", "Descending"},
      kNested,
      {"symbols", "query", "Only of these, as a comma list."},
      {"side", "query", "buy or sell.", "Side"},
      {"asset_class", "query", "us_equity, crypto or all.", "AssetClassFilter"},
      {"after_order_id", "query", "Only those submitted after this order."},
      {"before_order_id", "query", "Only those submitted before this order."}};
}

void AddReads(http::Router& router, const OrderBackend& backend) {
  router.Add(
      {.method = "GET",
       .pattern = "/v2/orders",
       .summary = "Orders",
       .parameters = ListParameters(),
       .responses = {{200, "application/json", "An array of Alpaca's Order objects.", "Orders"},
                     docs::kAlpacaUnauthorized,
                     docs::kAlpacaBadParameter,
                     docs::kAlpacaTryAgain},
       .handler = ForAccount(backend, List)});
  router.Add({.method = "GET",
              .pattern = "/v2/orders/{order_id}",
              .summary = "One order",
              .parameters = {kOrderId, kNested},
              .responses = {kOrder, docs::kAlpacaUnauthorized, docs::kAlpacaNoOrder,
                            docs::kAlpacaBadParameter, docs::kAlpacaTryAgain},
              .handler = ForAccount(backend, Get)});
  router.Add({.method = "GET",
              .pattern = "/v2/orders:by_client_order_id",
              .summary = "One order by the client's name of it",
              .parameters = {{"client_order_id", "query", "The name.", "string", true}, kNested},
              .responses = {kOrder, docs::kAlpacaUnauthorized, docs::kAlpacaNoOrder,
                            docs::kAlpacaBadParameter, docs::kAlpacaTryAgain},
              .handler = ForAccount(backend, GetByName)});
}

void AddWrites(http::Router& router, const OrderBackend& backend) {
  router.Add(
      {.method = "POST",
       .pattern = "/v2/orders",
       .summary = "Place an order",
       .parameters = {},
       .request = {{"OrderRequest"}},
       .responses = {{200, "application/json",
                      "Alpaca's Order object as it stands after all that it caused at once. The "
                      "same request under the same client_order_id gets the first order, with "
                      "Idempotent-Replay: true.",
                      "Order"},
                     docs::kAlpacaBadBody,
                     docs::kAlpacaUnauthorized,
                     docs::kAlpacaForbidden,
                     docs::kAlpacaBadParameter,
                     docs::kAlpacaTryAgain},
       .handler = ForAccount(backend, Place)});
  router.Add(
      {.method = "PATCH",
       .pattern = "/v2/orders/{order_id}",
       .summary = "Replace an order by a new one",
       .parameters = {kOrderId},
       .request = {{"OrderChange"}},
       .responses = {{200, "application/json", "The new order; `replaces` names the old.", "Order"},
                     docs::kAlpacaBadBody,
                     docs::kAlpacaUnauthorized,
                     docs::kAlpacaForbidden,
                     docs::kAlpacaNoOrder,
                     docs::kAlpacaBadParameter,
                     docs::kAlpacaTryAgain},
       .handler = ForAccount(backend, Replace)});
  router.Add({.method = "DELETE",
              .pattern = "/v2/orders/{order_id}",
              .summary = "Cancel an order",
              .parameters = {kOrderId},
              .responses = {{204, "", "It is canceled."},
                            docs::kAlpacaUnauthorized,
                            docs::kAlpacaNoOrder,
                            {422, "application/json", "It is not cancelable: over already.",
                             "AlpacaError"},
                            docs::kAlpacaTryAgain},
              .handler = ForAccount(backend, Cancel)});
  router.Add({.method = "DELETE",
              .pattern = "/v2/orders",
              .summary = "Cancel all open orders",
              .parameters = {},
              .responses = {{207, "application/json",
                             "id, status and body of each order; body is null for all when there "
                             "are more than 1000.",
                             "CanceledOrders"},
                            docs::kAlpacaUnauthorized,
                            docs::kAlpacaTryAgain},
              .handler = ForAccount(backend, CancelAll)});
}

}  // namespace

void AddAlpacaOrders(http::Router& router, const OrderBackend& backend) {
  AddReads(router, backend);
  AddWrites(router, backend);
}

void AddAlpacaOrders(http::Router& router, const TradingBackend& backend) {
  AddAlpacaOrders(router, OrderBackend{backend.access, backend.desk, backend.store, backend.ids,
                                       backend.server.instruments});
}

}  // namespace livetape::api
