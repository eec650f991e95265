#include "api/alpaca/order_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "api/alpaca/alpaca_error.h"
#include "api/body/json_objects.h"
#include "base/amount_text.h"
#include "base/json_text.h"
#include "model/order.h"

namespace livetape::api {
namespace {

constexpr size_t kSymbolBytesMax = 128;
constexpr int kNumberDigitsMax = 15;

template <typename Value>
using Optional = std::optional<Value>;

// --- decimals

template <typename Tag>
base::Result<base::Fixed<Tag>> OfText(std::string_view text, base::Fixed<Tag>*) {
  return base::Fixed<Tag>::Parse(text);
}
template <typename Tag>
base::Result<base::Fixed<Tag>> OfNumber(double number, base::Fixed<Tag>*) {
  return base::Fixed<Tag>::FromDouble(number);
}

// A notional may be beyond a Decimal, but has no more decimals than one.
base::Result<base::Amount> OfText(std::string_view text, base::Amount*) {
  auto amount = base::ParseAmount(text);
  if (amount && amount->units() % base::kDecimalScale != 0) {
    return base::Fail(fmt::format("'{}' has more than {} decimals", text, base::kDecimalPlaces));
  }
  return amount;
}
base::Result<base::Amount> OfNumber(double number, base::Amount* kind) {
  if (std::abs(number) < 9e9) {
    const auto decimal = base::Decimal::FromDouble(number);
    if (!decimal) return std::unexpected(decimal.error());
    return base::Amount::From(*decimal);
  }
  const std::string text = fmt::format("{}", number);  // the shortest that reads the same
  const std::string_view mantissa = std::string_view(text).substr(0, text.find('e'));
  const auto digits =
      std::count_if(mantissa.begin(), mantissa.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits > kNumberDigitsMax && mantissa.find('.') != std::string_view::npos) {
    return base::Fail(
        fmt::format("the number {} has more than {} significant digits; send a string", text,
                    kNumberDigitsMax));
  }
  return OfText(text, kind);
}

// --- members

std::string OneOf(std::span<const std::string_view> names) {
  return fmt::format("must be one of {}", fmt::join(names, ", "));
}

std::string Given(const JsonMember& member) {
  if (member.kind != JsonKind::kString) return std::string(Name(member.kind));
  return fmt::format("'{}'", member.text.substr(0, 64));
}

// The members of an object; keeps the first fault. `path` is that of the object in the body.
class Fields {
 public:
  Fields(const JsonObject& object, std::string_view path) : object_(object), path_(path) {}

  std::optional<BodyError>& fault() { return fault_; }

  // Null: absent, or null.
  const JsonMember* Find(std::string_view name) {
    const JsonMember* const member = object_.Find(name);
    if (member != nullptr && object_.Count(name) > 1) Blame(name, "is there more than once");
    return member == nullptr || member->kind == JsonKind::kNull ? nullptr : member;
  }
  const JsonMember* FindString(std::string_view name) {
    const JsonMember* const member = Find(name);
    if (member == nullptr || member->kind == JsonKind::kString) return member;
    Blame(name, fmt::format("must be a string, got {}", Name(member->kind)));
    return nullptr;
  }

  template <typename Enum, size_t N>
  Optional<Enum> Choice(std::string_view name, const std::array<std::string_view, N>& names) {
    const JsonMember* const member = Find(name);
    if (member == nullptr) return std::nullopt;
    if (member->kind == JsonKind::kString) {
      if (const auto value = model::ParseName<Enum>(names, member->text)) return value;
    }
    Blame(name, fmt::format("{}, got {}", OneOf(names), Given(*member)));
    return std::nullopt;
  }
  template <typename Enum, size_t N>
  Enum NeedChoice(std::string_view name, const std::array<std::string_view, N>& names) {
    if (Find(name) == nullptr) Blame(name, fmt::format("is required; it {}", OneOf(names)));
    return Choice<Enum>(name, names).value_or(Enum{});
  }

  template <typename Value>
  Optional<Value> Decimal(std::string_view name) {
    const JsonMember* const member = Find(name);
    if (member == nullptr) return std::nullopt;
    base::Result<Value> value;
    if (member->kind == JsonKind::kString) {
      value = OfText(member->text, static_cast<Value*>(nullptr));
    } else if (member->kind == JsonKind::kNumber) {
      const auto number = NumberOf(member->json);
      value = number ? OfNumber(*number, static_cast<Value*>(nullptr))
                     : base::Result<Value>(base::Fail("the number is out of range"));
    } else {
      Blame(name, fmt::format("must be a decimal number, as a string or a number, got {}",
                              Name(member->kind)));
      return std::nullopt;
    }
    if (value) return *value;
    Blame(name, fmt::format("must be a decimal number: {}", value.error().message));
    return std::nullopt;
  }

  bool Bool(std::string_view name) {
    const JsonMember* const member = Find(name);
    if (member == nullptr) return false;
    if (member->kind != JsonKind::kBool) {
      Blame(name, fmt::format("must be true or false, got {}", Given(*member)));
    }
    return member->json == "true";
  }

  model::ClientOrderId ClientId() {
    const JsonMember* const member = FindString("client_order_id");
    if (member == nullptr) return {};
    auto id = ParseClientOrderId(member->text);
    if (!id && !fault_) fault_ = std::move(id.error());
    return id ? *id : model::ClientOrderId{};
  }

  void Blame(std::string_view name, std::string_view what) {
    if (!fault_) fault_ = BadField(FieldPath(path_, name), what).error();
  }

 private:
  const JsonObject& object_;
  const std::string_view path_;
  std::optional<BodyError> fault_;
};

// The object of a leg, `fields` of it; nothing: absent.
template <typename Read>
void ReadLeg(Fields& body, std::string_view name, const Read& read) {
  const JsonMember* const member = body.Find(name);
  if (member == nullptr) return;
  if (member->kind != JsonKind::kObject) {
    body.Blame(name, fmt::format("must be an object, got {}", Name(member->kind)));
    return;
  }
  JsonObjectReader reader;
  const auto object = reader.ReadOne(member->json);
  if (!object) {  // more members than an object may have
    body.Blame(name, object.error().detail);
    return;
  }
  Fields leg(*object, name);
  read(leg);
  if (leg.fault() && !body.fault()) body.fault() = std::move(leg.fault());
}

void ReadLegs(Fields& body, floor::OrderRequest& request) {
  ReadLeg(body, "take_profit", [&](Fields& leg) {
    request.take_profit_limit = leg.Decimal<base::Price>("limit_price");
    if (!request.take_profit_limit) leg.Blame("limit_price", "is required");
  });
  ReadLeg(body, "stop_loss", [&](Fields& leg) {
    request.stop_loss_stop = leg.Decimal<base::Price>("stop_price");
    request.stop_loss_limit = leg.Decimal<base::Price>("limit_price");
    if (!request.stop_loss_stop) leg.Blame("stop_price", "is required");
  });
  if (const JsonMember* legs = body.Find("legs"); legs != nullptr && legs->json != "[]") {
    body.Blame("legs", "are not served: orders have one symbol, with take_profit and stop_loss");
  }
}

model::OrderClass ReadClass(Fields& body) {
  const JsonMember* const member = body.Find("order_class");
  if (member != nullptr && member->kind == JsonKind::kString && member->text.empty()) {
    return model::OrderClass::kSimple;
  }
  return body.Choice<model::OrderClass>("order_class", model::kOrderClassNames)
      .value_or(model::OrderClass::kSimple);
}

std::string ReadSymbol(Fields& body) {
  const JsonMember* const member = body.FindString("symbol");
  if (member == nullptr || member->text.empty()) {
    body.Blame("symbol", "is required");
    return {};
  }
  if (member->text.size() > kSymbolBytesMax) {
    body.Blame("symbol", fmt::format("has at most {} bytes", kSymbolBytesMax));
  }
  return std::string(member->text);
}

BodyResult<JsonObject> ReadBody(JsonObjectReader& reader, std::string_view json) {
  auto object = reader.ReadOne(json);
  if (!object) object.error().status = 400;
  return object;
}

}  // namespace

BodyResult<model::ClientOrderId> ParseClientOrderId(std::string_view text) {
  const bool printable = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (!printable) return BadField("client_order_id", "must not have control characters");
  const auto id = model::ClientOrderId::From(text);
  if (!id) {
    return BadField("client_order_id",
                    fmt::format("must be no more than {} bytes, got {}",
                                model::ClientOrderId{}.text.size(), text.size()));
  }
  return *id;
}

BodyResult<OrderBody> ParseOrderBody(std::string_view json) {
  JsonObjectReader reader;
  const auto object = ReadBody(reader, json);
  if (!object) return std::unexpected(object.error());
  Fields body(*object, "");
  OrderBody order;
  floor::OrderRequest& request = order.request;
  order.symbol = ReadSymbol(body);
  request.side = body.NeedChoice<model::Side>("side", model::kSideNames);
  request.type = body.NeedChoice<model::OrderType>("type", model::kOrderTypeNames);
  request.tif = body.NeedChoice<model::TimeInForce>("time_in_force", model::kTimeInForceNames);
  request.quantity = body.Decimal<base::Quantity>("qty");
  request.notional = body.Decimal<base::Amount>("notional");
  request.limit = body.Decimal<base::Price>("limit_price");
  request.stop = body.Decimal<base::Price>("stop_price");
  request.trail_price = body.Decimal<base::Price>("trail_price");
  request.trail_percent = body.Decimal<base::Decimal>("trail_percent");
  request.extended_hours = body.Bool("extended_hours");
  request.client_id = body.ClientId();
  request.order_class = ReadClass(body);
  request.intent =
      body.Choice<model::PositionIntent>("position_intent", model::kPositionIntentNames);
  ReadLegs(body, request);
  if (body.fault()) return std::unexpected(*std::move(body.fault()));
  // Its limit is its take-profit, by either name.
  if (request.order_class == model::OrderClass::kOco && !request.take_profit_limit) {
    request.take_profit_limit = request.limit;
  }
  return order;
}

BodyResult<floor::OrderChange> ParseOrderChange(std::string_view json) {
  JsonObjectReader reader;
  const auto object = ReadBody(reader, json);
  if (!object) return std::unexpected(object.error());
  Fields body(*object, "");
  floor::OrderChange change;
  change.quantity = body.Decimal<base::Quantity>("qty");
  change.tif = body.Choice<model::TimeInForce>("time_in_force", model::kTimeInForceNames);
  change.limit = body.Decimal<base::Price>("limit_price");
  change.stop = body.Decimal<base::Price>("stop_price");
  change.trail = body.Decimal<base::Decimal>("trail");
  change.client_id = body.ClientId();
  if (body.fault()) return std::unexpected(*std::move(body.fault()));
  return change;
}

http::Response BadBody(const BodyError& error) {
  std::string field;
  if (!error.field.empty()) {
    field = "\"field\":";
    base::AppendJsonString(field, error.field);
  }
  return AlpacaError(error.status, error.status == 400 ? kCodeBadRequest : kCodeUnprocessable,
                     error.detail, field);
}

}  // namespace livetape::api
