#include "app/paper/paper_floor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/paper/order_record.h"
#include "api/paper/paper_json.h"
#include "base/assert.h"
#include "base/json_text.h"

namespace livetape::app {
namespace {

http::Response NoAccount(std::string_view name) {
  return http::Problem(404, fmt::format("there is no account {}", name), "account");
}

floor::TradingFloor::Options Watching(floor::TradingFloor::Options options) {
  options.watch_risk = true;
  return options;
}

}  // namespace

PaperFloor::PaperFloor(const floor::TradingFloor::Options& options, api::AccountProfile usual,
                       Surroundings surroundings, metrics::Registry& metrics)
    : around_(std::move(surroundings)),
      usual_(std::move(usual)),
      floor_(Watching(options), *this),
      output_(std::make_unique<FloorOutput>(around_.output)),
      orders_(metrics.AddCounter("livetape_orders_total", "Orders accepted.")),
      fills_(metrics.AddCounter("livetape_fills_total", "Fills of orders.")),
      rejected_(metrics.AddCounter("livetape_orders_rejected_total", "Orders refused.")),
      requests_(metrics.AddCounter("livetape_desk_requests_total",
                                   "Requests served by the trading floor.")),
      account_count_(metrics.AddGauge("livetape_accounts", "Paper accounts.")) {}

PaperFloor::~PaperFloor() = default;

// --- accounts

std::optional<model::AccountId> PaperFloor::FindAccount(std::string_view name) const {
  const auto at = by_name_.find(std::string(name));
  if (at == by_name_.end()) return std::nullopt;
  return at->second;
}

PaperFloor::Opened PaperFloor::Open(const api::AccountProfile& profile, base::WallTime now) {
  if (by_name_.contains(profile.name)) return Opened::kNameTaken;
  if (IsKeyOfAnother(profile) || by_name_.contains(profile.key_id)) return Opened::kKeyTaken;
  if (accounts_.size() >= api::kAccountsMax) return Opened::kTooMany;
  const model::AccountId id = floor_.OpenAccount(now, profile.settings);
  LT_ASSERT(id.value() == accounts_.size(), "account {} of {}", id.value(), accounts_.size());
  if (recorder_ != nullptr) recorder_->OnInput(floor::AccountNamed{profile.name});
  accounts_.push_back({.profile = profile, .shown = {}});
  by_name_.emplace(profile.name, id);
  account_count_.Set(static_cast<int64_t>(accounts_.size()));
  return Opened::kDone;
}

void PaperFloor::Note(std::string_view account, base::WallTime active) {
  const auto id = FindAccount(account);
  LT_ASSERT(id, "account {}", account);
  base::WallTime& newest = accounts_[id->value()].active;
  newest = std::max(newest, active);
}

// On the tape, behind that in the directory, and in the next checkpoint: an opening too that somebody
// else's has brought with it, or the next start would not know of it.
void PaperFloor::Tell(api::AccountChange change) {
  Note(change.profile.name, change.time);
  accounts_[FindAccount(change.profile.name)->value()].to_checkpoint = true;
  output_->records.push_back(api::AccountChangeRecord(change));
  output_->Add(std::move(change));
}

void PaperFloor::TellOpenings(model::AccountId through) {
  for (; told_ <= through.value(); ++told_) {
    const model::AccountId next(static_cast<uint32_t>(told_));
    Tell({.kind = api::AccountChange::Kind::kOpen,
          .time = floor_.account(next).opened(),
          .profile = accounts_[told_].profile});
  }
}

std::optional<api::AccountProfile> PaperFloor::Profile(std::string_view account) const {
  const auto id = FindAccount(account);
  if (!id) return std::nullopt;
  return accounts_[id->value()].profile;
}

PaperFloor::Opened PaperFloor::OpenAccount(const api::AccountProfile& profile) {
  api::AccountProfile opened = profile;
  opened.settings.limits = usual_.settings.limits;
  const Opened done = Open(opened, serving_.now);
  if (done == Opened::kDone) TellOpenings(*FindAccount(opened.name));
  return done;
}

void PaperFloor::TellState(model::AccountId account, base::WallTime time) {
  api::AccountChange change{.kind = api::AccountChange::Kind::kState,
                            .time = time,
                            .profile = {},
                            .state = floor_.account(account).state()};
  change.profile.name = accounts_[account.value()].profile.name;
  Named& named = accounts_[account.value()];
  named.to_show = named.to_checkpoint = named.to_dashboard = true;
  TellOpenings(account);
  Tell(std::move(change));
}

void PaperFloor::SetState(floor::AccountState state) {
  floor_.SetState(serving_.now, serving_.account, state);
  TellState(serving_.account, serving_.now);
}

void PaperFloor::Reset() {
  TellOpenings(serving_.account);
  const floor::Account& account = floor_.account(serving_.account);
  const bool ruined =
      account.state() == floor::AccountState::kHalted && account.equity() <= base::Amount();
  floor_.Reset(serving_.now, serving_.account);
  api::AccountChange change{
      .kind = api::AccountChange::Kind::kReset, .time = serving_.now, .profile = {}};
  change.profile.name = account_name();
  Tell(std::move(change));
  // What halted it is over; a halt by hand is not.
  if (ruined) SetState(floor::AccountState::kActive);
}

void PaperFloor::ChangeProfile(const api::AccountProfile& profile) {
  Named& named = accounts_[serving_.account.value()];
  LT_ASSERT(profile.name == named.profile.name);
  named.profile = profile;
  named.to_checkpoint = true;
  TellOpenings(serving_.account);
  floor_.ChangeSettings(serving_.account, profile.settings);
  Tell({.kind = api::AccountChange::Kind::kSettings, .time = serving_.now, .profile = profile});
}

// --- restoring

base::Result<void> PaperFloor::Restore(const store::AccountRow& row) {
  auto profile = api::ParseProfile(row.settings);
  if (!profile) return std::unexpected(std::move(profile.error()));
  const model::AccountId id(static_cast<uint32_t>(accounts_.size()));
  auto snapshot = floor::DecodeSnapshot(
      row.snapshot, id, [this](const model::Instrument& known) { return add_instrument_(known); });
  if (!snapshot) return std::unexpected(std::move(snapshot.error()));
  profile->settings = snapshot->account.settings();
  const base::WallTime opened = snapshot->account.opened();
  const base::WallTime reset_at = snapshot->account.reset_at();
  const floor::AccountState state = snapshot->account.state();
  const base::Amount start = snapshot->account.start();
  floor_.RestoreAccount(*std::move(snapshot), row.time);
  if (recorder_ != nullptr) recorder_->OnInput(floor::AccountNamed{profile->name});
  by_name_.emplace(profile->name, id);
  accounts_.push_back({.profile = *profile, .shown = {}, .active = row.active});
  told_ = accounts_.size();
  account_count_.Set(static_cast<int64_t>(accounts_.size()));
  api::AccountDirectory& directory = around_.output.directory;
  directory.Apply({.kind = api::AccountChange::Kind::kOpen, .time = opened, .profile = *profile});
  if (reset_at > opened) {
    directory.Apply(
        {.kind = api::AccountChange::Kind::kReset, .time = reset_at, .profile = *profile});
  }
  directory.Apply({.kind = api::AccountChange::Kind::kState,
                   .time = opened,
                   .profile = *std::move(profile),
                   .state = state});
  directory.Restore(row.account, start, row.active);
  return {};
}

base::Result<void> PaperFloor::Replay(const tape::Record& record) {
  replaying_ = true;
  const auto replay = [&]() -> base::Result<void> {
    if (record.kind == tape::RecordKind::kAccountChange) {
      const auto change = api::ParseAccountChange(record);
      if (!change) return std::unexpected(change.error());
      return Apply(*change);
    }
    auto read = api::ParseOrderEvent(record, around_.ids);
    if (!read) return std::unexpected(std::move(read.error()));
    const auto id = AccountOf(read->account, read->event.time);
    if (!id) return std::unexpected(id.error());
    read->event.order.account = *id;
    read->event.order.instrument = add_instrument_(read->instrument);
    const model::OrderId order = read->event.order.id;
    if (oldest_replayed_ && floor::IsFill(read->event.kind) &&
        floor_.FindOpen(*id, order) == nullptr) {
      around_.log.Warning(
          "a fill of {} belongs to an order from before record {}, the oldest that the tape keeps; "
          "its position is made again without it",
          read->account, *oldest_replayed_);
      return {};
    }
    floor_.Replay(read->event);
    Note(read->account, read->event.time);
    around_.output.directory.Touch(read->account, read->event.time);
    return {};
  };
  auto replayed = replay();
  replaying_ = false;
  if (replayed) return replayed;
  return base::Fail(
      fmt::format("record {} cannot be replayed: {}", record.seq, replayed.error().message));
}

base::Result<model::AccountId> PaperFloor::AccountOf(const std::string& name, base::WallTime time) {
  if (const auto known = FindAccount(name)) return *known;
  if (!oldest_replayed_) return base::Fail(fmt::format("it is of an unknown account {}", name));
  around_.log.Warning(
      "the account {} is made again without what came before record {}, the oldest that the tape "
      "keeps: it begins with the default account's cash",
      name, *oldest_replayed_);
  api::AccountProfile profile = usual_;
  profile.name = name;
  profile.key_id = profile.secret_hash = profile.owner = "";
  if (Open(profile, time) != Opened::kDone) {
    return base::Fail(fmt::format("the account {} cannot be opened", name));
  }
  told_ = accounts_.size();
  around_.output.directory.Apply(
      {.kind = api::AccountChange::Kind::kOpen, .time = time, .profile = std::move(profile)});
  return *FindAccount(name);
}

base::Result<void> PaperFloor::Apply(const api::AccountChange& change) {
  using Kind = api::AccountChange::Kind;
  if (change.kind == Kind::kOpen && FindAccount(change.profile.name)) {
    // An account without a snapshot was opened again by a later start.
    around_.log.Warning("the account {} was opened a second time; it takes the settings of that",
                        change.profile.name);
    api::AccountChange again = change;
    again.kind = Kind::kSettings;
    return Apply(again);
  }
  if (change.kind == Kind::kOpen) {
    api::AccountProfile profile = change.profile;
    profile.settings.limits = usual_.settings.limits;
    if (Open(profile, change.time) != Opened::kDone) {
      return base::Fail(fmt::format("the account {} cannot be opened", profile.name));
    }
    told_ = accounts_.size();
    Note(profile.name, change.time);
    around_.output.directory.Apply(change);
    return {};
  }
  const auto id = AccountOf(change.profile.name, change.time);
  if (!id) return std::unexpected(id.error());
  switch (change.kind) {
    case Kind::kReset:
      floor_.Reset(change.time, *id);
      break;
    case Kind::kState:
      floor_.SetState(change.time, *id, change.state);
      break;
    case Kind::kRisk:
      floor_.RestoreRisk(*id, change.risk);
      break;
    case Kind::kOpen:
    case Kind::kSettings: {
      api::AccountProfile& profile = accounts_[id->value()].profile;
      profile = change.profile;
      profile.settings.limits = usual_.settings.limits;
      floor_.ChangeSettings(*id, profile.settings);
      break;
    }
  }
  Note(change.profile.name, change.time);
  around_.output.directory.Apply(change);
  return {};
}

// --- requests

void PaperFloor::AddInstrument(model::Instrument instrument) {
  const auto id = floor_.AddInstrument(instrument.asset_class);
  LT_ASSERT(id.value() == instruments_.size(), "instrument {}", id.value());
  if (recorder_ != nullptr) recorder_->OnInput(floor::InstrumentNamed{instrument.symbol});
  instruments_.push_back(std::move(instrument));
}

void PaperFloor::Serve(DeskRequest request, base::WallTime now) {
  requests_.Add();
  const auto answer = [&](api::DeskAnswer what) {
    if (request.responder) {
      output_->Answer(request.loop, *std::move(request.responder), std::move(what));
    }
  };
  auto id = FindAccount(request.account);
  if (!id && request.create) {
    api::AccountProfile profile = usual_;
    profile.name = request.account;
    profile.key_id.clear();
    profile.secret_hash.clear();
    profile.owner.clear();
    if (Open(profile, now) == Opened::kTooMany) {
      return answer(http::Problem(
          403, fmt::format("there are {} accounts, as many as there may be", api::kAccountsMax)));
    }
    id = FindAccount(request.account);
    TellOpenings(*id);
  }
  if (!id) return answer(NoAccount(request.account));
  serving_ = {.account = *id, .now = now, .events = {}};
  api::DeskAnswer made = request.work(*this);
  if (!serving_.events.empty()) output_->Touch(request.account, now);
  answer(std::move(made));
  serving_.events.clear();
}

const std::string& PaperFloor::account_name() const {
  return accounts_[serving_.account.value()].profile.name;
}

std::optional<model::InstrumentId> PaperFloor::FindInstrument(std::string_view symbol) const {
  const auto found = around_.instruments.Find(symbol);
  if (!found) return std::nullopt;
  return found->id;
}

const model::Instrument& PaperFloor::instrument(model::InstrumentId id) const {
  LT_ASSERT(id.value() < instruments_.size(), "instrument {}", id.value());
  return instruments_[id.value()];
}

void PaperFloor::OnOrderEvent(const floor::OrderEvent& event) {
  if (replaying_) return;
  TellOpenings(event.order.account);
  Named& named = accounts_[event.order.account.value()];
  named.orders_changed = true;
  named.to_checkpoint = true;
  named.active = std::max(named.active, event.time);
  if (floor::IsFill(event.kind)) fills_.Add();
  if (event.kind == floor::OrderEventKind::kRejected) rejected_.Add();
  if (event.kind == floor::OrderEventKind::kNew) orders_.Add();
  output_->records.push_back(api::OrderEventRecord(
      event, named.profile.name, instrument(event.order.instrument), around_.ids));
  if (event.order.account == serving_.account) serving_.events.push_back(event);
}

void PaperFloor::Submit() {
  if (output_->empty()) return;
  output_->Seal();
  std::unique_ptr<tape::Submission> submission = std::move(output_);
  output_ = std::make_unique<FloorOutput>(around_.output);
  if (const auto refusal = around_.tape.Submit(submission)) submission->OnRefused(*refusal);
}

}  // namespace livetape::app
