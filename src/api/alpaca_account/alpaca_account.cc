#include "api/alpaca_account/alpaca_account.h"

#include <fmt/format.h>

#include "api/alpaca/account_json.h"
#include "api/alpaca/alpaca_docs.h"
#include "api/alpaca/alpaca_error.h"
#include "api/alpaca/order_body.h"
#include "api/alpaca_account/for_account.h"
#include "api/body/json_objects.h"

namespace livetape::api {
namespace {

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

http::Response AccountAnswer(Desk& desk, const TradingIds& ids) {
  std::string out;
  AppendAlpacaAccount(out, desk.floor().account(desk.account()), desk.account_name(),
                      desk.floor().quotes(), desk.now(), ids);
  return Json(std::move(out));
}

// What is not simulated has the values of an account that does not use it.
http::Response ConfigurationAnswer(Desk& desk) {
  const floor::AccountSettings& settings = desk.floor().account(desk.account()).settings();
  return Json(fmt::format(
      R"({{"dtbp_check":"entry","fractional_trading":true,"max_margin_multiplier":"{}",)"
      R"("no_shorting":{},"pdt_check":"entry","suspend_trade":{},"trade_confirm_email":"all",)"
      R"("ptp_no_exception_entry":false}})",
      settings.multiplier, settings.no_shorting, settings.trading_suspended));
}

struct ConfigurationChange {
  std::optional<int> multiplier;
  std::optional<bool> no_shorting, suspend_trade;
};

// Members that have no meaning here are taken and ignored: clients send the whole object back.
BodyResult<ConfigurationChange> ParseConfiguration(std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  ConfigurationChange change;
  for (const JsonMember& member : object->members) {
    if (object->Count(member.name) > 1) {
      return BadField(std::string(member.name), "is given twice");
    }
    if (member.kind == JsonKind::kNull) continue;
    const bool is_flag = member.name == "no_shorting" || member.name == "suspend_trade";
    if (is_flag && member.kind != JsonKind::kBool) {
      return BadField(std::string(member.name), "must be true or false");
    }
    if (member.name == "no_shorting") change.no_shorting = member.json == "true";
    if (member.name == "suspend_trade") change.suspend_trade = member.json == "true";
    if (member.name == "max_margin_multiplier") {
      const std::string_view text = member.kind == JsonKind::kString ? member.text : member.json;
      if (text != "1" && text != "2" && text != "4") {
        return BadField("max_margin_multiplier", "must be 1, 2 or 4");
      }
      change.multiplier = text[0] - '0';
    }
  }
  return change;
}

DeskAnswer ChangeConfiguration(Desk& desk, const ConfigurationChange& change) {
  AccountProfile profile = *desk.Profile(desk.account_name());
  profile.settings = desk.floor().account(desk.account()).settings();
  if (change.multiplier) profile.settings.multiplier = *change.multiplier;
  if (change.no_shorting) profile.settings.no_shorting = *change.no_shorting;
  if (change.suspend_trade) profile.settings.trading_suspended = *change.suspend_trade;
  desk.ChangeProfile(profile);
  return ConfigurationAnswer(desk);
}

}  // namespace

void AddAccountItself(http::Router& router, const AlpacaAccountView& view) {
  const TradingBackend& trading = view.trading;
  const auto add = [&](std::string method, std::string path, std::string summary,
                       std::string answer, std::string schema, std::vector<http::RequestDoc> body,
                       AccountHandler handler) {
    router.Add({.method = std::move(method),
                .pattern = std::move(path),
                .summary = std::move(summary),
                .parameters = {},
                .request = std::move(body),
                .responses = {{200, "application/json", std::move(answer), std::move(schema)},
                              docs::kAlpacaBadBody,
                              docs::kAlpacaUnauthorized,
                              docs::kAlpacaForbidden,
                              docs::kAlpacaBadParameter,
                              docs::kAlpacaTryAgain},
                .handler = ForAccount(trading.access, std::move(handler))});
  };
  add("GET", "/v2/account", "The account", "Alpaca's Account object.", "Account", {},
      [&trading](const http::Request&, size_t loop, const AccountWish& account) {
        return trading.desk.Ask(
            loop, account.name, account.create,
            [&ids = trading.ids](Desk& desk) -> DeskAnswer { return AccountAnswer(desk, ids); });
      });
  add("POST", "/v2/account/reset",
      "Cash back to the start: orders are canceled, positions removed; keys and history stay",
      "Alpaca's Account object after it.", "Account", {},
      [&trading](const http::Request&, size_t loop, const AccountWish& account) {
        return trading.desk.Ask(loop, account.name, account.create,
                                [&ids = trading.ids](Desk& desk) -> DeskAnswer {
                                  desk.Reset();
                                  return AccountAnswer(desk, ids);
                                });
      });
  add("GET", "/v2/account/configurations", "The account's configuration",
      "Alpaca's account configuration.", "AccountConfiguration", {},
      [&trading](const http::Request&, size_t loop, const AccountWish& account) {
        return trading.desk.Ask(loop, account.name, account.create,
                                [](Desk& desk) -> DeskAnswer { return ConfigurationAnswer(desk); });
      });
  add("PATCH", "/v2/account/configurations",
      "Change suspend_trade, no_shorting or max_margin_multiplier",
      "Alpaca's account configuration after it.", "AccountConfiguration",
      {{"AccountConfigurationChange"}},
      [&trading](const http::Request& request, size_t loop,
                 const AccountWish& account) -> http::Reply {
        const auto change = ParseConfiguration(request.body);
        if (!change) return BadBody(change.error());
        return trading.desk.Ask(loop, account.name, account.create, [change = *change](Desk& desk) {
          return ChangeConfiguration(desk, change);
        });
      });
}

void AddAlpacaAccount(http::Router& router, const AlpacaAccountView& view) {
  AddAccountItself(router, view);
  AddPositions(router, view);
  AddPortfolioHistory(router, view);
  AddActivities(router, view);
}

}  // namespace livetape::api
