// Limits of risk as PaperFloor sets them, and what it tells when one is broken.

#include <utility>

#include "api/risk/alert_record.h"
#include "app/paper/paper_floor.h"

namespace livetape::app {

void PaperFloor::BeginRisk(const api::RiskSettings& configured, api::RiskOverrides overrides,
                           base::WallTime now) {
  configured_risk_ = configured;
  risk_overrides_ = std::move(overrides);
  SetRisk(now);
  floor_.WatchRisk();
}

void PaperFloor::SetRisk(base::WallTime now) {
  const api::RiskSettings settings = risk_settings();
  usual_.settings.limits = settings.orders;
  for (uint32_t i = 0; i < accounts_.size(); ++i) {
    Named& named = accounts_[i];
    named.profile.settings.limits = settings.orders;
    floor_.ChangeSettings(model::AccountId(i), named.profile.settings);
  }
  floor_.SetRiskRules(now, settings.rules);
}

void PaperFloor::ChangeRisk(api::RiskOverrides overrides) {
  risk_overrides_ = std::move(overrides);
  output_->records.push_back(api::RiskLimitsRecord(risk_overrides_));
  SetRisk(serving_.now);
}

void PaperFloor::OnRuined(model::AccountId account, base::WallTime time) {
  TellState(account, time);
  output_->records.push_back(api::RuinAlertRecord(accounts_[account.value()].profile.name,
                                                  floor_.account(account).equity()));
}

// What is broken goes to the tape with its alert, so that no crash makes a second one.
void PaperFloor::OnRiskAlert(const floor::RiskAlert& alert) {
  TellOpenings(alert.account);
  Named& named = accounts_[alert.account.value()];
  named.to_checkpoint = true;
  output_->records.push_back(api::RiskAlertRecord(alert, named.profile.name));
  api::AccountChange change{.kind = api::AccountChange::Kind::kRisk,
                            .time = alert.time,
                            .profile = {},
                            .risk = alert.state};
  change.profile.name = named.profile.name;
  Tell(std::move(change));
}

void PaperFloor::OnRiskAction(model::AccountId account, base::WallTime time) {
  TellState(account, time);
}

}  // namespace livetape::app
