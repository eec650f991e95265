#include "api/paper/account_change.h"

#include <array>
#include <bit>
#include <boost/json.hpp>
#include <charconv>

#include "base/amount_text.h"
#include "base/json_text.h"
#include "model/order.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> kKinds = {"open", "reset", "state", "settings", "risk"};

void AppendField(std::string& out, std::string_view name, std::string_view text) {
  out += out.back() == '{' ? "" : ",";
  base::AppendJsonString(out, name);
  out += ':';
  base::AppendJsonString(out, text);
}

void AppendProfileFields(std::string& out, const AccountProfile& profile) {
  const floor::AccountSettings& settings = profile.settings;
  AppendField(out, "name", profile.name);
  AppendField(out, "key_id", profile.key_id);
  AppendField(out, "secret_hash", profile.secret_hash);
  AppendField(out, "owner", profile.owner);
  AppendField(out, "cash", settings.cash.ToString());
  AppendField(out, "fee", settings.fees.rate.ToString());
  AppendField(out, "fee_per_share", settings.fees.per_share.ToString());
  AppendField(out, "fee_min", settings.fees.minimum.ToString());
  AppendField(out, "slippage_bps", settings.slippage_bps.ToString());
  AppendField(out, "multiplier", std::to_string(settings.multiplier));
  if (profile.configured_multiplier != 0) {
    AppendField(out, "configured_multiplier", std::to_string(profile.configured_multiplier));
  }
  AppendField(out, "no_shorting", settings.no_shorting ? "true" : "false");
  AppendField(out, "trading_suspended", settings.trading_suspended ? "true" : "false");
}

// Reads fields of an object of texts; the first that is missing or wrong is kept as the error.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_(object) {}

  bool Has(std::string_view name) const { return object_.contains(name); }
  std::string Text(std::string_view name) {
    const json::value* const value = object_.if_contains(name);
    if (value == nullptr || !value->is_string()) {
      Fail(name, "is no text");
      return {};
    }
    return std::string(value->get_string());
  }
  base::Decimal Number(std::string_view name) {
    const auto parsed = base::Decimal::Parse(Text(name));
    if (parsed) return *parsed;
    Fail(name, parsed.error().message);
    return {};
  }
  base::Amount Money(std::string_view name) {
    const auto parsed = base::ParseAmount(Text(name));
    if (parsed) return *parsed;
    Fail(name, parsed.error().message);
    return {};
  }
  template <typename Number>
  Number Whole(std::string_view name) {
    const std::string text = Text(name);
    Number number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
      Fail(name, "is no whole number");
    }
    return number;
  }
  bool Flag(std::string_view name) { return Text(name) == "true"; }
  const std::string& fault() const { return fault_; }

  void Fail(std::string_view name, std::string_view what) {
    if (fault_.empty()) fault_ = std::string(name) + " " + std::string(what);
  }

 private:
  const json::object& object_;
  std::string fault_;
};

void AppendRisk(std::string& out, const floor::RiskState& risk) {
  AppendField(out, "broken", std::to_string(risk.broken));
  AppendField(out, "exceedances", std::to_string(risk.exceedances));
  // As the bits of its IEEE 754 form.
  if (risk.roll_var) {
    AppendField(out, "roll_var", std::to_string(std::bit_cast<uint64_t>(*risk.roll_var)));
  }
}

floor::RiskState ReadRisk(Fields& fields) {
  floor::RiskState risk;
  risk.broken = fields.Whole<uint32_t>("broken");
  risk.exceedances = fields.Whole<uint64_t>("exceedances");
  if (fields.Has("roll_var")) {
    risk.roll_var = std::bit_cast<double>(fields.Whole<uint64_t>("roll_var"));
  }
  if (risk.broken >> floor::kRiskMetrics != 0) fields.Fail("broken", "names unknown limits");
  return risk;
}

AccountProfile ReadProfile(Fields& fields) {
  AccountProfile profile;
  profile.name = fields.Text("name");
  profile.key_id = fields.Text("key_id");
  profile.secret_hash = fields.Text("secret_hash");
  profile.owner = fields.Text("owner");
  floor::AccountSettings& settings = profile.settings;
  settings.cash = fields.Money("cash");
  settings.fees.rate = fields.Number("fee");
  settings.fees.per_share = fields.Number("fee_per_share");
  settings.fees.minimum = fields.Number("fee_min");
  settings.slippage_bps = fields.Number("slippage_bps");
  const std::string multiplier = fields.Text("multiplier");
  settings.multiplier = multiplier == "1" ? 1 : multiplier == "4" ? 4 : 2;
  if (fields.Has("configured_multiplier")) {
    profile.configured_multiplier = fields.Whole<int>("configured_multiplier");
  }
  settings.no_shorting = fields.Flag("no_shorting");
  settings.trading_suspended = fields.Flag("trading_suspended");
  return profile;
}

base::Result<json::object> ParseObject(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return base::Fail("an account's record is no JSON object");
  return std::move(value.get_object());
}

base::Result<void> Readable(const Fields& fields) {
  if (fields.fault().empty()) return {};
  return base::Fail("an account's record: " + fields.fault());
}

}  // namespace

std::string ProfileJson(const AccountProfile& profile) {
  std::string out = "{";
  AppendProfileFields(out, profile);
  return out + '}';
}

base::Result<AccountProfile> ParseProfile(std::string_view text) {
  const auto object = ParseObject(text);
  if (!object) return std::unexpected(object.error());
  Fields fields(*object);
  AccountProfile profile = ReadProfile(fields);
  if (auto readable = Readable(fields); !readable) return std::unexpected(readable.error());
  return profile;
}

tape::NewRecord AccountChangeRecord(const AccountChange& change) {
  std::string out = "{";
  AppendField(out, "change", kKinds[static_cast<size_t>(change.kind)]);
  AppendField(out, "at", std::to_string(change.time.time_since_epoch().count()));
  if (change.kind == AccountChange::Kind::kState) {
    AppendField(out, "state", floor::Name(change.state));
  }
  if (change.kind == AccountChange::Kind::kRisk) AppendRisk(out, change.risk);
  if (change.kind == AccountChange::Kind::kOpen || change.kind == AccountChange::Kind::kSettings) {
    AppendProfileFields(out, change.profile);
  } else {
    AppendField(out, "name", change.profile.name);
  }
  return {.topic = "",
          .type = "account.changed",
          .data = out + '}',
          .kind = tape::RecordKind::kAccountChange};
}

base::Result<AccountChange> ParseAccountChange(const tape::Record& record) {
  const auto object = ParseObject(record.data);
  if (!object) return std::unexpected(object.error());
  Fields fields(*object);
  AccountChange change;
  const auto kind = model::ParseName<AccountChange::Kind>(kKinds, fields.Text("change"));
  if (!kind) fields.Fail("change", "is unknown");
  change.kind = kind.value_or(AccountChange::Kind::kOpen);
  change.time = base::WallTime(std::chrono::nanoseconds(fields.Whole<int64_t>("at")));
  switch (change.kind) {
    case AccountChange::Kind::kOpen:
    case AccountChange::Kind::kSettings:
      change.profile = ReadProfile(fields);
      break;
    case AccountChange::Kind::kState: {
      const auto state =
          model::ParseName<floor::AccountState>(floor::kAccountStateNames, fields.Text("state"));
      if (!state) fields.Fail("state", "is unknown");
      change.state = state.value_or(floor::AccountState::kActive);
      change.profile.name = fields.Text("name");
      break;
    }
    case AccountChange::Kind::kRisk:
      change.risk = ReadRisk(fields);
      [[fallthrough]];
    case AccountChange::Kind::kReset:
      change.profile.name = fields.Text("name");
      break;
  }
  if (auto readable = Readable(fields); !readable) return std::unexpected(readable.error());
  return change;
}

}  // namespace livetape::api
