#include "api/risk/risk_json.h"

#include <fmt/format.h>

#include <optional>

#include "api/risk/risk_settings.h"
#include "base/json_text.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

using floor::RiskReport;

std::string Number(std::optional<double> value) {
  return value ? fmt::format("{:.15g}", *value) : "null";
}

// As a fraction of equity; null when there is none.
std::string ShareOf(base::Amount part, base::Amount equity) {
  if (equity.units() <= 0) return "null";
  return Number(part.Approximate() / equity.Approximate());
}

void AppendTailRisk(std::string& out, const RiskReport& report, std::string_view name,
                    double floor::TailRisk::* figure) {
  out += fmt::format(",\"{}\":{{", name);
  for (size_t i = 0; i < floor::kVarMethods; ++i) {
    const auto& risk = report.tail_risk[i];
    out += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", floor::kVarMethodNames[i],
                       risk ? Number((*risk).*figure) : "null");
  }
  out += '}';
}

void AppendExposure(std::string& out, const RiskReport& report, const InstrumentOf& instrument_of) {
  const base::Amount equity = report.equity;
  out += fmt::format(R"(,"exposure":{{"long":{},"short":{},"gross":{},"net":{},)"
                     R"("gross_fraction":{},"net_fraction":{}}})",
                     report.long_value.ToString(), report.short_value.ToString(),
                     report.gross.ToString(), report.net.ToString(), ShareOf(report.gross, equity),
                     ShareOf(report.net, equity));
  out += ",\"concentration\":{\"symbol\":";
  if (report.largest_position) {
    base::AppendJsonString(out, instrument_of(*report.largest_position).symbol);
  } else {
    out += "null";
  }
  out += fmt::format(R"(,"value":{},"fraction":{}}})", report.largest.ToString(),
                     ShareOf(report.largest, equity));
}

void AppendLimits(std::string& out, const RiskReport& report) {
  out += ",\"limits\":{";
  for (size_t i = 0; i < floor::kRiskMetrics; ++i) {
    const floor::LimitStanding& standing = report.limits[i];
    const auto metric = static_cast<floor::RiskMetric>(i);
    const double limit = standing.rule.limit.Approximate();
    const std::optional<double> used =
        standing.value && limit > 0 ? std::optional(*standing.value / limit) : std::nullopt;
    out += fmt::format(R"({}"{}":{{"metric":"{}","value":{},"limit":{},"used":{},"broken":{},)"
                       R"("severity":"{}","action":"{}"}})",
                       i == 0 ? "" : ",", RiskLimitKey(metric), Name(metric),
                       Number(standing.value), standing.rule.limit.ToString(), Number(used),
                       standing.broken, Name(standing.rule.severity), Name(standing.rule.action));
  }
  out += '}';
}

}  // namespace

std::string RiskJson(const RiskReport& report, const floor::RiskRules& rules,
                     std::string_view account, base::WallTime now,
                     const InstrumentOf& instrument_of) {
  std::string out = "{\"account\":";
  base::AppendJsonString(out, account);
  out += fmt::format(R"(,"equity":{},"confidence":{},"method":"{}")", report.equity.ToString(),
                     rules.var_confidence.ToString(), Name(rules.var_method));
  AppendTailRisk(out, report, "var", &floor::TailRisk::var);
  AppendTailRisk(out, report, "cvar", &floor::TailRisk::cvar);
  out += ",\"reason\":";
  if (report.reason.empty()) {
    out += "null";
  } else {
    base::AppendJsonString(out, report.reason);
  }
  out += fmt::format(
      R"(,"covered":{},"days":{},"drawdown":{},"max_drawdown":{},"day_drawdown":{},"peak":{},)"
      R"("day_start":{})",
      Number(report.covered), report.days, Number(report.drawdown), Number(report.max_drawdown),
      Number(report.day_drawdown), report.peak.ToString(), report.day_start.ToString());
  AppendExposure(out, report, instrument_of);
  out += fmt::format(R"(,"exceedances":{},"var_at_roll":{})", report.state.exceedances,
                     Number(report.state.roll_var));
  AppendLimits(out, report);
  return out + fmt::format(R"(,"timestamp":"{}"}})", base::FormatRfc3339(now));
}

}  // namespace livetape::api
