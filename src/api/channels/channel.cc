#include "api/channels/channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace livetape::api {
namespace {

using enum FieldType;
using tape::RecordKind;

// The last three are final.
constexpr std::array<std::string_view, 6> kStatus = {"queued",    "started", "running",
                                                     "completed", "failed",  "cancelled"};
constexpr std::array<std::string_view, 4> kSeverity = {"low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 4> kUpdate = {"metrics", "positions", "orders", "market"};

constexpr ChannelField Required(std::string_view name, FieldType type = kString) {
  return {.name = name, .type = type, .required = true};
}
constexpr ChannelField Choice(std::string_view name, std::span<const std::string_view> choices) {
  return {.name = name, .required = true, .choices = choices};
}
constexpr ChannelField Optional(std::string_view name, FieldType type = kString) {
  return {.name = name, .type = type};
}
constexpr ChannelField kProgress = {
    .name = "progress", .type = kNumber, .required = true, .percent = true};

constexpr std::array kTraining = {Required("task_id"), kProgress, Choice("status", kStatus),
                                  Optional("message"), Optional("metrics", kObject)};
constexpr std::array kBacktest = {Required("backtest_id"),   kProgress,
                                  Choice("status", kStatus), Optional("message"),
                                  Optional("current_date"),  Optional("results", kObject)};
constexpr std::array kAlerts = {Required("alert_type"),
                                Choice("severity", kSeverity),
                                Required("message"),
                                Optional("metric_name"),
                                Optional("metric_value", kNumber),
                                Optional("threshold", kNumber),
                                Optional("entity_type"),
                                Optional("entity_id")};
constexpr std::array kDashboard = {Choice("update_type", kUpdate), Required("data", kAny),
                                   Optional("account")};

constexpr std::array kChannels = {
    Channel{.name = "training",
            .event = "training_progress",
            .topic = "jobs/training",
            .id_field = "task_id",
            .id_default = {},
            .key_field = {},
            .kind = RecordKind::kJob,
            .fields = kTraining},
    Channel{.name = "backtest",
            .event = "backtest_progress",
            .topic = "jobs/backtest",
            .id_field = "backtest_id",
            .id_default = {},
            .key_field = {},
            .kind = RecordKind::kJob,
            .fields = kBacktest},
    Channel{.name = "alerts",
            .event = "risk_alert",
            .topic = "alerts",
            .id_field = "severity",
            .id_default = {},
            .key_field = {},
            .kind = RecordKind::kAlert,
            .fields = kAlerts},
    Channel{.name = "dashboard",
            .event = "dashboard_update",
            .topic = "dashboard",
            .id_field = "account",
            .id_default = "paper",
            .key_field = "update_type",
            .kind = RecordKind::kMessage,
            .fields = kDashboard},
};

std::string FieldSchema(const ChannelField& field) {
  if (!field.choices.empty()) {
    return fmt::format(R"({{"type":"string","enum":["{}"]}})", fmt::join(field.choices, "\",\""));
  }
  if (field.percent) return R"({"type":"number","minimum":0,"maximum":100})";
  if (field.type == kAny) return "{}";
  const std::string_view type = field.type == kString   ? "string"
                                : field.type == kNumber ? "number"
                                                        : "object";
  return field.required ? fmt::format(R"({{"type":"{}"}})", type)
                        : fmt::format(R"({{"type":["{}","null"]}})", type);
}

}  // namespace

const ChannelField* Channel::Field(std::string_view field) const {
  const auto at = std::find_if(fields.begin(), fields.end(),
                               [field](const ChannelField& known) { return known.name == field; });
  return at == fields.end() ? nullptr : &*at;
}

std::string Channel::Pattern() const { return std::string(topic) + "/*"; }

std::span<const Channel> Channels() { return kChannels; }

const Channel* FindChannel(std::string_view name) {
  const auto at = std::find_if(kChannels.begin(), kChannels.end(),
                               [name](const Channel& channel) { return channel.name == name; });
  return at == kChannels.end() ? nullptr : &*at;
}

bool IsFinished(std::string_view status) {
  return std::find(kStatus.begin() + 3, kStatus.end(), status) != kStatus.end();
}

std::string ChannelSchema(const Channel& channel) {
  std::string required, properties;
  for (const ChannelField& field : channel.fields) {
    if (field.required)
      required += fmt::format("{}\"{}\"", required.empty() ? "" : ",", field.name);
    properties +=
        fmt::format("{}\"{}\":{}", properties.empty() ? "" : ",", field.name, FieldSchema(field));
  }
  return fmt::format(R"({{"type":"object","required":[{}],"properties":{{{}}}}})", required,
                     properties);
}

}  // namespace livetape::api
