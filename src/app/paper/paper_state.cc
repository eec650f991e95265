// What PaperFloor shows of its accounts as state, and what it keeps of them each second.

#include <algorithm>
#include <set>
#include <utility>

#include "api/paper/paper_json.h"
#include "app/paper/paper_floor.h"

namespace livetape::app {
namespace {

constexpr std::string_view kDashboardType = "dashboard_update";
constexpr size_t kMarketShown = 100;  // instruments that the default account's dashboard shows

}  // namespace

void PaperFloor::Put(std::string topic, std::string_view type, std::string key, std::string json) {
  const bool deleted = json.empty();
  output_->Add({.key = std::make_shared<const hub::StateKey>(std::move(topic), std::string(type),
                                                             std::move(key)),
                .data = std::move(json),
                .deleted = deleted});
}

void PaperFloor::EndWindow(base::WallTime now, bool dashboard) {
  floor_.TakeChanged(now, changed_);
  for (const model::AccountId id : changed_) {
    Named& named = accounts_[id.value()];
    named.to_show = named.to_checkpoint = named.to_dashboard = true;
  }
  for (uint32_t i = 0; i < accounts_.size(); ++i) {
    if (!std::exchange(accounts_[i].to_show, false)) continue;
    ShowEquity(model::AccountId(i), now);
    ShowPositions(model::AccountId(i));
  }
  if (!dashboard) return;
  for (uint32_t i = 0; i < accounts_.size(); ++i) {
    const model::AccountId id(i);
    // Who reads the channel reads all of it: what is one user's does not go there.
    if (around_.auth && !accounts_[i].profile.owner.empty()) continue;
    const bool is_default = accounts_[i].profile.name == usual_.name;
    if (accounts_[i].to_dashboard || (is_default && quotes_fresh_)) ShowMarket(id);
    if (accounts_[i].to_dashboard) ShowDashboard(id, now);
  }
  quotes_fresh_ = false;
}

void PaperFloor::ShowEquity(model::AccountId id, base::WallTime now) {
  const std::string& name = accounts_[id.value()].profile.name;
  std::string json = "{";
  api::AppendEquityFields(
      json, floor_, id, name,
      [this](model::InstrumentId of) -> const model::Instrument& { return instrument(of); }, now);
  Put(api::PaperTopic(name, "equity"), api::kEquityType, "", json + '}');
}

// Those that have changed since they were shown; those that are gone are deleted.
void PaperFloor::ShowPositions(model::AccountId id) {
  Named& named = accounts_[id.value()];
  const auto& positions = floor_.account(id).positions();
  const std::string topic = api::PaperTopic(named.profile.name, "positions");
  for (auto at = named.shown.begin(); at != named.shown.end();) {
    if (positions.contains(at->first)) {
      ++at;
      continue;
    }
    Put(topic, api::kPositionType, instrument(at->first).symbol, "");
    at = named.shown.erase(at);
  }
  for (const auto& [of, position] : positions) {
    const Shown now{position.quantity, position.cost, api::MarkOf(floor_, of, position)};
    const auto [at, added] = named.shown.try_emplace(of, now);
    if (!added && at->second == now) continue;
    at->second = now;
    std::string json;
    api::AppendPositionJson(json, instrument(of), position, floor_.quotes().Find(of));
    Put(topic, api::kPositionType, instrument(of).symbol, std::move(json));
  }
}

// Instruments whose quotes an account's dashboard shows.
std::vector<model::InstrumentId> PaperFloor::WatchedBy(model::AccountId id) const {
  std::set<model::InstrumentId> watched;
  for (const auto& [of, position] : floor_.account(id).positions()) watched.insert(of);
  if (accounts_[id.value()].profile.name == usual_.name) {
    for (uint32_t i = 0; i < std::min(instruments_.size(), kMarketShown); ++i) {
      watched.insert(model::InstrumentId(i));
    }
  }
  return {watched.begin(), watched.end()};
}

void PaperFloor::ShowDashboard(model::AccountId id, base::WallTime now) {
  Named& named = accounts_[id.value()];
  const std::string& name = named.profile.name;
  const std::string topic = "dashboard/" + name;
  const api::InstrumentOf instrument_of =
      [this](model::InstrumentId of) -> const model::Instrument& { return instrument(of); };
  Put(topic, kDashboardType, "metrics", api::DashboardMetrics(floor_, id, name, now));
  Put(topic, kDashboardType, "positions", api::DashboardPositions(floor_, id, name, instrument_of));
  if (named.orders_changed) {
    Put(topic, kDashboardType, "orders",
        api::DashboardOrders(floor_, id, name, instrument_of, around_.ids));
  }
  named.to_dashboard = named.orders_changed = false;
}

void PaperFloor::ShowMarket(model::AccountId id) {
  const auto watched = WatchedBy(id);
  if (watched.empty()) return;
  const std::string& name = accounts_[id.value()].profile.name;
  Put("dashboard/" + name, kDashboardType, "market",
      api::DashboardMarket(
          floor_, name, watched,
          [this](model::InstrumentId of) -> const model::Instrument& { return instrument(of); }));
}

// Snapshots of accounts to which nothing happens are renewed by and by, so that a start has few
// records to read for them.
void PaperFloor::Refresh() {
  constexpr size_t kPerSecond = 20;
  for (size_t i = 0; i < std::min(accounts_.size(), kPerSecond); ++i) {
    refreshed_ = (refreshed_ + 1) % static_cast<uint32_t>(accounts_.size());
    accounts_[refreshed_].to_checkpoint = true;
  }
}

void PaperFloor::ForEachOpenOrder(const std::function<void(const model::Order&, const std::string&,
                                                           const model::Instrument&)>& take) const {
  for (uint32_t i = 0; i < accounts_.size(); ++i) {
    for (const model::Order* const order : floor_.OpenOrders(model::AccountId(i))) {
      take(*order, accounts_[i].profile.name, instrument(order->instrument));
    }
  }
}

store::AccountRow PaperFloor::RowOf(model::AccountId id, base::WallTime now) const {
  const Named& named = accounts_[id.value()];
  return {.account = named.profile.name,
          .number = id.value(),
          .time = now,
          .active = named.active,
          .settings = api::ProfileJson(named.profile),
          .snapshot = floor::EncodeSnapshot(
              floor_.account(id), floor_.OpenOrders(id),
              [this](model::InstrumentId of) -> const model::Instrument& { return instrument(of); },
              floor_.risk_state(id))};
}

void PaperFloor::Checkpoint(base::WallTime now) {
  app::Checkpoint checkpoint;
  const bool any = std::any_of(accounts_.begin(), accounts_.end(),
                               [](const Named& named) { return named.to_checkpoint; });
  if (!any) return;
  Refresh();
  std::set<model::InstrumentId> held;
  for (uint32_t i = 0; i < accounts_.size(); ++i) {
    Named& named = accounts_[i];
    if (!named.to_checkpoint) continue;
    named.to_checkpoint = false;
    const model::AccountId id(i);
    const floor::Account& account = floor_.account(id);
    if (i < told_) checkpoint.accounts.push_back(RowOf(id, now));
    output_->Touch(named.profile.name, named.active);
    checkpoint.points.push_back({.account = named.profile.name,
                                 .time = now,
                                 .equity = account.equity(),
                                 .cash = account.cash(),
                                 .drawdown = account.drawdown()});
    for (const auto& [of, position] : account.positions()) held.insert(of);
  }
  for (const model::InstrumentId of : held) {
    const model::Quote* const quote = floor_.quotes().Find(of);
    if (quote == nullptr) continue;
    checkpoint.quotes.push_back({.symbol = instrument(of).symbol,
                                 .asset_class = instrument(of).asset_class,
                                 .image = floor::EncodeQuoteImage(
                                     {.quote = *quote, .traded = floor_.quotes().traded(of)})});
  }
  if (!checkpoint.points.empty()) output_->Add(std::move(checkpoint));
}

}  // namespace livetape::app
