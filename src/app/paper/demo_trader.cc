#include "app/paper/demo_trader.h"

#include <algorithm>
#include <utility>

namespace livetape::app {

// The floor's thread.
class DemoTrader::Mind {
 public:
  void Look(api::Desk& desk) {
    floor::TradingFloor& floor = desk.floor();
    const auto count = std::min<size_t>(floor.quotes().size(), kSymbolsMax);
    while (symbols_ < count) {
      const model::InstrumentId next(static_cast<uint32_t>(symbols_++));
      strategy_.AddSymbol(desk.instrument(next).asset_class);
    }
    for (uint32_t i = 0; i < count; ++i) {
      const model::InstrumentId instrument(i);
      const model::Quote* const quote = floor.quotes().Find(instrument);
      if (quote == nullptr || !strategy_.Due(desk.now(), i)) continue;
      const auto intent =
          strategy_.OnPrice(desk.now(), i, quote->price, StandingOf(desk, instrument));
      if (intent) Place(desk, instrument, *intent);
    }
  }

 private:
  static DemoStanding StandingOf(api::Desk& desk, model::InstrumentId instrument) {
    const floor::TradingFloor& floor = desk.floor();
    const floor::Account& account = floor.account(desk.account());
    const floor::Position* const position = account.Find(instrument);
    const auto orders = floor.OpenOrders(desk.account());
    return {.equity = account.equity(),
            .cash = std::min(account.cash(),
                             account.NonMarginableBuyingPower(account.Value(floor.quotes()))),
            .position = position == nullptr || position->quantity.units() < 0
                            ? base::Quantity()
                            : account.Available(instrument),
            .open_order = std::any_of(orders.begin(), orders.end(), [&](const model::Order* order) {
              return order->instrument == instrument;
            })};
  }

  // A refusal is told by its record.
  static void Place(api::Desk& desk, model::InstrumentId instrument, const DemoIntent& intent) {
    floor::OrderRequest order;
    order.instrument = instrument;
    order.side = intent.side;
    order.quantity = intent.quantity;
    (void)desk.floor().Place(desk.now(), desk.account(), order);
  }

  DemoStrategy strategy_;
  size_t symbols_ = 0;
};

DemoTrader::DemoTrader(FloorAgent& floor, std::string account)
    : floor_(floor), account_(std::move(account)), mind_(std::make_shared<Mind>()) {}

void DemoTrader::Step() {
  (void)floor_.Put(DeskRequest{.account = account_,
                               .create = false,
                               .work = [mind = mind_](api::Desk& desk) -> api::DeskAnswer {
                                 mind->Look(desk);
                                 return http::Response();
                               },
                               .responder = std::nullopt,
                               .loop = 0});
}

}  // namespace livetape::app
