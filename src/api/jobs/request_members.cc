#include "api/jobs/request_members.h"

#include <fmt/format.h>

#include <array>
#include <boost/json/parse.hpp>

#include "api/body/member_values.h"
#include "jobs/backtest/backtest_request.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

constexpr size_t kSymbolBytesMax = 128;

// Of a body that has been read: what is in a member is no deeper than that.
BodyResult<json::value> Parsed(const JsonMember& member) {
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  json::error_code fault;
  json::value value = json::parse(member.json, fault, {}, options);
  if (fault) return BadField(std::string(member.name), "cannot be read: " + fault.message());
  return value;
}

std::optional<jobs::ParameterValue> ValueOf(const json::value& value) {
  switch (value.kind()) {
    case json::kind::bool_:
      return value.get_bool();
    case json::kind::int64:
      return value.get_int64();
    case json::kind::double_:
      return value.get_double();
    case json::kind::string:
      return std::string(value.get_string());
    default:
      return std::nullopt;
  }
}

BodyResult<std::vector<jobs::ParameterValue>> ValuesOf(const std::string& field,
                                                       const json::value& value) {
  std::vector<jobs::ParameterValue> values;
  const auto add = [&](const json::value& one) {
    auto known = ValueOf(one);
    if (known) values.push_back(*std::move(known));
    return known.has_value();
  };
  bool good = true;
  if (const json::array* const list = value.if_array()) {
    if (list->empty() || list->size() > jobs::kCombinationsMax) {
      return BadField(field, fmt::format("must be a value or a list of 1 to {} of them, got {}",
                                         jobs::kCombinationsMax, list->size()));
    }
    for (const json::value& one : *list) good = good && add(one);
  } else {
    good = add(value);
  }
  if (!good) return BadField(field, "must be a number, true, false or a text, or a list of such");
  return values;
}

}  // namespace

BodyResult<ParameterLists> ParamsOf(const JsonMember& member) {
  if (member.kind != JsonKind::kObject) {
    return BadField("params", "must be an object with the strategy's parameters");
  }
  const auto value = Parsed(member);
  if (!value) return std::unexpected(value.error());
  ParameterLists params;
  for (const auto& [key, given] : value->get_object()) {
    const std::string name(key);
    auto values = ValuesOf("params." + name, given);
    if (!values) return std::unexpected(std::move(values.error()));
    params[name] = *std::move(values);
  }
  return params;
}

BodyResult<std::vector<std::string>> SymbolsOf(const JsonMember& member) {
  std::vector<std::string> symbols;
  const auto wrong = [] {
    return BadField("symbols",
                    fmt::format("must be a list of 1 to {} symbols, each of 1 to {} bytes",
                                jobs::kBacktestSymbolsMax, kSymbolBytesMax));
  };
  if (member.kind == JsonKind::kString) {
    symbols = {std::string(member.text)};
  } else if (member.kind == JsonKind::kArray) {
    const auto value = Parsed(member);
    if (!value) return std::unexpected(value.error());
    for (const json::value& one : value->get_array()) {
      if (!one.is_string() || symbols.size() == jobs::kBacktestSymbolsMax) return wrong();
      symbols.emplace_back(one.get_string());
    }
  }
  for (const std::string& symbol : symbols) {
    if (symbol.empty() || symbol.size() > kSymbolBytesMax) return wrong();
  }
  if (symbols.empty()) return wrong();
  return symbols;
}

BodyResult<base::WallTime> RangeEndOf(const JsonMember& member, bool end) {
  const auto text = TextOf(member);
  if (!text) return std::unexpected(text.error());
  const auto time = end ? jobs::ParseTo(*text) : jobs::ParseFrom(*text);
  if (!time) return BadField(std::string(member.name), time.error().message);
  return *time;
}

BodyResult<model::Timeframe> TimeframeOf(const JsonMember& member) {
  constexpr std::array<std::string_view, 6> kNames = {"1s", "1m", "5m", "15m", "1h", "1d"};
  const auto place = ChoiceOf(member, kNames);
  if (!place) return std::unexpected(place.error());
  return model::kTimeframes[*place];
}

}  // namespace livetape::api
