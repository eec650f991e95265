// GET /v2/account/portfolio/history and /v2/account/activities (API section 9).

#include <fmt/format.h>

#include "api/alpaca/alpaca_docs.h"
#include "api/alpaca/alpaca_error.h"
#include "api/alpaca/order_body.h"
#include "api/alpaca_account/activities.h"
#include "api/alpaca_account/alpaca_account.h"
#include "api/alpaca_account/for_account.h"
#include "api/alpaca_account/portfolio_history.h"

namespace livetape::api {
namespace {

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

http::Response Unreadable(const base::Error& error) {
  return AlpacaError(500, kCodeInternal, error.message);
}

http::Response HistoryAnswer(store::Reader& reader, const std::string& account,
                             const HistoryWish& wish, base::WallTime begins, base::Amount start) {
  HistoryFacts facts;
  facts.start = start;
  const auto last_before = [&](base::WallTime time, std::optional<store::EquityPoint>& into) {
    auto point = reader.EquityAt(account, time - std::chrono::nanoseconds(1));
    if (point && *point && (*point)->time >= begins) into = **std::move(point);
    return point ? base::Result<void>() : std::unexpected(std::move(point.error()));
  };
  if (auto read = last_before(wish.from, facts.before); !read) return Unreadable(read.error());
  if (wish.reset_per_day) {
    auto read = last_before(std::chrono::floor<std::chrono::days>(wish.from), facts.before_day);
    if (!read) return Unreadable(read.error());
  }
  store::EquityQuery query;
  query.account = account;
  query.from = std::max(wish.from, begins);
  query.to = wish.to + wish.timeframe - std::chrono::nanoseconds(1);
  query.bucket = wish.timeframe;
  query.limit = kHistoryPointsMax;
  auto points = reader.Equity(query);
  if (!points) return Unreadable(points.error());
  facts.points = *std::move(points);
  return Json(HistoryJson(wish, facts));
}

http::Reply History(const AlpacaAccountView& view, const http::Request& request, size_t loop,
                    const AccountWish& account) {
  auto wish = ParseHistoryQuery(request.query, view.floor_time());
  if (!wish) return BadBody(wish.error());
  const auto entry = view.directory.Find(account.name);
  // History begins at the reset unless an earlier one is asked for.
  base::WallTime begins = base::WallTime::min();
  if (entry && entry->reset_at && !wish->start_is_given) {
    begins = *entry->reset_at;
    while (wish->from + wish->timeframe <= begins && wish->from < wish->to) {
      wish->from += wish->timeframe;
    }
  }
  const base::Amount start = entry ? entry->start : base::Amount();
  return view.trading.store.Read(
      loop, [name = account.name, wish = *std::move(wish), begins, start](store::Reader& reader) {
        return HistoryAnswer(reader, name, wish, begins, start);
      });
}

http::Response ActivitiesAnswer(store::Reader& reader, const store::FillQuery& query,
                                const TradingIds& ids) {
  const auto fills = reader.Fills(query);
  if (!fills) return Unreadable(fills.error());
  return Json(ActivitiesJson(*fills, ids));
}

http::Reply Activities(const AlpacaAccountView& view, const http::Request& request, size_t loop,
                       const AccountWish& account, std::string_view type) {
  auto wish = ParseActivitiesQuery(request.query, type, view.trading.ids);
  if (!wish) return BadBody(wish.error());
  if (!wish->fills) return Json("[]");
  wish->query.account = account.name;
  return view.trading.store.Read(
      loop, [query = std::move(wish->query), &ids = view.trading.ids](store::Reader& reader) {
        return ActivitiesAnswer(reader, query, ids);
      });
}

}  // namespace

void AddPortfolioHistory(http::Router& router, const AlpacaAccountView& view) {
  router.Add(
      {.method = "GET",
       .pattern = "/v2/account/portfolio/history",
       .summary = "Equity and profit over time",
       .parameters =
           {{"period", "query", "A number and D, W, M or A; 1M if missing."},
            {"timeframe", "query",
             "1Min, 5Min, 15Min, 1H or 1D; by the range's length if missing."},
            {"start", "query", "A time or day; at most two of start, end and period."},
            {"end", "query", "A time or day; now if missing."},
            {"pnl_reset", "query",
             "no_reset (the default) or per_day: profit counts from the equity at 00:00 UTC.",
             "PnlReset"}},
       .responses = {{200, "application/json", "Alpaca's PortfolioHistory object.",
                      "PortfolioHistory"},
                     docs::kAlpacaUnauthorized,
                     docs::kAlpacaBadParameter,
                     docs::kAlpacaTryAgain},
       .handler = ForAccount(view.trading.access, [&view](const http::Request& request, size_t loop,
                                                          const AccountWish& account) {
         return History(view, request, loop, account);
       })});
}

void AddActivities(http::Router& router, const AlpacaAccountView& view) {
  const std::vector<http::ParameterDoc> parameters = {
      {"activity_types", "query", "As a comma list; only FILL ever happens here."},
      {"date", "query", "Only of this day."},
      {"after", "query", "Only later than this time or day."},
      {"until", "query", "Only before this time or day."},
      {"direction", "query", "desc (the default) or asc.", "Descending"},
      {"page_size", "query", "1 to 100, 100 if missing.", "ActivityLimit"},
      {"page_token", "query", "The id of the last one seen."}};
  const std::vector<http::ResponseDoc> responses = {
      {200, "application/json", "An array of Alpaca's activities.", "Activities"},
      docs::kAlpacaUnauthorized,
      docs::kAlpacaBadParameter,
      docs::kAlpacaTryAgain};
  router.Add(
      {.method = "GET",
       .pattern = "/v2/account/activities",
       .summary = "What happened to the account: fills",
       .parameters = parameters,
       .responses = responses,
       .handler = ForAccount(view.trading.access, [&view](const http::Request& request, size_t loop,
                                                          const AccountWish& account) {
         return Activities(view, request, loop, account, "");
       })});
  auto with_type = parameters;
  with_type[0] = {"type", "path", "FILL, or another of Alpaca's types: none of those here.",
                  "string", true};
  router.Add(
      {.method = "GET",
       .pattern = "/v2/account/activities/{type}",
       .summary = "What happened to the account, of one type",
       .parameters = std::move(with_type),
       .responses = responses,
       .handler = ForAccount(view.trading.access, [&view](const http::Request& request, size_t loop,
                                                          const AccountWish& account) {
         return Activities(view, request, loop, account, request.args[0]);
       })});
}

}  // namespace livetape::api
