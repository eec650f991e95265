#include "api/paper/order_record.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "base/decimal.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "base/topic_segment.h"

namespace livetape::api {
namespace {

// Of an average price.
constexpr int kAverageDigits = 16;

__extension__ typedef unsigned __int128 UInt128;

// As Amount::AppendTo, with one division of 128 bits instead of one a digit.
void AppendAmount(std::string& out, base::Amount amount) {
  constexpr uint64_t kOne = 1'000'000'000'000'000'000;
  const bool negative = amount.units() < 0;
  const UInt128 magnitude =
      negative ? UInt128{0} - static_cast<UInt128>(amount.units()) : UInt128(amount.units());
  if (magnitude >= UInt128{kOne} * kOne) return amount.AppendTo(out);
  const auto whole = static_cast<uint64_t>(magnitude / kOne);
  auto part = static_cast<uint64_t>(magnitude - UInt128{whole} * kOne);
  if (negative) out += '-';
  const fmt::format_int digits(whole);
  out.append(digits.data(), digits.size());
  if (part == 0) return;
  std::array<char, 19> fraction;
  for (size_t i = 18; i > 0; --i, part /= 10) fraction[i] = static_cast<char>('0' + part % 10);
  fraction[0] = '.';
  size_t size = fraction.size();
  while (fraction[size - 1] == '0') --size;
  out.append(fraction.data(), size);
}

template <typename Tag>
void AppendValue(std::string& out, base::Fixed<Tag> value) {
  value.AppendTo(out);
}
void AppendValue(std::string& out, base::Amount value) { AppendAmount(out, value); }

// RFC 3339 with microseconds, or nanoseconds where it has any.
void AppendTime(std::string& out, base::WallTime time) {
  base::AppendRfc3339(out, time);
  const auto ns = (time - std::chrono::floor<std::chrono::microseconds>(time)).count();
  if (ns == 0) return;
  out.back() = static_cast<char>('0' + ns / 100);
  out += static_cast<char>('0' + ns / 10 % 10);
  out += static_cast<char>('0' + ns % 10);
  out += 'Z';
}

// The members of an object, one after the other. `key` is `,"name":`, with a comma if it is not the
// first.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) {}

  // A text that needs no escapes.
  void Plain(std::string_view key, std::string_view text) {
    out_ += key;
    out_ += '"';
    out_ += text;
    out_ += '"';
  }
  void PlainOrNull(std::string_view key, std::string_view text) {
    text.empty() ? Null(key) : Plain(key, text);
  }
  void Text(std::string_view key, std::string_view text) {
    out_ += key;
    base::AppendJsonString(out_, text);
  }
  void Bool(std::string_view key, bool value) {
    out_ += key;
    out_ += value ? "true" : "false";
  }
  void Null(std::string_view key) {
    out_ += key;
    out_ += "null";
  }
  template <typename Value>
  void Money(std::string_view key, Value value) {
    out_ += key;
    out_ += '"';
    AppendValue(out_, value);
    out_ += '"';
  }
  // null: 0
  template <typename Value>
  void MoneyOrNull(std::string_view key, Value value) {
    value.zero() ? Null(key) : Money(key, value);
  }
  void Time(std::string_view key, base::WallTime time) {
    out_ += key;
    out_ += '"';
    // Most of an order's times are the same.
    if (time == last_time_ && last_size_ > 0) {
      out_.append(out_, last_at_, last_size_);
    } else {
      last_time_ = time;
      last_at_ = out_.size();
      AppendTime(out_, time);
      last_size_ = out_.size() - last_at_;
    }
    out_ += '"';
  }
  void TimeOrNull(std::string_view key, base::WallTime time) {
    time == base::WallTime{} ? Null(key) : Time(key, time);
  }
  void IdOrNull(std::string_view key, model::OrderId id, const TradingIds& ids) {
    id == model::OrderId{} ? Null(key) : Plain(key, ids.Order(id));
  }

 private:
  std::string& out_;
  // The time written last, and where.
  base::WallTime last_time_;
  size_t last_at_ = 0, last_size_ = 0;
};

void AverageOrNull(Members& members, std::string_view key, const model::Order& order) {
  if (!order.filled.positive()) return members.Null(key);
  // Of one fill, or of several at one price, it is a price.
  const base::Int128 units = order.filled_value.units();
  if (units % order.filled.units() == 0) {
    const auto price = base::Price::FromUnits(static_cast<int64_t>(units / order.filled.units()));
    return members.Money(key, price);
  }
  members.Plain(key, base::DivideToText(order.filled_value, base::Amount::From(order.filled),
                                        kAverageDigits));
}

void AppendTimes(Members& members, const model::Order& order) {
  members.Time(",\"created_at\":", order.created);
  members.Time(",\"updated_at\":", order.updated);
  members.Time(",\"submitted_at\":", order.created);
  members.TimeOrNull(",\"filled_at\":", order.filled_at);
  members.TimeOrNull(",\"expired_at\":", order.expired_at);
  members.Null(",\"expires_at\":");
  members.TimeOrNull(",\"canceled_at\":", order.canceled_at);
  members.TimeOrNull(",\"failed_at\":", order.failed_at);
  members.TimeOrNull(",\"replaced_at\":", order.replaced_at);
}

// What of a fill goes into the record; null everywhere in any other event.
void AppendFill(std::string& out, const floor::OrderEvent& event) {
  if (!floor::IsFill(event.kind)) {
    out +=
        ",\"price\":null,\"qty\":null,\"position_qty\":null,\"cash\":null,\"realized_pnl\":null,"
        "\"fee\":null,\"trade_pnl\":null,\"explain\":null";
    return;
  }
  Members members(out);
  const floor::Fill& fill = event.fill;
  members.Money(",\"price\":", fill.price);
  members.Money(",\"qty\":", fill.quantity);
  members.Money(",\"position_qty\":", fill.position);
  members.Money(",\"cash\":", fill.cash);
  members.Money(",\"realized_pnl\":", fill.account_realized);
  members.Money(",\"fee\":", fill.fee);
  members.Money(",\"trade_pnl\":", fill.realized);
  out += ",\"explain\":";
  AppendExplainJson(out, fill);
}

}  // namespace

void AppendOrderJson(std::string& out, const model::Order& order,
                     const model::Instrument& instrument, const TradingIds& ids) {
  Members members(out);
  const std::string id = ids.Order(order.id);
  members.Plain("{\"id\":", id);
  members.Text(",\"client_order_id\":", order.client_id.empty() ? id : order.client_id.view());
  AppendTimes(members, order);
  members.IdOrNull(",\"replaced_by\":", order.replaced_by, ids);
  members.IdOrNull(",\"replaces\":", order.replaces, ids);
  members.Plain(",\"asset_id\":", ids.Asset(instrument.symbol));
  members.Text(",\"symbol\":", instrument.symbol);
  members.Plain(",\"asset_class\":", model::Name(instrument.asset_class));
  members.MoneyOrNull(",\"notional\":", order.notional);
  // Alpaca tells what was asked for: one of the two.
  const bool by_value = !order.notional.zero();
  members.MoneyOrNull(",\"qty\":", by_value ? base::Quantity{} : order.quantity);
  members.Money(",\"filled_qty\":", order.filled);
  AverageOrNull(members, ",\"filled_avg_price\":", order);
  members.Plain(",\"order_class\":", Name(order.order_class));
  members.Plain(",\"order_type\":", Name(order.type));
  members.Plain(",\"type\":", Name(order.type));
  members.Plain(",\"side\":", Name(order.side));
  members.Plain(",\"time_in_force\":", Name(order.tif));
  members.MoneyOrNull(",\"limit_price\":", order.limit);
  members.MoneyOrNull(",\"stop_price\":", order.stop);
  members.Plain(",\"status\":", Name(order.status));
  members.Bool(",\"extended_hours\":", order.extended_hours);
  members.Null(",\"legs\":");
  members.MoneyOrNull(",\"trail_percent\":", order.trail_percent);
  members.MoneyOrNull(",\"trail_price\":", order.trail_price);
  members.MoneyOrNull(",\"hwm\":", order.hwm);
  members.Plain(",\"position_intent\":", Name(order.intent));
  members.Null(",\"ratio_qty\":");
  members.IdOrNull(",\"parent_id\":", order.parent, ids);
  members.PlainOrNull(",\"leg_role\":", kLegRoleNames[static_cast<size_t>(order.role)]);
  members.IdOrNull(",\"take_profit_id\":", order.take_profit, ids);
  members.IdOrNull(",\"stop_loss_id\":", order.stop_loss, ids);
  members.Bool(",\"triggered\":", order.triggered);
  members.MoneyOrNull(",\"reserve_price\":", order.reserve_price);
  members.Money(",\"filled_value\":", order.filled_value);
  if (by_value) members.MoneyOrNull(",\"sized_qty\":", order.quantity);
  out += '}';
}

void AppendExplainJson(std::string& out, const floor::Fill& fill) {
  out += "{\"model\":\"";
  out += floor::kFillModelNames[static_cast<size_t>(fill.model)];
  out += "\",\"source_price\":";
  fill.source_price.AppendTo(out);
  out += ",\"levels\":";
  const fmt::format_int level(fill.level);
  out.append(level.data(), level.size());
  out += ",\"slippage\":";
  fill.slippage.AppendTo(out);
  out += ",\"fee_rate\":";
  fill.fee_rate.AppendTo(out);
  out += fill.maker ? ",\"liquidity\":\"maker\"}" : ",\"liquidity\":\"taker\"}";
}

tape::NewRecord OrderEventRecord(const floor::OrderEvent& event, std::string_view account,
                                 const model::Instrument& instrument, const TradingIds& ids) {
  const bool fill = floor::IsFill(event.kind);
  tape::NewRecord record;
  record.kind = tape::RecordKind::kOrderEvent;
  record.topic = "paper/" + base::EncodeTopicSegment(account) + (fill ? "/fills" : "/orders");
  record.type = Name(event.kind);
  std::string& out = record.data;
  out.reserve(2560);
  Members members(out);
  members.Plain("{\"account_id\":", ids.Account(account));
  members.Time(",\"at\":", event.time);
  members.Plain(",\"event\":", Name(event.kind));
  fill ? members.Plain(",\"execution_id\":", ids.Execution(event.fill.number))
       : members.Null(",\"execution_id\":");
  out += ",\"order\":";
  AppendOrderJson(out, event.order, instrument, ids);
  members.Time(",\"timestamp\":", event.time);
  AppendFill(out, event);
  members.Text(",\"account\":", account);
  const bool refused = event.reason != floor::RefusalReason::kNone;
  refused ? members.Plain(",\"reason\":", floor::Code(event.reason)) : members.Null(",\"reason\":");
  out += '}';
  return record;
}

}  // namespace livetape::api
