#include "app/jobs/backtest_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/amount_text.h"

namespace livetape::app {
namespace {

using jobs::ParameterFault;
using jobs::ParameterValue;
using MaybeFault = std::optional<ParameterFault>;

// All of `text` as a number of that type.
template <typename Number>
std::optional<Number> Whole(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end || text.empty()) return std::nullopt;
  return number;
}

MaybeFault AddParam(jobs::BacktestRequest& request, const std::string& text) {
  const auto param = ParseParam(text);
  if (!param) {
    return ParameterFault{"param",
                          fmt::format("'{}' is not name=value, nor name=value,value,...", text)};
  }
  if (request.params.contains(param->first)) {
    return ParameterFault{
        "param",
        fmt::format("{0} is given twice; a list of values is {0}=value,value", param->first)};
  }
  std::vector<ParameterValue>& values = request.params[param->first];
  for (std::string_view rest = param->second;;) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view word = rest.substr(0, comma);
    // What is no number is a text.
    const auto value = ParseValue(word);
    values.push_back(value ? *value : ParameterValue(std::string(word)));
    if (comma == rest.size()) return std::nullopt;
    rest.remove_prefix(comma + 1);
  }
}

template <typename Tag>
MaybeFault ReadDecimal(std::string_view field, const std::string& text, base::Fixed<Tag>& value) {
  auto parsed = base::Fixed<Tag>::Parse(text);
  if (!parsed) return ParameterFault{std::string(field), parsed.error().message};
  value = *parsed;
  return std::nullopt;
}

MaybeFault ReadMoney(const BacktestCommand& command, jobs::BacktestSpec& spec) {
  const auto cash = base::ParseAmount(command.cash);
  if (!cash) return ParameterFault{"cash", cash.error().message};
  spec.cash = *cash;
  for (const MaybeFault& fault :
       {ReadDecimal("fee", command.fee, spec.fees.rate),
        ReadDecimal("slippage_bps", command.slippage_bps, spec.slippage_bps),
        ReadDecimal("fee_per_share", command.fee_per_share, spec.fees.per_share),
        ReadDecimal("fee_min", command.fee_min, spec.fees.minimum)}) {
    if (fault) return fault;
  }
  return std::nullopt;
}

MaybeFault ReadTimes(const BacktestCommand& command, jobs::BacktestRequest& request) {
  const auto read = [](std::string_view field, const std::string& text, auto parse,
                       std::optional<base::WallTime>& time) -> MaybeFault {
    if (text.empty()) return std::nullopt;
    const base::Result<base::WallTime> parsed = parse(text);
    if (!parsed) return ParameterFault{std::string(field), parsed.error().message};
    time = *parsed;
    return std::nullopt;
  };
  const auto timeframe = model::ParseTimeframe(command.timeframe);
  if (!timeframe) {
    std::vector<std::string_view> names;
    names.reserve(model::kTimeframes.size());
    for (const model::Timeframe each : model::kTimeframes) names.push_back(model::Name(each));
    return ParameterFault{"timeframe", fmt::format("there is no timeframe {}; there are: {}",
                                                   command.timeframe, fmt::join(names, ", "))};
  }
  request.timeframe = *timeframe;
  for (const MaybeFault& fault :
       {read("from", command.from, jobs::ParseFrom, request.spec.range.from),
        read("to", command.to, jobs::ParseTo, request.spec.range.to)}) {
    if (fault) return fault;
  }
  return std::nullopt;
}

MaybeFault ReadEnd(const BacktestCommand& command, jobs::BacktestSpec& spec) {
  const auto it = std::ranges::find(jobs::kCloseAtEndNames, command.close_at_end);
  if (it == jobs::kCloseAtEndNames.end()) {
    return ParameterFault{
        "close_at_end", fmt::format("close_at_end must be one of {}, not {}",
                                    fmt::join(jobs::kCloseAtEndNames, ", "), command.close_at_end)};
  }
  spec.close_at_end = static_cast<jobs::CloseAtEnd>(it - jobs::kCloseAtEndNames.begin());
  return std::nullopt;
}

}  // namespace

std::expected<jobs::BacktestRequest, ParameterFault> RequestOf(const BacktestCommand& command) {
  jobs::BacktestRequest request;
  request.strategy = command.strategy;
  request.symbols = command.symbols;
  request.rank_by = command.rank_by;
  request.spec.fractional = command.fractional;
  if (command.exec.empty()) {
    for (const std::string& param : command.params) {
      if (MaybeFault fault = AddParam(request, param)) return std::unexpected(*std::move(fault));
    }
  }
  for (MaybeFault fault : {ReadMoney(command, request.spec), ReadTimes(command, request),
                           ReadEnd(command, request.spec)}) {
    if (fault) return std::unexpected(*std::move(fault));
  }
  return request;
}

std::optional<std::pair<std::string, std::string>> ParseParam(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

std::optional<ParameterValue> ParseValue(std::string_view text) {
  if (text == "true" || text == "false") return text == "true";
  if (const auto integer = Whole<int64_t>(text)) return *integer;
  if (const auto number = Whole<double>(text)) return *number;
  if (!text.empty()) return std::string(text);
  return std::nullopt;
}

std::optional<model::AssetClass> ParseAssetClass(std::string_view text) {
  for (const auto asset_class : {model::AssetClass::kUsEquity, model::AssetClass::kCrypto}) {
    if (model::Name(asset_class) == text) return asset_class;
  }
  return std::nullopt;
}

}  // namespace livetape::app
