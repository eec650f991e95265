#include "api/jobs/strategy_json.h"

#include <fmt/format.h>

#include <string_view>
#include <type_traits>
#include <variant>

#include "base/json_text.h"
#include "jobs/backtest/figures.h"
#include "jobs/backtest/strategy_catalog.h"

namespace livetape::api {
namespace {

void AppendText(std::string& out, std::string_view name, std::string_view text) {
  out += fmt::format("\"{}\":", name);
  base::AppendJsonString(out, text);
}

void AppendParameter(std::string& out, const jobs::Parameter& parameter) {
  out += '{';
  AppendText(out, "name", parameter.name);
  out += fmt::format(R"(,"type":"{}")", Name(parameter.type()));
  if (parameter.type() == jobs::ParameterType::kInteger ||
      parameter.type() == jobs::ParameterType::kNumber) {
    out += fmt::format(R"(,"minimum":{},"maximum":{})", parameter.least, parameter.most);
  }
  out += ",\"default\":";
  std::visit(
      [&out](const auto& preset) {
        if constexpr (std::is_same_v<std::decay_t<decltype(preset)>, std::string>) {
          base::AppendJsonString(out, preset);
        } else {
          out += fmt::format("{}", preset);
        }
      },
      parameter.preset);
  out += ',';
  AppendText(out, "description", parameter.meaning);
  out += '}';
}

}  // namespace

std::string StrategiesJson() {
  std::string out = "{\"strategies\":[";
  for (const jobs::StrategyInfo& strategy : jobs::Strategies()) {
    if (out.back() != '[') out += ',';
    out += '{';
    AppendText(out, "name", strategy.name);
    out += ',';
    AppendText(out, "description", strategy.meaning);
    out += fmt::format(R"(,"portfolio":{},"parameters":[)", strategy.portfolio);
    for (const jobs::Parameter& parameter : strategy.parameters) {
      if (out.back() != '[') out += ',';
      AppendParameter(out, parameter);
    }
    out += "]}";
  }
  out += "],\"rank_by\":[";
  for (const jobs::FigureInfo& figure : jobs::FigureList()) {
    if (out.back() != '[') out += ',';
    out += fmt::format("\"{}\"", figure.name);
  }
  return out + "]}";
}

}  // namespace livetape::api
