#include "api/risk/alert_record.h"

#include <fmt/format.h>

#include <string>

#include "api/risk/risk_settings.h"

namespace livetape::api {
namespace {

// Account names need no escapes.
tape::NewRecord AlertRecord(std::string_view type, floor::Severity severity,
                            std::string_view message, std::string_view metric,
                            std::string_view value, std::string_view threshold,
                            std::string_view account) {
  return {.topic = fmt::format("alerts/{}", Name(severity)),
          .type = "risk_alert",
          .data = fmt::format(
              R"({{"alert_type":"{}","severity":"{}","message":"{}","metric_name":"{}",)"
              R"("metric_value":{},"threshold":{},"entity_type":"account","entity_id":"{}"}})",
              type, Name(severity), message, metric, value, threshold, account),
          .kind = tape::RecordKind::kAlert};
}

std::string_view ActionText(const floor::RiskAlert& alert) {
  if (!alert.broken) return "";
  switch (alert.rule.action) {
    case floor::RiskAction::kAlert:
      return "";
    case floor::RiskAction::kReduce:
      return "; from now on only orders that close positions are taken";
    case floor::RiskAction::kHalt:
      break;
  }
  return "; trading is halted and its orders are canceled";
}

}  // namespace

tape::NewRecord RiskAlertRecord(const floor::RiskAlert& alert, std::string_view account) {
  const std::string value = alert.value ? fmt::format("{:.10g}", *alert.value) : "null";
  const std::string limit = alert.rule.limit.ToString();
  const std::string key = RiskLimitKey(alert.metric);
  const std::string message =
      fmt::format("{} of {} is {}, {} its limit {}{}", Name(alert.metric), account,
                  alert.value ? value : "beyond measure", alert.broken ? "over" : "back under",
                  limit, ActionText(alert));
  return AlertRecord(alert.broken ? key : key + "_recovered",
                     alert.broken ? alert.rule.severity : floor::Severity::kLow, message,
                     Name(alert.metric), value, limit, account);
}

tape::NewRecord RuinAlertRecord(std::string_view account, base::Amount equity) {
  return AlertRecord(
      "ruin", floor::Severity::kCritical,
      fmt::format("equity of {} is used up: trading is halted and its orders are canceled",
                  account),
      "equity", equity.ToString(), "0", account);
}

}  // namespace livetape::api
