#include "api/alpaca/account_json.h"

#include <fmt/format.h>

#include <iterator>

#include "base/json_text.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

void AppendMoney(std::string& out, std::string_view name, base::Amount amount) {
  fmt::format_to(std::back_inserter(out), R"(,"{}":")", name);
  amount.AppendTo(out);
  out += '"';
}

base::Amount Part(base::Amount amount, int numerator, int denominator) {
  return base::Amount::FromUnits(amount.units() / denominator * numerator);
}

void AppendMoneyFields(std::string& out, const floor::Account& account,
                       const floor::Valuation& value) {
  const base::Amount buying_power = account.BuyingPower(value);
  const base::Amount zero;
  AppendMoney(out, "cash", account.cash());
  AppendMoney(out, "equity", value.equity);
  AppendMoney(out, "portfolio_value", value.equity);
  AppendMoney(out, "last_equity", account.day_start());
  AppendMoney(out, "buying_power", buying_power);
  AppendMoney(out, "regt_buying_power", buying_power);
  AppendMoney(out, "effective_buying_power", buying_power);
  AppendMoney(out, "non_marginable_buying_power", account.NonMarginableBuyingPower(value));
  AppendMoney(out, "daytrading_buying_power", zero);
  AppendMoney(out, "options_buying_power", zero);
  AppendMoney(out, "long_market_value", value.long_value);
  AppendMoney(out, "short_market_value", value.short_value);
  AppendMoney(out, "position_market_value", value.gross);
  AppendMoney(out, "initial_margin", Part(value.gross, 1, account.settings().multiplier));
  AppendMoney(out, "maintenance_margin", Part(value.gross, 3, 10));
  for (const std::string_view name :
       {"last_maintenance_margin", "sma", "accrued_fees", "pending_transfer_in",
        "pending_transfer_out", "intraday_adjustments", "pending_reg_taf_fees"}) {
    AppendMoney(out, name, zero);
  }
}

void AppendFlags(std::string& out, const floor::Account& account) {
  const floor::AccountSettings& settings = account.settings();
  fmt::format_to(std::back_inserter(out),
                 R"(,"multiplier":"{}","trading_blocked":{},"transfers_blocked":false)"
                 R"(,"account_blocked":false,"trade_suspended_by_user":{},"shorting_enabled":{})"
                 R"(,"pattern_day_trader":false,"daytrade_count":0,"options_approved_level":0)"
                 R"(,"options_trading_level":0)",
                 settings.multiplier, account.state() == floor::AccountState::kHalted,
                 settings.trading_suspended, !settings.no_shorting);
}

}  // namespace

void AppendAlpacaAccount(std::string& out, const floor::Account& account, std::string_view name,
                         const floor::QuoteBoard& quotes, base::WallTime now,
                         const TradingIds& ids) {
  out += fmt::format(R"({{"id":"{}","account_number":)", ids.Account(name));
  base::AppendJsonString(out, name);
  out += R"(,"status":"ACTIVE","crypto_status":"ACTIVE","currency":"USD")";
  AppendMoneyFields(out, account, account.Value(quotes));
  AppendFlags(out, account);
  fmt::format_to(std::back_inserter(out),
                 R"(,"state":"{}","balance_asof":"{}","created_at":"{}"}})",
                 floor::Name(account.state()), base::FormatRfc3339(now).substr(0, 10),
                 base::FormatRfc3339(account.opened()));
}

}  // namespace livetape::api
