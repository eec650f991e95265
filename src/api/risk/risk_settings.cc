#include "api/risk/risk_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <span>
#include <vector>

#include "api/body/json_objects.h"
#include "base/amount_text.h"
#include "base/json_text.h"
#include "model/order.h"

namespace livetape::api {
namespace {

using floor::RiskMetric;

constexpr int64_t kCashMax = 1'000'000'000'000'000;
constexpr int64_t kQuantityMax = 9'000'000'000;
constexpr int64_t kShareMax = 1000;
constexpr int64_t kOrdersMax = 1'000'000;

struct RiskKey {
  std::string name;
  std::string allowed;  // "a number from 0 to 1000"
  std::function<bool(RiskSettings&, const JsonMember&)> read;
  std::function<std::string(const RiskSettings&)> json;
};

// The text of a decimal: a string, or a number as it was sent.
std::string_view NumberText(const JsonMember& member) {
  if (member.kind == JsonKind::kString) return member.text;
  return member.kind == JsonKind::kNumber ? member.json : std::string_view();
}

// A Decimal, Price or Quantity from 0 to `most`; without its ends if `inside`.
template <typename Field>
RiskKey NumberKey(std::string name, int64_t most, Field field, bool inside = false) {
  const base::Int128 top = base::Int128{most} * base::kDecimalScale;
  return {.name = std::move(name),
          .allowed = inside ? fmt::format("a number above 0 and under {}", most)
                            : fmt::format("a number from 0 to {} with at most 9 decimals", most),
          .read =
              [field, top, inside](RiskSettings& settings, const JsonMember& member) {
                auto& place = field(settings);
                const auto value =
                    std::remove_reference_t<decltype(place)>::Parse(NumberText(member));
                if (!value || value->units() < 0 || value->units() > top) return false;
                if (inside && (value->units() == 0 || value->units() == top)) return false;
                place = *value;
                return true;
              },
          .json = [field](const RiskSettings& settings) { return field(settings).ToString(); }};
}

template <typename Choice, typename Field>
RiskKey ChoiceKey(std::string name, std::span<const std::string_view> names, Field field) {
  return {.name = std::move(name),
          .allowed = fmt::format("one of {}", fmt::join(names, ", ")),
          .read =
              [names, field](RiskSettings& settings, const JsonMember& member) {
                const auto found = std::find(names.begin(), names.end(), member.text);
                if (member.kind != JsonKind::kString || found == names.end()) return false;
                field(settings) = static_cast<Choice>(found - names.begin());
                return true;
              },
          .json =
              [names, field](const RiskSettings& settings) {
                return fmt::format("\"{}\"", names[static_cast<size_t>(field(settings))]);
              }};
}

RiskKey OrderValueKey() {
  return {
      .name = "max_order_value",
      .allowed = fmt::format("a number from 0 to {} with at most 9 decimals", kCashMax),
      .read =
          [](RiskSettings& settings, const JsonMember& member) {
            const auto value = base::ParseAmount(NumberText(member));
            const auto most = base::Int128{kCashMax} * base::kDecimalScale;
            if (!value || value->units() < 0 || value->units() % base::kDecimalScale != 0 ||
                value->units() / base::kDecimalScale > most) {
              return false;
            }
            settings.orders.max_order_value = *value;
            return true;
          },
      .json =
          [](const RiskSettings& settings) { return settings.orders.max_order_value.ToString(); }};
}

RiskKey OrderRateKey() {
  return {.name = "max_orders_per_s",
          .allowed = fmt::format("a whole number from 0 to {}", kOrdersMax),
          .read =
              [](RiskSettings& settings, const JsonMember& member) {
                const std::string_view text = NumberText(member);
                int64_t value = 0;
                const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
                if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return false;
                if (value < 0 || value > kOrdersMax) return false;
                settings.orders.max_orders_per_s = static_cast<uint32_t>(value);
                return true;
              },
          .json =
              [](const RiskSettings& settings) {
                return std::to_string(settings.orders.max_orders_per_s);
              }};
}

void AddLimit(std::vector<RiskKey>& keys, RiskMetric metric) {
  const auto rule = [metric](auto member) {
    return [metric, member](auto& settings) -> auto& { return settings.rules.of(metric).*member; };
  };
  const std::string name = RiskLimitKey(metric);
  keys.push_back(NumberKey(name, kShareMax, rule(&floor::RiskRule::limit)));
  keys.push_back(ChoiceKey<floor::Severity>(name + "_severity", floor::kSeverityNames,
                                            rule(&floor::RiskRule::severity)));
  keys.push_back(ChoiceKey<floor::RiskAction>(name + "_action", floor::kRiskActionNames,
                                              rule(&floor::RiskRule::action)));
}

std::vector<RiskKey> MakeKeys() {
  std::vector<RiskKey> keys;
  const auto orders = [](auto member) {
    return [member](auto& settings) -> auto& { return settings.orders.*member; };
  };
  const auto rules = [](auto member) {
    return [member](auto& settings) -> auto& { return settings.rules.*member; };
  };
  keys.push_back(OrderValueKey());
  keys.push_back(
      NumberKey("max_order_qty", kQuantityMax, orders(&floor::RiskLimits::max_order_quantity)));
  keys.push_back(NumberKey("price_collar", kShareMax, orders(&floor::RiskLimits::price_collar)));
  keys.push_back(OrderRateKey());
  for (size_t i = 0; i < floor::kRiskMetrics; ++i) AddLimit(keys, static_cast<RiskMetric>(i));
  keys.push_back(NumberKey("hysteresis", 1, rules(&floor::RiskRules::hysteresis)));
  keys.push_back(NumberKey("var_confidence", 1, rules(&floor::RiskRules::var_confidence), true));
  keys.push_back(ChoiceKey<floor::VarMethod>("var_method", floor::kVarMethodNames,
                                             rules(&floor::RiskRules::var_method)));
  return keys;
}

const std::vector<RiskKey>& Keys() {
  static const std::vector<RiskKey> keys = MakeKeys();
  return keys;
}

const RiskKey* FindKey(std::string_view name) {
  const auto found = std::ranges::find(Keys(), name, &RiskKey::name);
  return found == Keys().end() ? nullptr : &*found;
}

BodyResult<void> Change(RiskOverrides& overrides, const JsonMember& member) {
  const RiskKey* const key = FindKey(member.name);
  if (key == nullptr) {
    std::vector<std::string_view> names;
    for (const RiskKey& known : Keys()) names.push_back(known.name);
    return BadField(std::string(member.name),
                    fmt::format("is unknown; there are {}", fmt::join(names, ", ")));
  }
  if (member.kind == JsonKind::kNull) {
    overrides.values.erase(key->name);
    return {};
  }
  RiskSettings scratch;
  if (!key->read(scratch, member)) {
    return BadField(key->name,
                    fmt::format("must be {}, got {}", key->allowed, member.json.substr(0, 64)));
  }
  overrides.values[key->name] = member.json;
  return {};
}

}  // namespace

std::string RiskLimitKey(RiskMetric metric) { return std::string(floor::Name(metric)) + "_limit"; }

RiskSettings SettingsOf(const config::RiskConfig& config) {
  RiskSettings settings;
  settings.orders = {.max_order_value = config.max_order_value,
                     .max_order_quantity = config.max_order_qty,
                     .price_collar = config.price_collar,
                     .max_orders_per_s = config.max_orders_per_s,
                     .gross = config.gross_limit,
                     .net = config.net_limit,
                     .concentration = config.concentration_limit};
  floor::RiskRules& rules = settings.rules;
  rules.var_confidence = config.var_confidence;
  rules.var_method = static_cast<floor::VarMethod>(config.var_method);
  rules.hysteresis = config.hysteresis;
  const std::array limits = {config.var_limit,   config.drawdown_limit, config.day_drawdown_limit,
                             config.gross_limit, config.net_limit,      config.concentration_limit};
  static_assert(limits.size() == floor::kRiskMetrics);
  for (size_t i = 0; i < limits.size(); ++i) {
    rules.rules[i] = {.limit = limits[i],
                      .severity = static_cast<floor::Severity>(config.reactions[i].severity),
                      .action = static_cast<floor::RiskAction>(config.reactions[i].action)};
  }
  return settings;
}

std::string RiskSettingsJson(const RiskSettings& settings) {
  std::string out = "{";
  for (const RiskKey& key : Keys()) {
    out += fmt::format("{}\"{}\":{}", out.size() > 1 ? "," : "", key.name, key.json(settings));
  }
  return out + '}';
}

BodyResult<RiskOverrides> ChangeRiskOverrides(const RiskOverrides& before, std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  RiskOverrides after = before;
  ++after.version;
  for (const JsonMember& member : object->members) {
    if (object->Count(member.name) > 1) {
      return BadField(std::string(member.name), "is given twice");
    }
    if (auto changed = Change(after, member); !changed) {
      return std::unexpected(std::move(changed.error()));
    }
  }
  return after;
}

RiskSettings WithOverrides(const RiskSettings& configured, const RiskOverrides& overrides) {
  RiskSettings settings = configured;
  std::string body = "{";
  for (const auto& [key, json] : overrides.values) {
    body += fmt::format("{}\"{}\":{}", body.size() > 1 ? "," : "", key, json);
  }
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body + '}');
  if (!object) return settings;  // each was read before
  for (const JsonMember& member : object->members) {
    if (const RiskKey* const key = FindKey(member.name)) (void)key->read(settings, member);
  }
  settings.orders.gross = settings.rules.of(RiskMetric::kGross).limit;
  settings.orders.net = settings.rules.of(RiskMetric::kNet).limit;
  settings.orders.concentration = settings.rules.of(RiskMetric::kConcentration).limit;
  return settings;
}

tape::NewRecord RiskLimitsRecord(const RiskOverrides& overrides) {
  std::string data = fmt::format("{{\"version\":\"{}\",\"limits\":{{", overrides.version);
  for (const auto& [key, json] : overrides.values) {
    data += fmt::format("{}\"{}\":{}", data.back() == '{' ? "" : ",", key, json);
  }
  return {.topic = "",
          .type = "risk.limits",
          .data = data + "}}",
          .kind = tape::RecordKind::kRiskLimits};
}

base::Result<RiskOverrides> ParseRiskLimitsRecord(std::string_view data) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(data, "the record of limits");
  if (!object) return base::Fail(object.error().detail);
  const JsonMember* const version = object->Find("version");
  const JsonMember* const limits = object->Find("limits");
  uint64_t number = 0;
  if (version == nullptr || limits == nullptr ||
      std::from_chars(version->text.data(), version->text.data() + version->text.size(), number)
              .ec != std::errc()) {
    return base::Fail("the record of limits has no version or no limits");
  }
  const std::string values(limits->json);
  auto overrides = ChangeRiskOverrides({}, values);
  if (!overrides) return base::Fail("the record of limits: " + overrides.error().detail);
  overrides->version = number;
  return *std::move(overrides);
}

}  // namespace livetape::api
