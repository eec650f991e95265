#include "api/paper/account_endpoints.h"

#include <fmt/format.h>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/paper/account_body.h"
#include "auth/api_key.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "http/unavailable.h"

namespace livetape::api {
namespace {

http::Response Json(unsigned status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

http::Response BadBody(const BodyError& error) {
  return http::Problem(error.status, error.detail, error.field);
}

// --- POST /api/v1/accounts

DeskAnswer Open(Desk& desk, const AccountProfile& profile, const std::string& secret) {
  switch (desk.OpenAccount(profile)) {
    case Desk::Opened::kNameTaken:
      return http::Problem(409, fmt::format("there is an account {} already", profile.name),
                           "name");
    case Desk::Opened::kKeyTaken:
      return http::Unavailable("the key is taken; try again");
    case Desk::Opened::kTooMany:
      return http::Problem(
          403, fmt::format("there are {} accounts, as many as there may be", kAccountsMax));
    case Desk::Opened::kDone:
      break;
  }
  std::string out = "{\"name\":";
  base::AppendJsonString(out, profile.name);
  out += fmt::format(R"(,"key_id":"{}","secret":"{}"}})", profile.key_id, secret);
  return Json(201, std::move(out));
}

http::Reply Post(const PaperView& view, const http::Request& request, size_t loop) {
  const std::string& usual = view.directory.default_account();
  auto profile = ParseAccountBody(request.body, view.usual);
  if (!profile) return BadBody(profile.error());
  const auth::ApiKey key = auth::MakeApiKey();
  profile->key_id = key.id;
  profile->secret_hash = auth::HashSecret(key.secret);
  return view.trading.desk.Ask(
      loop, usual, true,
      [profile = *std::move(profile), secret = key.secret](Desk& desk) -> DeskAnswer {
        return Open(desk, profile, secret);
      });
}

// --- GET /api/v1/accounts

http::Reply List(const PaperView& view, const Caller& caller) {
  std::string out = "{\"accounts\":[";
  for (const AccountDirectory::Entry& entry : view.directory.All()) {
    const AccountProfile& profile = entry.profile;
    if (!view.directory.MayUse(caller, profile.name)) continue;
    if (out.back() == '}') out += ',';
    out += "{\"name\":";
    base::AppendJsonString(out, profile.name);
    out += ",\"key_id\":";
    base::AppendJsonString(out, profile.key_id.empty() ? profile.name : profile.key_id);
    out += ",\"owner\":";
    if (profile.owner.empty()) {
      out += "null";
    } else {
      base::AppendJsonString(out, profile.owner);
    }
    out += fmt::format(
        R"(,"state":"{}","cash":{},"fee":{},"fee_per_share":{},"fee_min":{},"slippage_bps":{},)"
        R"("multiplier":{},"created_at":"{}","last_activity":"{}"}})",
        floor::Name(entry.state), profile.settings.cash.ToString(),
        profile.settings.fees.rate.ToString(), profile.settings.fees.per_share.ToString(),
        profile.settings.fees.minimum.ToString(), profile.settings.slippage_bps.ToString(),
        profile.settings.multiplier, base::FormatRfc3339(entry.opened),
        base::FormatRfc3339(entry.active));
  }
  return Json(200, out + "]}");
}

// --- PUT /api/v1/accounts/{name}/state

http::Reply PutState(const PaperView& view, const http::Request& request, size_t loop,
                     const Caller& caller) {
  const std::string& name = request.args[0];
  if (!view.directory.Find(name) || !view.directory.MayUse(caller, name)) {
    return http::Problem(404, "there is no account of that name that you may use", "name");
  }
  const auto state = ParseStateBody(request.body);
  if (!state) return BadBody(state.error());
  return view.trading.desk.Ask(loop, name, false, [state = *state](Desk& desk) -> DeskAnswer {
    const size_t open = desk.floor().OpenOrders(desk.account()).size();
    desk.SetState(state);
    const size_t left = desk.floor().OpenOrders(desk.account()).size();
    return Json(200, fmt::format(R"({{"name":"{}","state":"{}","canceled_orders":{}}})",
                                 desk.account_name(), floor::Name(state), open - left));
  });
}

}  // namespace

void AddAccounts(http::Router& router, const PaperView& view) {
  const Access& access = view.trading.server.access;
  const http::ResponseDoc taken{409, "application/problem+json", "The name is taken."};
  const http::ResponseDoc none{404, "application/problem+json", "There is no such account."};
  router.Add({.method = "POST",
              .pattern = "/api/v1/accounts",
              .summary = "Opens a paper account; the secret is shown this once",
              .parameters = {},
              .request = {{"NewPaperAccount"}},
              .responses = {{201, "application/json", "name, key_id, secret.", "PaperAccountKeys"},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            taken,
                            docs::kBadBody,
                            docs::kTryAgain},
              .handler = Guard(access, auth::Permission::kAdmin,
                               [&view](const http::Request& request, size_t loop, const Caller&)
                                   -> http::Reply { return Post(view, request, loop); })});
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/accounts",
       .summary = "Paper accounts that the caller may use, newest activity first",
       .parameters = {},
       .responses = {{200, "application/json", "accounts: name, state, cash, fees, ...",
                      "PaperAccounts"},
                     docs::kUnauthorized,
                     docs::kForbidden},
       .handler = Guard(access, auth::Permission::kSubscribe,
                        [&view](const http::Request&, size_t, const Caller& caller) -> http::Reply {
                          return List(view, caller);
                        })});
  router.Add(
      {.method = "PUT",
       .pattern = "/api/v1/accounts/{name}/state",
       .summary = "ACTIVE, REDUCING (only closing orders) or HALTED: cancels open orders",
       .parameters = {{"name", "path", "The account.", "string", true}},
       .request = {{"AccountStateChange"}},
       .responses = {{200, "application/json", "name, state, canceled_orders.", "AccountStanding"},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     none,
                     docs::kBadBody,
                     docs::kTryAgain},
       .handler = Guard(access, auth::Permission::kTrade,
                        [&view](const http::Request& request, size_t loop, const Caller& caller) {
                          return PutState(view, request, loop, caller);
                        })});
}

}  // namespace livetape::api
