#include "app/paper/paper_trading.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "api/native/body_hash.h"
#include "api/risk/risk_settings.h"
#include "app/entropy.h"
#include "app/paper/paper_recovery.h"
#include "auth/api_key.h"
#include "base/time_text.h"

namespace livetape::app {
namespace {

std::string_view TimeName(std::string_view clock) {
  return clock == "recorded" ? "recorded time (a replay)" : "wall time (synthetic, none)";
}

uint64_t SeedOf(const tape::Tape& tape) { return api::HashBody(tape.origin()).high; }

floor::AccountSettings SettingsOf(const config::PaperTerms& terms, const config::RiskConfig& risk) {
  floor::AccountSettings settings;
  settings.cash = terms.cash;
  settings.fees = {.rate = terms.fee, .per_share = terms.fee_per_share, .minimum = terms.fee_min};
  settings.slippage_bps = terms.slippage_bps;
  settings.multiplier = terms.multiplier;
  settings.limits = api::SettingsOf(risk).orders;
  return settings;
}

api::AccountProfile UsualProfile(const config::Config& config) {
  api::AccountProfile profile;
  profile.name = config.paper.account;
  profile.settings = SettingsOf(config.paper, config.risk);
  return profile;
}

api::AccountProfile ProfileOf(const config::AccountConfig& account,
                              const config::RiskConfig& risk) {
  api::AccountProfile profile;
  profile.name = account.name;
  profile.key_id = account.key;
  if (!account.secret.empty()) profile.secret_hash = auth::HashSecret(account.secret);
  profile.owner = account.owner;
  profile.settings = SettingsOf(account, risk);
  return profile;
}

floor::TradingFloor::Options OptionsOf(const config::Config& config) {
  floor::TradingFloor::Options options;
  options.exchange_hours = config.market.hours == config::MarketHours::kExchange;
  options.seed = Entropy();
#ifdef LIVETAPE_CHECK_TICKS
  options.check_identity_on_ticks = true;
#endif
  return options;
}

}  // namespace

PaperTrading::PaperTrading(const Ground& ground)
    : ground_(ground),
      ids_(SeedOf(*ground.storage.tape)),
      sessions_(ground.config.market.hours == config::MarketHours::kExchange
                    ? market::Hours::kExchange
                    : market::Hours::kAlways),
      directory_(ground.access, ground.config.auth.mode != config::AuthMode::kNone,
                 ground.config.paper.account),
      projector_({.store = *ground.storage.store,
                  .tape = *ground.storage.tape,
                  .ids = ids_,
                  .loops = ground.loops,
                  .clock = ground.clock,
                  .log = ground.log,
                  .bars = ground.bars},
                 ground.metrics),
      floor_(OptionsOf(ground.config), UsualProfile(ground.config),
             {.tape = *ground.storage.tape,
              .auth = ground.config.auth.mode != config::AuthMode::kNone,
              .ids = ids_,
              .instruments = ground.instruments,
              .log = ground.log,
              .output = {.state = ground.state,
                         .directory = directory_,
                         .projector = projector_,
                         .loops = ground.loops}},
             ground.metrics) {
  if (ground_.recorder == nullptr) return;
  ground_.recorder->Begin({.options = floor_.floor().options(),
                           .ids_seed = SeedOf(*ground_.storage.tape),
                           .began = ground_.clock.Wall(),
                           .program = LIVETAPE_VERSION});
  floor_.SetRecorder(*ground_.recorder);
}

// All times of an account are of one clock.
base::Result<void> PaperTrading::KeepClock() {
  const bool recorded = ground_.config.market.source.kind == config::SourceSpec::Kind::kReplay;
  const std::string_view clock = recorded ? "recorded" : "wall";
  store::Store& store = *ground_.storage.store;
  const std::string before = store.clock();
  if (before == clock) return {};
  if (before.empty()) return store.SetClock(clock);
  return base::Fail(
      fmt::format("the data folder {} was last used with {}, and this source has {}: choose "
                  "another folder with "
                  "--data-dir, or a source of the same clock",
                  ground_.config.server.data_dir, TimeName(before), TimeName(clock)));
}

// Where a recording's times come a second time, history by time has two of each.
void PaperTrading::WarnOfTwice(base::WallTime begin, base::WallTime lived) {
  if (ground_.config.market.source.kind != config::SourceSpec::Kind::kReplay || begin >= lived) {
    return;
  }
  ground_.log.Warning(
      "the recording begins at {}, and the accounts in {} have been traded until {}: what happens "
      "until then stands beside what happened at the same times before; for a run of its own "
      "choose another folder with --data-dir",
      base::FormatRfc3339(begin), ground_.config.server.data_dir, base::FormatRfc3339(lived));
}

base::Result<void> PaperTrading::Recover(FloorAgent& agent) {
  if (auto kept = KeepClock(); !kept) return kept;
  auto recovered = RecoverPaper({.store = *ground_.storage.store,
                                 .tape = *ground_.storage.tape,
                                 .paper = floor_,
                                 .projector = projector_,
                                 .floor = agent,
                                 .log = ground_.log});
  if (!recovered) return recovered;
  const config::Config& config = ground_.config;
  const base::WallTime now = agent.FloorTime();
  WarnOfTwice(now, agent.restored_time());
  bool default_listed = false;
  std::vector<api::AccountProfile> profiles;
  for (const config::AccountConfig& account : config.accounts) {
    default_listed |= account.name == config.paper.account;
    profiles.push_back(ProfileOf(account, config.risk));
  }
  if (!default_listed) profiles.push_back(UsualProfile(config));
  floor_.Configure(std::move(profiles), now);
  floor_.BeginRisk(api::SettingsOf(config.risk), ground_.storage.folds->risk_overrides(), now);
  if (ground_.recorder != nullptr) ground_.recorder->GoLive();
  if (config.paper.strategy == config::PaperStrategy::kDemo) {
    demo_.emplace(agent, config.paper.account);
  }
  return {};
}

}  // namespace livetape::app
