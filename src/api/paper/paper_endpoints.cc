#include "api/paper/paper_endpoints.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/paper/paper_json.h"
#include "api/query_fields.h"
#include "base/assert.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "model/bar.h"

namespace livetape::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kEquityInterval{250};
constexpr seconds kEquityHeartbeat{5};
constexpr uint64_t kTradesMax = 1000, kTradesUsual = 50;
constexpr uint64_t kOffsetMax = 100'000'000;
constexpr uint64_t kPointsMax = 10'000, kPointsUsual = 1000;

const http::ParameterDoc kAccount{"account", "query",
                                  "The account's name; the default account if missing."};
const http::ResponseDoc kNoAccount{404, "application/problem+json", "There is no such account."};

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

http::Response Unreadable(const base::Error& error) { return http::Problem(500, error.message); }

void AppendTime(std::string& out, base::WallTime time) {
  out += '"';
  base::AppendRfc3339(out, time);
  out += '"';
}

// --- GET /api/events/equity

http::Reply EquityStream(const PaperView& view, const http::Request& request, size_t loop,
                         const Caller& caller) {
  const auto account = view.trading.access.OfNative(request);
  if (!account) return account.error();
  const auto interval = IntervalField(request.query, kEquityInterval);
  if (!interval) return interval.error();
  auto pattern = hub::TopicPattern::Parse(PaperTopic(account->name, "equity"));
  LT_ASSERT(pattern.has_value(), "account {}", account->name);
  StreamWish wish;
  wish.spec.patterns = {*std::move(pattern)};
  wish.spec.types = {std::string(kEquityType)};
  wish.spec.rendering = &view.rendering;
  wish.spec.interval = *interval;
  wish.spec.heartbeat = kEquityHeartbeat;
  wish.opened = view.trading.server.market_stream_opened;
  // A token that names topics reaches no others, though its subject owns the account.
  if (caller.claims && caller.claims->topics) {
    if (auto refused = view.trading.server.access.Refuse(caller, wish.spec.patterns)) {
      return *std::move(refused);
    }
  }
  return view.trading.server.loops[loop]->Open(request, caller, std::move(wish));
}

// --- GET /api/paper-trading/status

http::Response StatusOf(Desk& desk, const std::string& strategy) {
  const floor::Account& account = desk.floor().account(desk.account());
  std::string out = "{";
  AppendEquityFields(
      out, desk.floor(), desk.account(), desk.account_name(),
      [&desk](model::InstrumentId id) -> const model::Instrument& { return desk.instrument(id); },
      desk.now());
  out += fmt::format(",\"running\":{},\"state\":\"{}\",\"strategy\":\"{}\",\"open_orders\":{}",
                     account.state() != floor::AccountState::kHalted, floor::Name(account.state()),
                     strategy, desk.floor().OpenOrders(desk.account()).size());
  out += ",\"started_at\":";
  AppendTime(out, account.reset_at());
  return Json(out + '}');
}

http::Reply Status(const PaperView& view, const http::Request& request, size_t loop) {
  const auto account = view.trading.access.OfNative(request);
  if (!account) return account.error();
  const bool is_default = account->name == view.directory.default_account();
  return view.trading.desk.Ask(loop, account->name, false,
                               [strategy = is_default ? view.strategy : "none"](
                                   Desk& desk) -> DeskAnswer { return StatusOf(desk, strategy); });
}

// --- GET /api/paper-trading/trades

void AppendTrade(std::string& out, const store::FillRow& fill, const TradingIds& ids) {
  out += fmt::format(R"({{"id":"{}","order_id":"{}","symbol":)", ids.Execution(fill.number),
                     ids.Order(fill.order));
  base::AppendJsonString(out, fill.symbol);
  out += fmt::format(R"(,"side":"{}","quantity":)", model::Name(fill.side));
  fill.quantity.AppendTo(out);
  out += ",\"price\":";
  fill.price.AppendTo(out);
  out += ",\"fee\":";
  fill.fee.AppendTo(out);
  out += ",\"realized_pnl\":";
  fill.realized.AppendTo(out);
  out += ",\"timestamp\":";
  AppendTime(out, fill.time);
  out += ",\"explain\":";
  out += fill.explain;
  out += '}';
}

http::Response TradesOf(store::Reader& reader, const store::FillQuery& query,
                        const TradingIds& ids) {
  const auto fills = reader.Fills(query);
  if (!fills) return Unreadable(fills.error());
  const auto total = reader.CountFills(query);
  if (!total) return Unreadable(total.error());
  std::string out = "{\"trades\":[";
  for (const store::FillRow& fill : *fills) {
    if (&fill != fills->data()) out += ',';
    AppendTrade(out, fill, ids);
  }
  return Json(out + fmt::format("],\"total\":{},\"limit\":{},\"offset\":{}}}", *total, query.limit,
                                query.offset));
}

// `from` and `to` of a request; nothing where they are missing.
Field<std::pair<std::optional<base::WallTime>, std::optional<base::WallTime>>> RangeOf(
    const http::Query& query) {
  const auto from = TimeField(query, "from", base::WallTime::min());
  if (!from) return std::unexpected(from.error());
  const auto to = TimeField(query, "to", base::WallTime::max());
  if (!to) return std::unexpected(to.error());
  if (*from > *to) return std::unexpected(Unprocessable("from", "from must not be after to"));
  std::pair<std::optional<base::WallTime>, std::optional<base::WallTime>> range;
  if (*from != base::WallTime::min()) range.first = *from;
  if (*to != base::WallTime::max()) range.second = *to;
  return range;
}

http::Reply Trades(const PaperView& view, const http::Request& request, size_t loop) {
  const auto account = view.trading.access.OfNative(request);
  if (!account) return account.error();
  const auto limit = NumberField(request.query, "limit", kTradesUsual, 1, kTradesMax);
  if (!limit) return limit.error();
  const auto offset = NumberField(request.query, "offset", 0, 0, kOffsetMax);
  if (!offset) return offset.error();
  const auto range = RangeOf(request.query);
  if (!range) return range.error();
  store::FillQuery query;
  query.account = account->name;
  query.from = range->first;
  query.to = range->second;
  query.limit = *limit;
  query.offset = *offset;
  if (const auto symbol = request.query.Find("symbol"); symbol && !symbol->empty()) {
    const auto found = view.trading.server.instruments.Find(*symbol);
    if (!found) return SymbolNotFound();
    query.symbol = found->instrument.symbol;
  }
  return view.trading.store.Read(
      loop, [query = std::move(query), &ids = view.trading.ids](store::Reader& reader) {
        return TradesOf(reader, query, ids);
      });
}

// --- GET /api/paper-trading/equity-history

http::Response HistoryOf(store::Reader& reader, const store::EquityQuery& query,
                         std::string_view interval) {
  const auto points = reader.Equity(query);
  if (!points) return Unreadable(points.error());
  std::string out = "{\"equity_history\":[";
  for (const store::EquityPoint& point : *points) {
    if (&point != points->data()) out += ',';
    out += "{\"timestamp\":";
    AppendTime(out, point.time);
    out += ",\"equity\":";
    point.equity.AppendTo(out);
    out += ",\"balance\":";
    point.cash.AppendTo(out);
    out += fmt::format(",\"drawdown\":{:.10g}}}", point.drawdown);
  }
  return Json(out + fmt::format("],\"interval\":\"{}\"}}", interval));
}

http::Reply EquityHistory(const PaperView& view, const http::Request& request, size_t loop) {
  const auto account = view.trading.access.OfNative(request);
  if (!account) return account.error();
  std::vector<std::string_view> names = {model::Name(model::Timeframe::k1m)};  // the default
  for (const auto timeframe : model::kTimeframes) {
    if (timeframe != model::Timeframe::k1m) names.push_back(model::Name(timeframe));
  }
  const auto interval = ChoiceField(request.query, "interval", names);
  if (!interval) return interval.error();
  const auto limit = NumberField(request.query, "limit", kPointsUsual, 1, kPointsMax);
  if (!limit) return limit.error();
  const auto range = RangeOf(request.query);
  if (!range) return range.error();
  store::EquityQuery query;
  query.account = account->name;
  query.from = range->first;
  query.to = range->second;
  query.bucket = model::Length(*model::ParseTimeframe(*interval));
  query.limit = *limit;
  // History begins at the reset unless an earlier one is asked for.
  const auto entry = view.directory.Find(account->name);
  if (!query.from && entry) query.from = entry->reset_at;
  return view.trading.store.Read(
      loop, [query = std::move(query), name = std::string(*interval)](store::Reader& reader) {
        return HistoryOf(reader, query, name);
      });
}

}  // namespace

void AddPaperTrading(http::Router& router, const PaperView& view) {
  const Access& access = view.trading.server.access;
  constexpr auto kSubscribe = auth::Permission::kSubscribe;
  router.Add(
      {.method = "GET",
       .pattern = "/api/events/equity",
       .summary = "Equity, positions and P&L of an account, at once and when they change",
       .parameters = {kAccount, docs::kInterval, docs::kLastEventId},
       .responses = {docs::Events("EquityStream"), docs::kUnauthorized, docs::kForbidden,
                     kNoAccount, docs::kBadQuery, docs::kTooManyStreams},
       .stream = true,
       .handler = Guard(access, kSubscribe,
                        [&view](const http::Request& request, size_t loop, const Caller& caller) {
                          return EquityStream(view, request, loop, caller);
                        })});
  const auto add = [&](std::string_view path, std::string_view summary,
                       std::vector<http::ParameterDoc> parameters, std::string_view answer,
                       std::string_view schema,
                       http::Reply (*handler)(const PaperView&, const http::Request&, size_t)) {
    parameters.insert(parameters.begin(), kAccount);
    router.Add({.method = "GET",
                .pattern = std::string(path),
                .summary = std::string(summary),
                .parameters = std::move(parameters),
                .responses = {{200, "application/json", std::string(answer), std::string(schema)},
                              docs::kUnauthorized,
                              docs::kForbidden,
                              kNoAccount,
                              docs::kBadQuery,
                              docs::kTryAgain},
                .handler = Guard(access, kSubscribe,
                                 [&view, handler](const http::Request& request, size_t loop,
                                                  const Caller&) -> http::Reply {
                                   return handler(view, request, loop);
                                 })});
  };
  add("/api/paper-trading/status", "What an account is worth now, and what trades it", {},
      "The object of the equity stream, with running, state, strategy, started_at, open_orders.",
      "PaperStatus", Status);
  add("/api/paper-trading/trades", "Fills of an account, newest first",
      {{"limit", "query", "1 to 1000, 50 if missing.", "PageLimit"},
       {"offset", "query", "How many to skip.", "Offset"},
       {"symbol", "query", "Only of this one."},
       {"from", "query", "Not before, RFC 3339."},
       {"to", "query", "Not after, RFC 3339."}},
      "trades, total, limit, offset.", "PaperTrades", Trades);
  add("/api/paper-trading/equity-history",
      "Equity of an account over time, oldest first: the last value of each bucket",
      {{"interval", "query", "1s, 1m (the default), 5m, 15m, 1h or 1d.", "TimeframeOrMinute"},
       {"limit", "query", "1 to 10000, 1000 if missing: the newest.", "ListLimit"},
       {"from", "query", "Not before, RFC 3339; the last reset if missing."},
       {"to", "query", "Not after, RFC 3339."}},
      "equity_history: timestamp, equity, balance, drawdown; interval.", "EquityHistory",
      EquityHistory);
}

}  // namespace livetape::api
