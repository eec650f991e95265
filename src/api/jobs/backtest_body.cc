#include "api/jobs/backtest_body.h"

#include <fmt/format.h>

#include <array>
#include <boost/json/parse.hpp>
#include <optional>
#include <utility>

#include "api/body/json_objects.h"
#include "api/body/member_values.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kFields =
    "strategy, params, symbols, from, to, timeframe, cash, fee, slippage_bps, fee_per_share, "
    "fee_min, close_at_end, fractional, rank_by";
constexpr size_t kSymbolBytesMax = 128;

constexpr base::Decimal Whole(int64_t value) {
  return base::Decimal::FromUnits(value * base::kDecimalScale);
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

BodyResult<void> ReadParams(const JsonMember& member, jobs::BacktestRequest& request) {
  if (member.kind != JsonKind::kObject) {
    return BadField("params", "must be an object with the strategy's parameters");
  }
  const json::value value = json::parse(member.json);
  for (const auto& [key, given] : value.get_object()) {
    const std::string name(key);
    auto values = ValuesOf("params." + name, given);
    if (!values) return std::unexpected(std::move(values.error()));
    request.params[name] = *std::move(values);
  }
  return {};
}

BodyResult<void> ReadSymbols(const JsonMember& member, jobs::BacktestRequest& request) {
  const auto wrong = [] {
    return BadField("symbols",
                    fmt::format("must be a list of 1 to {} symbols, each of 1 to {} bytes",
                                jobs::kBacktestSymbolsMax, kSymbolBytesMax));
  };
  if (member.kind == JsonKind::kString) {
    request.symbols = {std::string(member.text)};
  } else if (member.kind == JsonKind::kArray) {
    const json::value value = json::parse(member.json);
    for (const json::value& one : value.get_array()) {
      if (!one.is_string() || request.symbols.size() == jobs::kBacktestSymbolsMax) return wrong();
      request.symbols.emplace_back(one.get_string());
    }
  }
  for (const std::string& symbol : request.symbols) {
    if (symbol.empty() || symbol.size() > kSymbolBytesMax) return wrong();
  }
  if (request.symbols.empty()) return wrong();
  return {};
}

BodyResult<void> ReadTime(const JsonMember& member, bool end, std::optional<base::WallTime>& into) {
  const auto text = TextOf(member);
  if (!text) return std::unexpected(text.error());
  const auto time = end ? jobs::ParseTo(*text) : jobs::ParseFrom(*text);
  if (!time) return BadField(std::string(member.name), time.error().message);
  into = *time;
  return {};
}

template <typename T>
BodyResult<void> Put(BodyResult<T> value, T& into) {
  if (!value) return std::unexpected(std::move(value.error()));
  into = *std::move(value);
  return {};
}

constexpr std::array<std::string_view, 6> kTimeframes = {"1s", "1m", "5m", "15m", "1h", "1d"};

BodyResult<void> Read(const JsonMember& member, jobs::BacktestRequest& request) {
  jobs::BacktestSpec& spec = request.spec;
  if (member.name == "strategy") return Put(TextOf(member), request.strategy);
  if (member.name == "params") return ReadParams(member, request);
  if (member.name == "symbols") return ReadSymbols(member, request);
  if (member.name == "from") return ReadTime(member, false, spec.range.from);
  if (member.name == "to") return ReadTime(member, true, spec.range.to);
  if (member.name == "cash") return Put(CashOf(member), spec.cash);
  if (member.name == "fee") return Put(DecimalOf(member, Whole(1)), spec.fees.rate);
  if (member.name == "fee_per_share") {
    return Put(DecimalOf(member, Whole(1'000'000)), spec.fees.per_share);
  }
  if (member.name == "fee_min") return Put(DecimalOf(member, Whole(1'000'000)), spec.fees.minimum);
  if (member.name == "slippage_bps") return Put(DecimalOf(member, Whole(9999)), spec.slippage_bps);
  if (member.name == "fractional") return Put(FlagOf(member), spec.fractional);
  if (member.name == "rank_by") return Put(TextOf(member), request.rank_by);
  if (member.name == "timeframe") {
    const auto place = ChoiceOf(member, kTimeframes);
    if (!place) return std::unexpected(place.error());
    request.timeframe = model::kTimeframes[*place];
    return {};
  }
  if (member.name == "close_at_end") {
    const auto place = ChoiceOf(member, jobs::kCloseAtEndNames);
    if (!place) return std::unexpected(place.error());
    spec.close_at_end = static_cast<jobs::CloseAtEnd>(*place);
    return {};
  }
  return BadField(std::string(member.name), fmt::format("is unknown; there are {}", kFields));
}

}  // namespace

BodyResult<jobs::BacktestRequest> ParseBacktestBody(std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  jobs::BacktestRequest request;
  for (const JsonMember& member : object->members) {
    if (member.kind == JsonKind::kNull) continue;
    if (auto read = Read(member, request); !read) return std::unexpected(std::move(read.error()));
  }
  if (request.strategy.empty()) {
    std::string names;
    for (const jobs::StrategyInfo& strategy : jobs::Strategies()) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", strategy.name);
    }
    return BadField("strategy", "is missing; there are " + names);
  }
  if (request.symbols.empty()) {
    return BadField("symbols", "is missing: a list of symbols whose bars are stored");
  }
  return request;
}

}  // namespace livetape::api
