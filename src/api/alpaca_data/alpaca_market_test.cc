#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>

#include "api/alpaca/alpaca_error.h"
#include "api/alpaca_data/asset_endpoints.h"
#include "api/alpaca_data/bar_endpoints.h"
#include "api/alpaca_data/latest_endpoints.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

base::WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }

class OneAccount final : public AccountAccess {
 public:
  std::expected<AccountWish, http::Response> OfAlpaca(const http::Request& request) const override {
    const auto key = request.headers.Find("APCA-API-KEY-ID");
    if (key == "paper") return AccountWish{"paper"};
    return std::unexpected(AlpacaError(401, kCodeUnauthorized, "request is not authorized"));
  }
  std::expected<AccountWish, std::string> OfKey(std::string_view, std::string_view) const override {
    return std::unexpected("not here");
  }
  std::expected<AccountWish, http::Response> OfNative(const http::Request&) const override {
    return std::unexpected(http::Problem(401, "not here"));
  }
};

// Asks the routes as a server would, on loop 1 of 2.
class AlpacaMarket : public testing::Test {
 protected:
  AlpacaMarket() {
    Add("AAPL", model::AssetClass::kUsEquity);
    Add("BTC", model::AssetClass::kCrypto);
    Add("ETHUSDT", model::AssetClass::kCrypto);
    const auto reads = std::make_shared<const MarketReads>(
        MarketReads{.instruments = instruments_,
                    .bars = bars_,
                    .sessions = sessions_,
                    .access = access_,
                    .ids = ids_,
                    .floor_time = [] { return At("2024-05-15T20:00:00Z"); },
                    .quote =
                        [this](size_t loop, std::string_view symbol) {
                          EXPECT_EQ(loop, 1u);
                          const auto at = quotes_.find(std::string(symbol));
                          return at == quotes_.end() ? std::nullopt : std::optional(at->second);
                        }});
    AddSessionEndpoints(router_, reads);
    AddAssetEndpoints(router_, reads);
    AddBarEndpoints(router_, reads);
    AddLatestEndpoints(router_, reads);
  }

  model::InstrumentId Add(std::string symbol, model::AssetClass asset_class) {
    return instruments_.Add({std::move(symbol), asset_class});
  }
  void Trade(std::string_view symbol, std::string_view time, std::string_view price) {
    bars_.AddTrade(instruments_.Find(symbol)->id, At(time), *base::Price::Parse(price),
                   *base::Quantity::Parse("2"));
  }
  void Quote(const std::string& symbol, std::string_view bid, std::string_view ask) {
    model::Quote quote;
    quote.bid = *base::Price::Parse(bid);
    quote.ask = *base::Price::Parse(ask);
    quote.price = quote.bid;
    quote.time = quote.price_time = At("2024-05-15T19:59:59Z");
    quotes_[symbol] = quote;
  }

  http::Response Get(std::string_view target, std::string key = "paper") {
    const size_t mark = std::min(target.find('?'), target.size());
    auto match = router_.Find("GET", target.substr(0, mark));
    if (match.route == nullptr) {
      ADD_FAILURE() << "no route for " << target;
      return {};
    }
    http::Request request;
    request.method = "GET";
    request.path = target.substr(0, mark);
    request.args = std::move(match.args);
    request.query = http::Query::Parse(target.substr(std::min(mark + 1, target.size())));
    request.headers.Add("APCA-API-KEY-ID", std::move(key));
    return std::get<http::Response>(match.route->handler(request, 1));
  }
  json::value Body(std::string_view target) {
    const http::Response response = Get(target);
    EXPECT_EQ(response.status, 200u) << target << ": " << response.body;
    EXPECT_EQ(response.content_type, "application/json");
    return json::parse(response.body);
  }

  market::Instruments instruments_;
  market::BarHistory bars_;
  const market::Sessions sessions_{market::Hours::kExchange};
  const OneAccount access_;
  const TradingIds ids_{7};
  std::map<std::string, model::Quote> quotes_;
  http::Router router_;
};

TEST_F(AlpacaMarket, EveryRouteWantsAnAccountAndSaysSo) {
  ASSERT_FALSE(router_.routes().empty());
  for (const http::Route& route : router_.routes()) {
    const http::Response response = Get(route.pattern, "stranger");
    EXPECT_EQ(response.status, 401u) << route.pattern;
    EXPECT_EQ(response.body, R"({"code":40110000,"message":"request is not authorized"})");
    EXPECT_FALSE(route.summary.empty());
    EXPECT_TRUE(std::ranges::any_of(route.responses, [](const http::ResponseDoc& doc) {
      return doc.status == 401;
    })) << route.pattern;
  }
}

TEST_F(AlpacaMarket, ClockAndCalendarFollowTheFloorsTime) {
  EXPECT_EQ(Get("/v2/clock").body,
            R"({"timestamp":"2024-05-15T16:00:00-04:00","is_open":false,)"
            R"("next_open":"2024-05-16T09:30:00-04:00","next_close":"2024-05-16T16:00:00-04:00"})");
  EXPECT_EQ(Body("/v2/calendar?start=2024-01-01&end=2024-12-31").as_array().size(), 252u);
  const auto around = Body("/v2/calendar");
  EXPECT_EQ(around.as_array().front().at("date").as_string(), "2023-05-15");
  EXPECT_EQ(Get("/v2/calendar?start=x").status, 422u);
}

TEST_F(AlpacaMarket, AssetsAreTheInstruments) {
  const auto all = Body("/v2/assets?status=active");
  ASSERT_EQ(all.as_array().size(), 3u);
  const json::value& share = all.at(0);
  EXPECT_EQ(share.at("symbol").as_string(), "AAPL");
  EXPECT_EQ(share.at("class").as_string(), "us_equity");
  EXPECT_EQ(share.at("status").as_string(), "active");
  EXPECT_TRUE(share.at("tradable").as_bool());
  EXPECT_TRUE(share.at("shortable").as_bool());
  EXPECT_TRUE(share.at("fractionable").as_bool());
  EXPECT_TRUE(share.at("maintenance_margin_requirement").is_number());
  EXPECT_TRUE(share.at("margin_requirement_long").is_string());
  const json::value& coin = all.at(1);
  EXPECT_EQ(coin.at("symbol").as_string(), "BTC");
  EXPECT_EQ(coin.at("exchange").as_string(), "CRYPTO");
  EXPECT_FALSE(coin.at("shortable").as_bool());
  EXPECT_FALSE(coin.at("marginable").as_bool());
}

TEST_F(AlpacaMarket, AssetsMayBeChosen) {
  EXPECT_EQ(Body("/v2/assets?asset_class=crypto").as_array().size(), 2u);
  EXPECT_EQ(Body("/v2/assets?asset_class=us_equity").as_array().size(), 1u);
  EXPECT_EQ(Body("/v2/assets?exchange=CRYPTO").as_array().size(), 2u);
  EXPECT_EQ(Body("/v2/assets?asset_class=us_option").as_array().size(), 0u);
  EXPECT_EQ(Body("/v2/assets?status=inactive").as_array().size(), 0u);
}

TEST_F(AlpacaMarket, AnAssetIsFoundByAnySpellingAndById) {
  const auto bitcoin = Body("/v2/assets/BTC");
  EXPECT_EQ(bitcoin.at("symbol").as_string(), "BTC");
  EXPECT_EQ(bitcoin.at("id").as_string().size(), 36u);
  for (const char* name : {"BTCUSD", "BTC%2FUSD", "BTC/USD"}) {
    EXPECT_EQ(Body(std::string("/v2/assets/") + name), bitcoin) << name;
  }
  EXPECT_EQ(Body("/v2/assets/" + std::string(bitcoin.at("id").as_string())), bitcoin);
  for (const char* name : {"NOPE", "NO/PE", "00000000-0000-8000-8000-000000000000"}) {
    const http::Response response = Get(std::string("/v2/assets/") + name);
    EXPECT_EQ(response.status, 404u);
    EXPECT_EQ(response.body,
              std::string(R"({"code":40410000,"message":"asset not found for )") + name + "\"}");
  }
}

TEST_F(AlpacaMarket, BarsOfOneSymbolComeByPages) {
  Trade("AAPL", "2024-05-14T14:30:00Z", "100");
  Trade("AAPL", "2024-05-15T14:30:00Z", "101");
  Trade("AAPL", "2024-05-15T14:31:00Z", "102.5");
  const auto first =
      Body("/v2/stocks/AAPL/bars?timeframe=1Min&start=2024-05-14&end=2024-05-15&limit=2");
  EXPECT_EQ(first.at("symbol").as_string(), "AAPL");
  ASSERT_EQ(first.at("bars").as_array().size(), 2u);
  EXPECT_EQ(json::serialize(first.at("bars").at(0).at("t")), R"("2024-05-14T14:30:00.000000Z")");
  const std::string token(first.at("next_page_token").as_string());
  const auto second = Body(
      "/v2/stocks/AAPL/bars?timeframe=1Min&start=2024-05-14&end=2024-05-15&limit=2&page_token=" +
      token);
  ASSERT_EQ(second.at("bars").as_array().size(), 1u);
  EXPECT_EQ(json::serialize(second.at("bars").at(0).at("c")), "1.025E2");
  EXPECT_TRUE(second.at("next_page_token").is_null());
  EXPECT_EQ(Body("/v2/stocks/AAPL/bars").at("bars").as_array().size(), 2u) << "today's";
}

TEST_F(AlpacaMarket, BarsOfSeveralAreUnderTheNamesThatWereAskedFor) {
  Trade("AAPL", "2024-05-15T14:30:00Z", "100");
  Trade("BTC", "2024-05-15T14:30:00Z", "60000");
  for (const char* path : {"/v2/stocks/bars", "/v1beta3/crypto/us/bars"}) {
    const auto bars = Body(std::string(path) + "?symbols=BTC%2FUSD,AAPL,NOPE&timeframe=1Day");
    EXPECT_EQ(bars.as_object().size(), 2u) << "bars and next_page_token";
    EXPECT_EQ(bars.at("bars").as_object().size(), 2u);
    EXPECT_EQ(bars.at("bars").at("BTC/USD").at(0).at("v").as_int64(), 2);
    EXPECT_EQ(bars.at("bars").at("AAPL").at(0).at("n").as_int64(), 1);
    EXPECT_TRUE(bars.at("next_page_token").is_null());
    EXPECT_EQ(Get(path).status, 422u);
  }
}

TEST_F(AlpacaMarket, AnUnknownSymbolHasNoBarsAndNothingLatest) {
  const auto bars = Body("/v2/stocks/NOPE/bars");
  EXPECT_EQ(json::serialize(bars), R"({"bars":[],"symbol":"NOPE","next_page_token":null})");
  EXPECT_EQ(json::serialize(Body("/v2/stocks/bars?symbols=NOPE")),
            R"({"bars":{},"next_page_token":null})");
  for (const char* what : {"quotes/latest", "trades/latest", "bars/latest", "snapshot"}) {
    EXPECT_EQ(Get(std::string("/v2/stocks/NOPE/") + what).status, 404u) << what;
    const http::Response nothing_yet = Get(std::string("/v2/stocks/AAPL/") + what);
    EXPECT_EQ(nothing_yet.status, 404u) << what;
    EXPECT_EQ(json::parse(nothing_yet.body).at("code").as_int64(), 40410000);
  }
  EXPECT_EQ(Get("/v2/stocks/quotes/latest?symbols=NOPE,AAPL").body, R"({"quotes":{}})");
}

TEST_F(AlpacaMarket, TheLatestIsServedOnBothFamilies) {
  Quote("BTC", "60000", "60001");
  Quote("AAPL", "100", "101");
  Trade("BTC", "2024-05-15T14:30:00Z", "60000");
  const auto one = Body("/v2/stocks/BTCUSD/quotes/latest");
  EXPECT_EQ(one.at("symbol").as_string(), "BTC");
  EXPECT_EQ(one.at("quote").at("ap").as_int64(), 60001);
  const auto stocks = Body("/v2/stocks/trades/latest?symbols=AAPL,BTC/USD");
  EXPECT_EQ(stocks.at("trades").at("BTC/USD").at("p").as_int64(), 60000);
  EXPECT_TRUE(stocks.at("trades").at("AAPL").at("c").is_array());
  const auto crypto = Body("/v1beta3/crypto/us/latest/quotes?symbols=AAPL,BTC%2FUSD");
  EXPECT_EQ(crypto.as_object().size(), 1u) << "exactly one key";
  EXPECT_EQ(crypto.at("quotes").at("AAPL").at("bp").as_int64(), 100);
  EXPECT_FALSE(crypto.at("quotes").at("AAPL").as_object().contains("bx"));
  EXPECT_EQ(Body("/v1beta3/crypto/us/latest/trades?symbols=BTC").at("trades").as_object().size(),
            1u);
  const auto bars = Body("/v1beta3/crypto/us/latest/bars?symbols=BTC,AAPL");
  EXPECT_EQ(bars.at("bars").as_object().size(), 1u) << "AAPL has no bar";
  EXPECT_EQ(Body("/v2/stocks/BTC/bars/latest").at("bar").at("c").as_int64(), 60000);
}

TEST_F(AlpacaMarket, SnapshotsHaveThePriceAndTheDay) {
  Quote("AAPL", "100", "101");
  Trade("AAPL", "2024-05-14T14:30:00Z", "98");
  Trade("AAPL", "2024-05-15T14:30:00Z", "99");
  Trade("AAPL", "2024-05-15T14:31:00Z", "100");
  const auto one = Body("/v2/stocks/AAPL/snapshot");
  EXPECT_EQ(one.at("symbol").as_string(), "AAPL");
  EXPECT_EQ(one.at("latestTrade").at("p").as_int64(), 100);
  EXPECT_EQ(one.at("latestQuote").at("ap").as_int64(), 101);
  EXPECT_EQ(one.at("minuteBar").at("o").as_int64(), 100);
  EXPECT_EQ(one.at("dailyBar").at("o").as_int64(), 99);
  EXPECT_EQ(one.at("prevDailyBar").at("c").as_int64(), 98);
  const auto several = Body("/v2/stocks/snapshots?symbols=AAPL,BTC");
  EXPECT_EQ(several.as_object().size(), 1u) << "by symbol at the top; BTC has nothing";
  EXPECT_EQ(several.at("AAPL").at("dailyBar").at("c").as_int64(), 100);
  const auto crypto = Body("/v1beta3/crypto/us/snapshots?symbols=AAPL");
  EXPECT_EQ(crypto.at("snapshots").at("AAPL").at("latestTrade").at("tks").as_string(), "");
}

}  // namespace
}  // namespace livetape::api
