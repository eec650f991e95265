#include "api/alpaca/position_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "api/alpaca_data/asset_json.h"
#include "base/amount_text.h"

namespace livetape::api {
namespace {

const TradingIds kIds(7);  // NOLINT(cert-err58-cpp)

model::Quote QuoteAt(std::string_view price, std::string_view reference) {
  model::Quote quote;
  quote.price = quote.bid = quote.ask = *base::Price::Parse(price);
  quote.reference = *base::Price::Parse(reference);
  return quote;
}

floor::Position Holding(std::string_view quantity, std::string_view cost, std::string_view held) {
  floor::Position position;
  position.quantity = *base::Quantity::Parse(quantity);
  position.cost = *base::ParseAmount(cost);
  position.day_basis = position.cost;
  position.held = *base::Quantity::Parse(held);
  return position;
}

boost::json::object JsonOf(const floor::Position& position, const model::Quote* quote,
                           model::AssetClass asset_class = model::AssetClass::kUsEquity) {
  std::string out;
  AppendAlpacaPosition(out, position, {.symbol = "AAPL", .asset_class = asset_class}, quote, kIds);
  return boost::json::parse(out).as_object();
}

TEST(PositionJson, HasAlpacasFieldsOfALong) {
  const auto quote = QuoteAt("102.5", "100");
  const auto json = JsonOf(Holding("29", "2883", "4"), &quote);
  EXPECT_EQ(json.at("asset_id"), kIds.Asset("AAPL").c_str());
  EXPECT_EQ(json.at("symbol"), "AAPL");
  EXPECT_EQ(json.at("exchange"), std::string(AssetExchange(model::AssetClass::kUsEquity)).c_str());
  EXPECT_EQ(json.at("asset_class"), "us_equity");
  EXPECT_EQ(json.at("asset_marginable"), true);
  EXPECT_EQ(json.at("qty"), "29");
  EXPECT_EQ(json.at("qty_available"), "25");
  EXPECT_EQ(json.at("side"), "long");
  EXPECT_EQ(json.at("avg_entry_price"), "99.41379310344828");
  EXPECT_EQ(json.at("market_value"), "2972.5");
  EXPECT_EQ(json.at("cost_basis"), "2883");
  EXPECT_EQ(json.at("unrealized_pl"), "89.5");
  EXPECT_EQ(json.at("unrealized_plpc"), "0.0310440513354145");
  EXPECT_EQ(json.at("current_price"), "102.5");
  EXPECT_EQ(json.at("lastday_price"), "100");
  EXPECT_EQ(json.at("change_today"), "0.025");
}

TEST(PositionJson, IsNegativeForAShort) {
  const auto quote = QuoteAt("110", "100");
  const auto json = JsonOf(Holding("-10", "-1000", "4"), &quote);
  EXPECT_EQ(json.at("qty"), "-10");
  EXPECT_EQ(json.at("qty_available"), "-6");
  EXPECT_EQ(json.at("side"), "short");
  EXPECT_EQ(json.at("avg_entry_price"), "100");
  EXPECT_EQ(json.at("market_value"), "-1100");
  EXPECT_EQ(json.at("cost_basis"), "-1000");
  EXPECT_EQ(json.at("unrealized_pl"), "-100");
  EXPECT_EQ(json.at("unrealized_plpc"), "-0.1");
}

TEST(PositionJson, CountsTodayFromTheDaysStart) {
  floor::Position position = Holding("10", "1000", "0");
  position.day_basis = *base::ParseAmount("1200");
  position.last_day_price = *base::Price::Parse("120");
  const auto quote = QuoteAt("114", "1");
  const auto json = JsonOf(position, &quote);
  EXPECT_EQ(json.at("unrealized_pl"), "140");
  EXPECT_EQ(json.at("unrealized_intraday_pl"), "-60");
  EXPECT_EQ(json.at("unrealized_intraday_plpc"), "-0.05");
  EXPECT_EQ(json.at("lastday_price"), "120");
  EXPECT_EQ(json.at("change_today"), "-0.05");
}

TEST(PositionJson, IsWorthItsCostWithoutAQuote) {
  const auto json = JsonOf(Holding("4", "10", "0"), nullptr);
  EXPECT_EQ(json.at("current_price"), "2.5");
  EXPECT_EQ(json.at("lastday_price"), "2.5");
  EXPECT_EQ(json.at("market_value"), "10");
  EXPECT_EQ(json.at("unrealized_pl"), "0");
  EXPECT_EQ(json.at("change_today"), "0");
}

TEST(PositionJson, HasNothingAvailableWhereMoreIsHeld) {
  const auto quote = QuoteAt("1", "1");
  EXPECT_EQ(JsonOf(Holding("4", "4", "5"), &quote).at("qty_available"), "0");
  EXPECT_EQ(JsonOf(Holding("-4", "-4", "5"), &quote).at("qty_available"), "0");
}

TEST(PositionJson, HoldsAtTheEndsOfItsRange) {
  const auto quote = QuoteAt("1000000000", "0.000000001");
  const auto large = JsonOf(Holding("9000000000", "1", "0"), &quote);
  EXPECT_EQ(large.at("market_value"), "9000000000000000000");
  const auto tiny = JsonOf(Holding("0.000000001", "0.000000000000000001", "0"), &quote);
  EXPECT_EQ(tiny.at("unrealized_plpc"), "999999999999999999");
  EXPECT_EQ(tiny.at("change_today"), "999999999999999999");
}

TEST(PositionJson, OfCryptoIsNotMarginable) {
  const auto quote = QuoteAt("1", "1");
  const auto json = JsonOf(Holding("1", "1", "0"), &quote, model::AssetClass::kCrypto);
  EXPECT_EQ(json.at("asset_marginable"), false);
  EXPECT_EQ(json.at("exchange"), "CRYPTO");
}

}  // namespace
}  // namespace livetape::api
