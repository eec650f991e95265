#include "api/alpaca/account_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/amount_text.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

const TradingIds kIds(7);  // NOLINT(cert-err58-cpp)

class AccountJsonTest : public testing::Test {
 protected:
  AccountJsonTest() {
    instrument_ = quotes_.Add();
    settings_.cash = *base::ParseAmount("100000");
  }
  void Trade(std::string_view price) {
    model::TradeTick tick;
    tick.instrument = instrument_;
    tick.price = *base::Price::Parse(price);
    quotes_.RollTo(now_);
    quotes_.Apply(now_, tick);
  }
  static boost::json::object Json(const floor::Account& account, const floor::QuoteBoard& quotes,
                                  base::WallTime now) {
    std::string out;
    AppendAlpacaAccount(out, account, "alice", quotes, now, kIds);
    return boost::json::parse(out).as_object();
  }

  const base::WallTime now_ = *base::ParseRfc3339("2026-11-20T15:04:05.5Z");
  floor::QuoteBoard quotes_;
  model::InstrumentId instrument_;
  floor::AccountSettings settings_;
};

TEST_F(AccountJsonTest, HasAlpacasFields) {
  floor::Account account(settings_, now_);
  account.Take(instrument_, model::Side::kBuy, *base::Quantity::Parse("100"),
               *base::Price::Parse("50"));
  account.Reserve(*base::ParseAmount("1000"));
  Trade("60");
  const auto json = Json(account, quotes_, now_);
  EXPECT_EQ(json.at("id"), kIds.Account("alice").c_str());
  EXPECT_EQ(json.at("account_number"), "alice");
  EXPECT_EQ(json.at("status"), "ACTIVE");
  EXPECT_EQ(json.at("currency"), "USD");
  EXPECT_EQ(json.at("cash"), "95000");
  EXPECT_EQ(json.at("equity"), "101000");
  EXPECT_EQ(json.at("portfolio_value"), "101000");
  EXPECT_EQ(json.at("last_equity"), "100000");
  EXPECT_EQ(json.at("long_market_value"), "6000");
  EXPECT_EQ(json.at("short_market_value"), "0");
  EXPECT_EQ(json.at("buying_power"), "195000");
  EXPECT_EQ(json.at("non_marginable_buying_power"), "94000");
  EXPECT_EQ(json.at("initial_margin"), "3000");
  EXPECT_EQ(json.at("maintenance_margin"), "1800");
  EXPECT_EQ(json.at("multiplier"), "2");
  EXPECT_EQ(json.at("trading_blocked"), false);
  EXPECT_EQ(json.at("shorting_enabled"), true);
  EXPECT_EQ(json.at("trade_suspended_by_user"), false);
  EXPECT_EQ(json.at("balance_asof"), "2026-11-20");
  EXPECT_EQ(json.at("created_at"), "2026-11-20T15:04:05.500000Z");
}

TEST_F(AccountJsonTest, HasNothingThatIsNoText) {
  const auto json = Json(floor::Account(settings_, now_), quotes_, now_);
  for (const char* name : {"cash",
                           "equity",
                           "last_equity",
                           "portfolio_value",
                           "buying_power",
                           "regt_buying_power",
                           "daytrading_buying_power",
                           "non_marginable_buying_power",
                           "options_buying_power",
                           "multiplier",
                           "long_market_value",
                           "short_market_value",
                           "initial_margin",
                           "maintenance_margin",
                           "last_maintenance_margin",
                           "sma",
                           "accrued_fees",
                           "pending_transfer_in",
                           "pending_transfer_out",
                           "balance_asof",
                           "intraday_adjustments",
                           "pending_reg_taf_fees"}) {
    EXPECT_TRUE(json.at(name).is_string()) << name;
  }
}

TEST_F(AccountJsonTest, StaysActiveButBlockedWhenHalted) {
  settings_.trading_suspended = settings_.no_shorting = true;
  floor::Account account(settings_, now_);
  account.set_state(floor::AccountState::kHalted);
  const auto json = Json(account, quotes_, now_);
  EXPECT_EQ(json.at("status"), "ACTIVE");
  EXPECT_EQ(json.at("trading_blocked"), true);
  EXPECT_EQ(json.at("trade_suspended_by_user"), true);
  EXPECT_EQ(json.at("shorting_enabled"), false);
  EXPECT_EQ(json.at("state"), "HALTED");
}

}  // namespace
}  // namespace livetape::api
