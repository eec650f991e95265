// The reading half of order_record.h.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "api/body/json_objects.h"
#include "api/paper/order_record.h"
#include "api/paper/written_members.h"
#include "base/amount_text.h"
#include "base/decimal.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

constexpr std::array<std::string_view, 2> kAssetClassNames = {
    model::Name(model::AssetClass::kUsEquity), model::Name(model::AssetClass::kCrypto)};

std::optional<floor::RefusalReason> ParseReason(std::string_view code) {
  for (int i = 1; i <= static_cast<int>(floor::RefusalReason::kNoPosition); ++i) {
    const auto reason = static_cast<floor::RefusalReason>(i);
    if (floor::Code(reason) == code) return reason;
  }
  return std::nullopt;
}

// Digits with at most `places` decimals to units of 10^-places: the form that is written here. False
// for any other, and for numbers of more than 18 digits, which the parsers of base read.
bool ParsePlain(std::string_view text, int places, base::Int128& units) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t point = std::min(text.find('.'), text.size());
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (point == 0 || point > 18 || fraction.size() > static_cast<size_t>(places)) return false;
  uint64_t whole = 0, part = 0;
  for (const char c : text.substr(0, point)) {
    if (c < '0' || c > '9') return false;
    whole = whole * 10 + static_cast<uint64_t>(c - '0');
  }
  for (size_t i = 0; i < static_cast<size_t>(places); ++i) {
    const char c = i < fraction.size() ? fraction[i] : '0';
    if (c < '0' || c > '9') return false;
    part = part * 10 + static_cast<uint64_t>(c - '0');
  }
  const uint64_t one = places == 18 ? 1'000'000'000'000'000'000 : base::kDecimalScale;
  units = base::Int128{whole} * one + part;
  if (negative) units = -units;
  return true;
}

template <typename Tag>
base::Result<base::Fixed<Tag>> ParseValue(std::string_view text, base::Fixed<Tag>*) {
  base::Int128 units = 0;
  if (text.size() <= 18 && ParsePlain(text, base::kDecimalPlaces, units) && units <= INT64_MAX &&
      units >= -INT64_MAX) {
    return base::Fixed<Tag>::FromUnits(static_cast<int64_t>(units));
  }
  return base::Fixed<Tag>::Parse(text);
}
base::Result<base::Amount> ParseValue(std::string_view text, base::Amount*) {
  base::Int128 units = 0;
  if (ParsePlain(text, 2 * base::kDecimalPlaces, units)) return base::Amount::FromUnits(units);
  return base::ParseAmount(text);
}

// The members of an object by name; remembers the first that is missing or wrong.
class Reading {
 public:
  Reading(const JsonObject& object, std::string_view path, const TradingIds& ids)
      : object_(object), path_(path), ids_(ids) {}

  const std::optional<base::Error>& fault() const { return fault_; }

  // Null if it is missing, which is a fault, or null.
  const JsonMember* Find(std::string_view name) {
    // They are asked for in about the order in which they were written.
    for (size_t i = 0; i < object_.members.size(); ++i, ++next_) {
      if (next_ >= object_.members.size()) next_ = 0;
      const JsonMember& member = object_.members[next_];
      if (member.name != name) continue;
      ++next_;
      return member.kind == JsonKind::kNull ? nullptr : &member;
    }
    Blame(name, "is missing");
    return nullptr;
  }
  const JsonMember* Need(std::string_view name, JsonKind kind) {
    const JsonMember* member = Find(name);
    if (member == nullptr) {
      Blame(name, "is missing or null");
    } else if (member->kind != kind) {
      Blame(name, fmt::format("is {}, not {}", Name(member->kind), Name(kind)));
      member = nullptr;
    }
    return member;
  }

  std::string_view Text(std::string_view name) {
    const JsonMember* member = Need(name, JsonKind::kString);
    return member == nullptr ? std::string_view() : member->text;
  }
  bool Bool(std::string_view name) {
    const JsonMember* member = Need(name, JsonKind::kBool);
    return member != nullptr && member->json == "true";
  }
  // 0: null. `value` is a string, or in `explain` a number.
  template <typename Value>
  Value Money(std::string_view name) {
    const JsonMember* member = Find(name);
    if (member == nullptr) return {};
    const bool text = member->kind == JsonKind::kString;
    auto value = ParseValue(text ? member->text : member->json, static_cast<Value*>(nullptr));
    if (value) return *value;
    Blame(name, value.error().message);
    return {};
  }
  // The epoch: null.
  base::WallTime Time(std::string_view name) {
    const JsonMember* member = Find(name);
    if (member == nullptr) return {};
    const auto time = base::ParseRfc3339(member->text);
    if (time) return *time;
    Blame(name, time.error().message);
    return {};
  }
  // 0: null
  model::OrderId Id(std::string_view name) {
    const JsonMember* member = Find(name);
    if (member == nullptr) return {};
    const auto id = ids_.ParseOrder(member->text);
    if (!id) Blame(name, fmt::format("'{}' is no order of this server", member->text));
    return id.value_or(model::OrderId{});
  }
  template <typename Enum, size_t N>
  Enum Choice(std::string_view name, const std::array<std::string_view, N>& names) {
    const std::string_view text = Text(name);
    const auto value = model::ParseName<Enum>(names, text);
    if (!value) Blame(name, fmt::format("has no value '{}'", text));
    return value.value_or(Enum{});
  }
  void Blame(std::string_view name, std::string_view what) {
    if (!fault_) fault_ = base::Error{fmt::format("order event: {}{}: {}", path_, name, what)};
  }

 private:
  const JsonObject& object_;
  const std::string_view path_;
  const TradingIds& ids_;
  size_t next_ = 0;
  std::optional<base::Error> fault_;
};

// In the order in which AppendOrderJson writes.
void ReadOrderFields(Reading& in, const TradingIds& ids, model::Order& order,
                     model::Instrument& instrument) {
  order.id = in.Id("id");
  if (order.id == model::OrderId{}) in.Blame("id", "is null");
  const std::string_view name = in.Text("client_order_id");
  if (name != ids.Order(order.id)) {
    const auto client_id = model::ClientOrderId::From(name);
    if (!client_id) in.Blame("client_order_id", "is longer than 128 bytes");
    order.client_id = client_id.value_or(model::ClientOrderId{});
  }
  order.created = in.Time("created_at");
  order.updated = in.Time("updated_at");
  order.filled_at = in.Time("filled_at");
  order.expired_at = in.Time("expired_at");
  order.canceled_at = in.Time("canceled_at");
  order.failed_at = in.Time("failed_at");
  order.replaced_at = in.Time("replaced_at");
  order.replaced_by = in.Id("replaced_by");
  order.replaces = in.Id("replaces");
  instrument.symbol = in.Text("symbol");
  instrument.asset_class = in.Choice<model::AssetClass>("asset_class", kAssetClassNames);
  order.notional = in.Money<base::Amount>("notional");
  order.quantity = in.Money<base::Quantity>("qty");
  order.filled = in.Money<base::Quantity>("filled_qty");
  order.order_class = in.Choice<model::OrderClass>("order_class", model::kOrderClassNames);
  order.type = in.Choice<model::OrderType>("type", model::kOrderTypeNames);
  order.side = in.Choice<model::Side>("side", model::kSideNames);
  order.tif = in.Choice<model::TimeInForce>("time_in_force", model::kTimeInForceNames);
  order.limit = in.Money<base::Price>("limit_price");
  order.stop = in.Money<base::Price>("stop_price");
  order.status = in.Choice<model::OrderStatus>("status", model::kOrderStatusNames);
  order.extended_hours = in.Bool("extended_hours");
  order.trail_percent = in.Money<base::Decimal>("trail_percent");
  order.trail_price = in.Money<base::Price>("trail_price");
  order.hwm = in.Money<base::Price>("hwm");
  order.intent = in.Choice<model::PositionIntent>("position_intent", model::kPositionIntentNames);
  order.parent = in.Id("parent_id");
  if (in.Find("leg_role") != nullptr) {
    order.role = in.Choice<model::LegRole>("leg_role", kLegRoleNames);
  }
  order.take_profit = in.Id("take_profit_id");
  order.stop_loss = in.Id("stop_loss_id");
  order.triggered = in.Bool("triggered");
  order.reserve_price = in.Money<base::Price>("reserve_price");
  order.filled_value = in.Money<base::Amount>("filled_value");
  if (!order.notional.zero()) order.quantity = in.Money<base::Quantity>("sized_qty");
}

void ReadFill(Reading& in, const TradingIds& ids, floor::Fill& fill) {
  const std::string_view execution = in.Text("execution_id");
  const auto number = ids.ParseExecution(execution);
  if (!number) in.Blame("execution_id", fmt::format("'{}' is no fill of this server", execution));
  fill.number = number.value_or(0);
  fill.price = in.Money<base::Price>("price");
  fill.quantity = in.Money<base::Quantity>("qty");
  fill.position = in.Money<base::Quantity>("position_qty");
  fill.cash = in.Money<base::Amount>("cash");
  fill.account_realized = in.Money<base::Amount>("realized_pnl");
  fill.fee = in.Money<base::Amount>("fee");
  fill.realized = in.Money<base::Amount>("trade_pnl");
}

// The members of one object, whichever way they can be read.
class ObjectText {
 public:
  base::Result<JsonObject> Read(std::string_view json, std::string_view what) {
    if (written_.Read(json)) return written_.object();
    auto object = reader_.emplace().ReadOne(json, what);
    if (!object) return base::Fail(object.error().detail);
    return *object;
  }

 private:
  WrittenMembers written_;
  std::optional<JsonObjectReader> reader_;
};

base::Result<void> ReadExplain(std::string_view json, const TradingIds& ids, floor::Fill& fill) {
  ObjectText text;
  const auto members = text.Read(json, "order event: explain");
  if (!members) return std::unexpected(members.error());
  Reading in(*members, "explain.", ids);
  fill.model = in.Choice<floor::FillModel>("model", floor::kFillModelNames);
  fill.source_price = in.Money<base::Price>("source_price");
  const auto level = in.Money<base::Quantity>("levels");  // digits, like a quantity's
  fill.level = static_cast<uint32_t>(level.units() / base::kDecimalScale);
  fill.slippage = in.Money<base::Price>("slippage");
  fill.fee_rate = in.Money<base::Decimal>("fee_rate");
  fill.maker = in.Text("liquidity") == "maker";
  if (in.fault()) return std::unexpected(*in.fault());
  return {};
}

}  // namespace

base::Result<ReadOrder> ParseOrderJson(std::string_view json, const TradingIds& ids) {
  ObjectText text;
  const auto members = text.Read(json, "order event: order");
  if (!members) return std::unexpected(members.error());
  Reading in(*members, "order.", ids);
  ReadOrder read;
  ReadOrderFields(in, ids, read.order, read.instrument);
  if (in.fault()) return std::unexpected(*in.fault());
  return read;
}

base::Result<ReadOrderEvent> ParseOrderEvent(const tape::Record& record, const TradingIds& ids) {
  if (record.kind != tape::RecordKind::kOrderEvent) {
    return base::Fail("order event: the record is of another kind");
  }
  ObjectText text;
  const auto outer = text.Read(record.data, "order event");
  if (!outer) return std::unexpected(outer.error());

  ReadOrderEvent read;
  Reading in(*outer, "", ids);
  read.event.time = in.Time("at");
  read.event.kind = in.Choice<floor::OrderEventKind>("event", floor::kOrderEventNames);
  const bool is_fill = floor::IsFill(read.event.kind);
  if (is_fill) ReadFill(in, ids, read.event.fill);
  const JsonMember* explain = is_fill ? in.Need("explain", JsonKind::kObject) : nullptr;
  read.account = in.Text("account");
  if (const JsonMember* reason = in.Find("reason")) {
    const auto parsed = ParseReason(reason->text);
    if (!parsed) in.Blame("reason", fmt::format("has no value '{}'", reason->text));
    read.event.reason = parsed.value_or(floor::RefusalReason::kNone);
  }
  const JsonMember* order = in.Need("order", JsonKind::kObject);
  if (in.fault()) return std::unexpected(*in.fault());

  read.order_json = order->json;
  auto parsed = ParseOrderJson(read.order_json, ids);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  read.event.order = parsed->order;
  read.instrument = std::move(parsed->instrument);
  if (explain == nullptr) return read;
  if (auto how = ReadExplain(explain->json, ids, read.event.fill); !how) {
    return std::unexpected(std::move(how.error()));
  }
  return read;
}

}  // namespace livetape::api
