#pragma once

// OrderEndpointsFixture: the endpoints of orders over a real floor and a real store, with an account
// for whoever asks. For tests.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <vector>

#include "api/alpaca/alpaca_error.h"
#include "api/alpaca/order_endpoints.h"
#include "api/paper/order_record.h"
#include "base/amount_text.h"
#include "base/time_text.h"
#include "floor/trading_floor.h"
#include "store/store.h"
#include "store/testing.h"

namespace livetape::api {

// The floor with its desk, on the test's own thread: what a request causes is in the store before
// its answer leaves.
class FakeTrading final : public FloorDesk,
                          public Desk,
                          public StoreReads,
                          public AccountAccess,
                          private floor::FloorObserver {
 public:
  FakeTrading() : floor_({}, *this) {
    auto store = store::Store::Open({.folder = folder_.path()}, metrics_);
    EXPECT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    store_->Start();
    Add("AAPL", model::AssetClass::kUsEquity);
    Add("BTC", model::AssetClass::kCrypto);
  }
  ~FakeTrading() override { store_->Stop(); }

  void Add(const std::string& symbol, model::AssetClass asset_class) {
    const auto id = instruments.Add({.symbol = symbol, .asset_class = asset_class});
    EXPECT_EQ(floor_.AddInstrument(asset_class), id);
  }
  void Quote(std::string_view symbol, std::string_view bid, std::string_view ask) {
    model::QuoteUpdate update;
    update.instrument = instruments.Find(symbol)->id;
    update.bid = *base::Price::Parse(bid);
    update.ask = *base::Price::Parse(ask);
    floor_.OnQuote(now_, update);
    Keep();
  }
  floor::TradingFloor& core() { return floor_; }
  model::AccountId id_of(const std::string& name) { return accounts_.at(name); }
  void Pass(std::chrono::nanoseconds time) { now_ += time; }

  // Desk
  floor::TradingFloor& floor() override { return floor_; }
  base::WallTime now() const override { return now_; }
  model::AccountId account() const override { return accounts_.at(account_name_); }
  const std::string& account_name() const override { return account_name_; }
  std::optional<model::InstrumentId> FindInstrument(std::string_view symbol) const override {
    const auto found = instruments.Find(symbol);
    return found ? std::optional(found->id) : std::nullopt;
  }
  const model::Instrument& instrument(model::InstrumentId id) const override {
    kept_instruments_ = instruments.All();
    return kept_instruments_.at(id.value());
  }
  std::span<const floor::OrderEvent> events() const override { return events_; }
  std::optional<AccountProfile> Profile(std::string_view) const override { return std::nullopt; }
  Opened OpenAccount(const AccountProfile&) override { return Opened::kTooMany; }
  void SetState(floor::AccountState) override {}
  void Reset() override {}
  void ChangeProfile(const AccountProfile&) override {}

  RiskSettings risk_settings() const override { return {}; }
  const RiskOverrides& risk_overrides() const override { return overrides_; }
  void ChangeRisk(RiskOverrides overrides) override { overrides_ = std::move(overrides); }

  // FloorDesk
  http::Reply Ask(size_t, std::string account, bool create, DeskWork work) override {
    if (!accounts_.contains(account)) {
      if (!create) return AlpacaError(404, kCodeNotFound, "account not found");
      floor::AccountSettings settings;
      settings.cash = *base::ParseAmount("100000");
      accounts_[account] = floor_.OpenAccount(now_, settings);
    }
    account_name_ = std::move(account);
    events_.clear();
    DeskAnswer answer = work(*this);
    Keep();
    if (auto* response = std::get_if<http::Response>(&answer)) return std::move(*response);
    return http::DeferredReply{std::get<1>(std::move(answer))};
  }

  // StoreReads
  http::Reply Read(size_t loop,
                   std::move_only_function<http::Response(store::Reader&)> query) override {
    auto kept = std::make_shared<decltype(query)>(std::move(query));
    return http::DeferredReply{[this, loop, kept](http::Responder responder) {
      Read(loop, std::move(responder), std::move(*kept));
    }};
  }
  http::Reply ReadNow(size_t loop,
                      std::move_only_function<http::Response(store::Reader&)> query) override {
    return Read(loop, std::move(query));
  }
  void Read(size_t, http::Responder responder,
            std::move_only_function<http::Response(store::Reader&)> query) override {
    std::promise<http::Response> answer;
    EXPECT_TRUE(store_->Read(
        [&answer, &query](store::Reader& reader) { answer.set_value(query(reader)); }));
    responder.Send(answer.get_future().get());
  }

  // AccountAccess
  std::expected<AccountWish, http::Response> OfAlpaca(const http::Request& request) const override {
    const auto key = request.headers.Find("APCA-API-KEY-ID");
    if (key == "wrong") {
      return std::unexpected(AlpacaError(401, kCodeUnauthorized, "request is not authorized"));
    }
    return AccountWish{.name = std::string(key.value_or("paper")), .create = true};
  }
  std::expected<AccountWish, std::string> OfKey(std::string_view, std::string_view) const override {
    return std::unexpected("no");
  }
  std::expected<AccountWish, http::Response> OfNative(const http::Request&) const override {
    return std::unexpected(http::Problem(404, "no"));
  }

  market::Instruments instruments;
  const TradingIds ids{7};

 private:
  void OnOrderEvent(const floor::OrderEvent& event) override {
    events_.push_back(event);
    unkept_.push_back(event);
  }
  void OnRuined(model::AccountId, base::WallTime) override {}

  void Keep() {
    store::Batch batch;
    for (const floor::OrderEvent& event : unkept_) {
      const model::Order& order = event.order;
      const model::Instrument& of = instrument(order.instrument);
      store::OrderRow row{.id = order.id, .seq = ++seq_, .parent = order.parent};
      for (const auto& [name, id] : accounts_) {
        if (id == order.account) row.account = name;
      }
      row.symbol = of.symbol;
      row.side = order.side;
      row.open = !model::Closed(order.status);
      row.submitted = order.created;
      row.client_id = order.client_id.view();
      AppendOrderJson(row.json, order, of, ids);
      batch.orders.push_back(std::move(row));
    }
    unkept_.clear();
    batch.through = seq_;
    const auto written = store_->Write(batch);
    EXPECT_TRUE(written) << written.error().message;
  }

  const store::TemporaryFolder folder_;
  metrics::Registry metrics_;
  std::unique_ptr<store::Store> store_;
  floor::TradingFloor floor_;
  base::WallTime now_ = *base::ParseRfc3339("2026-11-20T15:04:05Z");
  std::map<std::string, model::AccountId> accounts_;
  std::string account_name_;
  RiskOverrides overrides_;
  std::vector<floor::OrderEvent> events_, unkept_;
  mutable std::vector<model::Instrument> kept_instruments_;
  uint64_t seq_ = 0;
};

class OrderClient final : public http::Responder::Taker {
 public:
  void TakeAnswer(uint64_t, http::Responder::Answer answer) override {
    response = std::get<http::Response>(std::move(answer));
  }
  http::Response response;
};

class OrderEndpointsFixture : public testing::Test {
 protected:
  OrderEndpointsFixture() {
    AddAlpacaOrders(router_,
                    OrderBackend{trading_, trading_, trading_, trading_.ids, trading_.instruments});
    trading_.Quote("AAPL", "100", "101");
    trading_.Quote("BTC", "50000", "50010");
  }

  http::Response Ask(std::string_view method, std::string_view target, std::string body = "") {
    http::Request request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    if (request.path.size() < target.size()) {
      request.query = http::Query::Parse(target.substr(request.path.size() + 1));
    }
    request.body = std::move(body);
    if (!key_.empty()) request.headers.Add("APCA-API-KEY-ID", key_);
    auto match = router_.Find(method, request.path);
    if (match.route == nullptr) {
      ADD_FAILURE() << "no route for " << method << " " << target;
      return {};
    }
    request.args = std::move(match.args);
    trading_.Pass(std::chrono::seconds(1));
    auto reply = match.route->handler(request, 0);
    if (auto* response = std::get_if<http::Response>(&reply)) return std::move(*response);
    const auto client = std::make_shared<OrderClient>();
    std::get<http::DeferredReply>(reply).begin(http::Responder(client, 1));
    return std::move(client->response);
  }
  boost::json::value Json(std::string_view method, std::string_view target, std::string body = "",
                          unsigned status = 200) {
    const auto response = Ask(method, target, std::move(body));
    EXPECT_EQ(response.status, status) << target << ": " << response.body;
    EXPECT_EQ(response.content_type, "application/json");
    boost::json::error_code ec;
    auto value = boost::json::parse(response.body, ec);
    EXPECT_FALSE(ec) << response.body;
    return value;
  }
  // `members` besides: {"symbol":"AAPL","qty":"10","side":"buy","time_in_force":"day"}.
  static std::string Body(std::string_view members) {
    return R"({"symbol":"AAPL","qty":"10","side":"buy","time_in_force":"day",)" +
           std::string(members) + "}";
  }
  boost::json::object Place(std::string_view members, unsigned status = 200) {
    return Json("POST", "/v2/orders", Body(members), status).as_object();
  }
  static std::string Limit(std::string_view price, std::string_view more = "") {
    return R"("type":"limit","limit_price":")" + std::string(price) + "\"" + std::string(more);
  }
  static std::string Text(const boost::json::value& value) {
    return std::string(value.as_string());
  }
  std::string PlaceLimit(std::string_view price) { return Text(Place(Limit(price)).at("id")); }
  std::vector<std::string> List(const std::string& query) {
    std::vector<std::string> ids;
    const boost::json::value list = Json("GET", "/v2/orders" + query);
    for (const auto& order : list.as_array()) {
      ids.push_back(Text(order.at("id")));
    }
    return ids;
  }

  FakeTrading trading_;
  http::Router router_;
  std::string key_;
};

// A bought bracket around 100.
inline constexpr std::string_view kBoughtBracket =
    R"("type":"market","order_class":"bracket","take_profit":{"limit_price":"110"},)"
    R"("stop_loss":{"stop_price":"90"})";

}  // namespace livetape::api
