#include "api/alpaca/order_desk.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "api/alpaca/order_legs.h"
#include "api/alpaca/order_reads.h"
#include "api/alpaca/refusal_answer.h"
#include "api/paper/order_record.h"

namespace livetape::api {
namespace {

std::string_view SymbolOf(Desk& desk, model::OrderId id) {
  const model::Order* const order = desk.floor().FindOpen(desk.account(), id);
  return order == nullptr ? std::string_view() : desk.instrument(order->instrument).symbol;
}

// An order that the floor does not know may be one that is over: the store tells.
DeskAnswer NotOpen(Desk& desk, const OrderDesk& at, model::OrderId id, const std::string& text,
                   floor::RefusalReason if_closed) {
  return [at, id, text, if_closed, account = desk.account_name()](http::Responder responder) {
    at.store.Read(at.loop, std::move(responder), [=](store::Reader& reader) {
      return ClosedOrderAnswer(reader, account, id, text, if_closed);
    });
  };
}

DeskAnswer Refused(Desk& desk, const OrderDesk& at, const floor::Refusal& refusal,
                   model::OrderId id, const std::string& text, floor::RefusalReason if_closed) {
  // Of an order that is over only the store knows whose it was.
  if (desk.floor().FindOpen(desk.account(), id) == nullptr) {
    return NotOpen(desk, at, id, text, if_closed);
  }
  return RefusalAnswer(refusal, {.symbol = SymbolOf(desk, id), .order = text});
}

// The first order of that name, if this is the same request again.
DeskAnswer Repeated(Desk& desk, const OrderDesk& at, model::OrderId first,
                    const floor::OrderRequest& request) {
  return [at, first, request, account = desk.account_name(),
          instrument = desk.instrument(request.instrument)](http::Responder responder) {
    at.store.Read(at.loop, std::move(responder),
                  [&ids = at.ids, first, request, account, instrument](store::Reader& reader) {
                    return RepeatedOrderAnswer(reader, account, first, request, instrument, ids);
                  });
  };
}

// A name that is another order's id would make two orders of one name.
bool NamesAnOrder(Desk& desk, const OrderDesk& at, const model::ClientOrderId& name) {
  const auto id = at.ids.ParseOrder(name.view());
  return id && *id < desk.floor().next_order();
}

http::Response NameTaken(std::string_view symbol) {
  floor::Refusal refusal;
  refusal.reason = floor::RefusalReason::kDuplicateClientOrderId;
  return RefusalAnswer(refusal, {.symbol = symbol, .order = ""});
}

struct Cancelation {
  model::OrderId id;
  floor::Refusal refusal;  // kNone: it is canceled
  std::optional<ToldOrder> order;
};

http::Response CancelationsAnswer(const std::vector<Cancelation>& all, const TradingIds& ids) {
  http::Response response;
  response.status = 207;
  std::string& out = response.body;
  out = "[";
  for (const Cancelation& one : all) {
    if (out.size() > 1) out += ',';
    const std::string id = ids.Order(one.id);
    const bool done = one.refusal.reason == floor::RefusalReason::kNone;
    out += fmt::format(R"({{"id":"{}","status":{},"body":)", id,
                       done ? 200 : StatusOf(one.refusal.reason));
    if (!done) {
      out += RefusalAnswer(one.refusal, {.symbol = "", .order = id}).body;
    } else if (one.order) {
      AppendOrderJson(out, one.order->order, one.order->instrument, ids);
    } else {
      out += "null";
    }
    out += '}';
  }
  out += ']';
  return response;
}

}  // namespace

std::optional<ToldOrder> OrderNow(Desk& desk, model::OrderId id) {
  const auto events = desk.events();
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (event->order.id == id)
      return ToldOrder{event->order, desk.instrument(event->order.instrument)};
  }
  const model::Order* const order = desk.floor().FindOpen(desk.account(), id);
  if (order == nullptr) return std::nullopt;
  return ToldOrder{*order, desk.instrument(order->instrument)};
}

std::vector<ToldOrder> OrderWithLegs(Desk& desk, model::OrderId id) {
  std::vector<ToldOrder> orders;
  auto order = OrderNow(desk, id);
  if (!order) return orders;
  orders.push_back(*std::move(order));
  for (const model::OrderId leg : {orders[0].order.take_profit, orders[0].order.stop_loss}) {
    if (leg == model::OrderId{} || leg == id) continue;  // an OCO's take-profit is itself
    if (auto told = OrderNow(desk, leg)) orders.push_back(*std::move(told));
  }
  return orders;
}

std::string NestedJson(const std::vector<ToldOrder>& orders, const TradingIds& ids) {
  std::vector<std::string> texts;
  for (const ToldOrder& told : orders) {
    AppendOrderJson(texts.emplace_back(), told.order, told.instrument, ids);
  }
  std::string out;
  if (!texts.empty()) AppendNested(out, texts[0], std::span(texts).subspan(1));
  return out;
}

DeskAnswer TellOrder(Desk& desk, const OrderDesk& at, model::OrderId id) {
  return [&ids = at.ids, orders = std::make_shared<const std::vector<ToldOrder>>(
                             OrderWithLegs(desk, id))](const http::Responder& responder) {
    http::Response response;
    response.body = NestedJson(*orders, ids);
    responder.Send(std::move(response));
  };
}

DeskAnswer PlaceOrder(Desk& desk, const OrderDesk& at, const OrderBody& body) {
  const auto instrument = desk.FindInstrument(body.symbol);
  if (!instrument) return AssetNotFound(body.symbol);
  floor::OrderRequest request = body.request;
  request.instrument = *instrument;
  const std::string& symbol = desk.instrument(*instrument).symbol;
  if (NamesAnOrder(desk, at, request.client_id)) return NameTaken(symbol);
  const auto placed = desk.floor().Place(desk.now(), desk.account(), request);
  if (placed) return TellOrder(desk, at, *placed);
  if (placed.error().reason == floor::RefusalReason::kDuplicateClientOrderId) {
    return Repeated(desk, at, placed.error().order, request);
  }
  return RefusalAnswer(placed.error(), {.symbol = symbol, .order = ""});
}

DeskAnswer ReplaceOrder(Desk& desk, const OrderDesk& at, model::OrderId id, const std::string& text,
                        const floor::OrderChange& change) {
  if (NamesAnOrder(desk, at, change.client_id)) return NameTaken(SymbolOf(desk, id));
  const auto replaced = desk.floor().Replace(desk.now(), desk.account(), id, change);
  if (replaced) return TellOrder(desk, at, *replaced);
  return Refused(desk, at, replaced.error(), id, text, floor::RefusalReason::kReplaceNotAllowed);
}

DeskAnswer CancelOrder(Desk& desk, const OrderDesk& at, model::OrderId id,
                       const std::string& text) {
  const auto canceled = desk.floor().Cancel(desk.now(), desk.account(), id);
  if (!canceled) {
    return Refused(desk, at, canceled.error(), id, text, floor::RefusalReason::kNotCancelable);
  }
  http::Response response;
  response.status = 204;
  response.content_type.clear();
  return response;
}

DeskAnswer CancelAllOrders(Desk& desk, const OrderDesk& at) {
  std::vector<Cancelation> all;
  for (const model::Order* order : desk.floor().OpenOrders(desk.account())) {
    all.push_back({.id = order->id, .refusal = {}, .order = {}});
  }
  for (Cancelation& one : all) {
    // A leg goes with the other, or with its parent.
    if (desk.floor().FindOpen(desk.account(), one.id) == nullptr) continue;
    const auto canceled = desk.floor().Cancel(desk.now(), desk.account(), one.id);
    if (!canceled) one.refusal = canceled.error();
  }
  if (all.size() <= kToldOrdersMax) {
    for (Cancelation& one : all) one.order = OrderNow(desk, one.id);
  }
  return [&ids = at.ids, told = std::make_shared<const std::vector<Cancelation>>(std::move(all))](
             const http::Responder& responder) { responder.Send(CancelationsAnswer(*told, ids)); };
}

}  // namespace livetape::api
