#pragma once

// FloorFixture: a floor with a stock and a coin, one account, and verbs for tests. What happens is
// told as text: "1 new", "1 fill 10@101", "2 rejected order_rate", joined by "; ".

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/time_text.h"
#include "floor/refusal.h"
#include "floor/trading_floor.h"

namespace livetape::floor {

inline base::Price P(std::string_view text) { return *base::Price::Parse(text); }
inline base::Quantity Q(std::string_view text) { return *base::Quantity::Parse(text); }
inline base::Decimal D(std::string_view text) { return *base::Decimal::Parse(text); }
inline base::Amount A(std::string_view text) { return base::Amount::From(D(text)); }

// An order request that is written as it is said: Wish::Buy("10").Limit("101").Gtc().
struct Wish : OrderRequest {
  static Wish Buy(std::string_view quantity) { return Of(model::Side::kBuy, quantity); }
  static Wish Sell(std::string_view quantity) { return Of(model::Side::kSell, quantity); }
  static Wish BuyFor(std::string_view notional) { return For(model::Side::kBuy, notional); }
  static Wish SellFor(std::string_view notional) { return For(model::Side::kSell, notional); }
  Wish& Limit(std::string_view price) {
    limit = P(price);
    type =
        type == model::OrderType::kStop ? model::OrderType::kStopLimit : model::OrderType::kLimit;
    return *this;
  }
  Wish& Stop(std::string_view price) {
    stop = P(price);
    type = limit ? model::OrderType::kStopLimit : model::OrderType::kStop;
    return *this;
  }
  Wish& Trail(std::string_view price) {
    trail_price = P(price);
    type = model::OrderType::kTrailingStop;
    return *this;
  }
  Wish& TrailPercent(std::string_view percent) {
    trail_percent = D(percent);
    type = model::OrderType::kTrailingStop;
    return *this;
  }
  Wish& Tif(model::TimeInForce value) {
    tif = value;
    return *this;
  }
  Wish& Gtc() { return Tif(model::TimeInForce::kGtc); }
  Wish& Ioc() { return Tif(model::TimeInForce::kIoc); }
  Wish& Fok() { return Tif(model::TimeInForce::kFok); }
  Wish& Opg() { return Tif(model::TimeInForce::kOpg); }
  Wish& Cls() { return Tif(model::TimeInForce::kCls); }
  Wish& Bracket(std::string_view take_profit, std::string_view stop_loss) {
    order_class = model::OrderClass::kBracket;
    return Legs(take_profit, stop_loss);
  }
  Wish& Oco(std::string_view take_profit, std::string_view stop_loss) {
    order_class = model::OrderClass::kOco;
    type = model::OrderType::kLimit;
    return Legs(take_profit, stop_loss);
  }
  Wish& Oto(std::string_view take_profit, std::string_view stop_loss) {
    order_class = model::OrderClass::kOto;
    return Legs(take_profit, stop_loss);
  }
  Wish& Named(std::string_view name) {
    client_id = *model::ClientOrderId::From(name);
    return *this;
  }
  Wish& In(model::InstrumentId id) {
    instrument = id;
    return *this;
  }

 private:
  static Wish Of(model::Side side, std::string_view quantity) {
    Wish wish;
    wish.side = side;
    wish.quantity = Q(quantity);
    return wish;
  }
  static Wish For(model::Side side, std::string_view notional) {
    Wish wish;
    wish.side = side;
    wish.notional = A(notional);
    return wish;
  }
  Wish& Legs(std::string_view take_profit, std::string_view stop_loss) {
    if (!take_profit.empty()) take_profit_limit = P(take_profit);
    if (!stop_loss.empty()) stop_loss_stop = P(stop_loss);
    return *this;
  }
};

inline std::string TextOf(const OrderEvent& event) {
  std::string text = std::to_string(event.order.id.value());
  text.append(" ").append(Name(event.kind));
  if (event.reason != RefusalReason::kNone) text.append(" ").append(Code(event.reason));
  if (IsFill(event.kind)) {
    text += " " + event.fill.quantity.ToString() + "@" + event.fill.price.ToString();
  }
  return text;
}

class FloorFixture : public testing::Test, public FloorObserver {
 protected:
  explicit FloorFixture(const TradingFloor::Options& options = {.exchange_hours = false,
                                                                .seed = 1,
                                                                .check_identity_on_ticks = true})
      : floor_(options, *this) {
    aapl_ = floor_.AddInstrument(model::AssetClass::kUsEquity);
    btc_ = floor_.AddInstrument(model::AssetClass::kCrypto);
    account_ = OpenAccount();
  }

  static AccountSettings Usual() {
    AccountSettings settings;
    settings.cash = A("100000");
    return settings;
  }
  model::AccountId OpenAccount(const AccountSettings& settings = Usual()) {
    return floor_.OpenAccount(time_, settings);
  }
  // Of the usual account.
  template <typename Change>
  void Set(Change change) {
    AccountSettings settings = account().settings();
    change(settings);
    floor_.ChangeSettings(account_, settings);
  }

  void Later(int seconds = 1) { time_ += std::chrono::seconds(seconds); }
  void Quote(std::string_view bid, std::string_view ask) { Quote(aapl_, bid, ask); }
  void Quote(model::InstrumentId id, std::string_view bid, std::string_view ask) {
    floor_.OnQuote(time_, {id, P(bid), P(ask), {}, {}});
  }
  void Trade(std::string_view price) { Trade(aapl_, price); }
  void Trade(model::InstrumentId id, std::string_view price) {
    floor_.OnTrade(time_, {id, P(price), Q("1")});
  }
  using Levels = std::vector<std::pair<std::string_view, std::string_view>>;
  void Book(const Levels& bids, const Levels& asks, bool snapshot = false) {
    model::BookUpdate update{aapl_, snapshot, {}, {}};
    for (const auto& [price, size] : bids) update.bids.push_back({P(price), Q(size)});
    for (const auto& [price, size] : asks) update.asks.push_back({P(price), Q(size)});
    floor_.OnBook(time_, update);
  }

  std::expected<model::OrderId, Refusal> Place(const OrderRequest& request) {
    return Place(account_, request);
  }
  std::expected<model::OrderId, Refusal> Place(model::AccountId account,
                                               const OrderRequest& request) {
    return floor_.Place(time_, account, request);
  }
  // The code of a refusal, else "".
  std::string Refused(const OrderRequest& request) {
    const auto placed = Place(request);
    return placed ? "" : std::string(Code(placed.error().reason));
  }
  std::string Cancel(uint64_t order) {
    const auto done = floor_.Cancel(time_, account_, model::OrderId(order));
    return done ? "" : std::string(Code(done.error().reason));
  }
  std::string Replace(uint64_t order, const OrderChange& change) {
    const auto done = floor_.Replace(time_, account_, model::OrderId(order), change);
    return done ? "" : std::string(Code(done.error().reason));
  }
  void Session(SessionEvent event) { floor_.OnSession(time_, event); }

  // What has been told since the last call.
  std::string Told() {
    std::string text;
    for (const OrderEvent& event : std::exchange(events_, {})) {
      text.append(text.empty() ? "" : "; ").append(TextOf(event));
    }
    return text;
  }
  const Account& account() const { return floor_.account(account_); }
  const model::Order* Open(uint64_t order) const {
    return floor_.FindOpen(account_, model::OrderId(order));
  }
  std::string Position(model::InstrumentId id) const {
    const floor::Position* const position = account().Find(id);
    return position != nullptr ? position->quantity.ToString() : "0";
  }
  std::string Position() const { return Position(aapl_); }
  std::string Held() const {
    const floor::Position* const position = account().Find(aapl_);
    return position != nullptr ? position->held.ToString() : "0";
  }
  std::string Reserved() const { return account().reserved().ToString(); }

  void OnOrderEvent(const OrderEvent& event) override {
    events_.push_back(event);
    last_ = event;
  }
  void OnRuined(model::AccountId account, base::WallTime) override { ruined_.push_back(account); }

  base::WallTime time_ = *base::ParseRfc3339("2024-08-08T15:00:00Z");
  TradingFloor floor_;
  model::InstrumentId aapl_, btc_;
  model::AccountId account_;
  std::vector<OrderEvent> events_;
  OrderEvent last_;  // stays when the others have been told
  std::vector<model::AccountId> ruined_;
};

}  // namespace livetape::floor
