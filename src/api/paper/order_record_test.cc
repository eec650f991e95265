#include "api/paper/order_record.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <tuple>

#include "base/amount_text.h"
#include "base/random.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

using namespace std::chrono_literals;
using floor::OrderEvent;
using floor::OrderEventKind;
using model::Order;
using model::OrderId;

const TradingIds kIds(7);                                              // NOLINT(cert-err58-cpp)
const model::Instrument kApple{"AAPL", model::AssetClass::kUsEquity};  // NOLINT(cert-err58-cpp)

base::WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }
base::Price P(std::string_view text) { return *base::Price::Parse(text); }
base::Quantity Q(std::string_view text) { return *base::Quantity::Parse(text); }
base::Amount A(std::string_view text) { return *base::ParseAmount(text); }

tape::Record Kept(tape::NewRecord made) {
  tape::Record record;
  record.seq = 1;
  record.kind = made.kind;
  record.topic = std::move(made.topic);
  record.type = std::move(made.type);
  record.data = std::move(made.data);
  return record;
}

// All that Replay needs, but what is known only where it is read.
void ExpectSame(const Order& a, const Order& b) {
  const auto part = [](const Order& o) {
    return std::tuple(o.id, o.status, o.side, o.type, o.tif, o.order_class, o.intent, o.role,
                      o.extended_hours, o.triggered, o.parent, o.take_profit, o.stop_loss,
                      o.replaces, o.replaced_by, o.quantity, o.notional, o.filled, o.filled_value);
  };
  const auto rest = [](const Order& o) {
    return std::tuple(o.limit, o.stop, o.trail_price, o.trail_percent, o.hwm, o.reserve_price,
                      o.created, o.updated, o.filled_at, o.canceled_at, o.expired_at, o.failed_at,
                      o.replaced_at);
  };
  EXPECT_EQ(part(a), part(b));
  EXPECT_EQ(rest(a), rest(b));
  EXPECT_EQ(a.client_id.view(), b.client_id.view());
}

void ExpectSame(const OrderEvent& a, const OrderEvent& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.reason, b.reason);
  EXPECT_EQ(a.time, b.time);
  ExpectSame(a.order, b.order);
  const auto fill = [](const floor::Fill& f) {
    return std::tuple(f.number, f.quantity, f.price, f.fee, f.realized, f.model, f.source_price,
                      f.slippage, f.level, f.fee_rate, f.maker, f.cash, f.account_realized,
                      f.position);
  };
  EXPECT_EQ(fill(a.fill), fill(b.fill));
}

OrderEvent LimitOrder() {
  OrderEvent event;
  event.kind = OrderEventKind::kNew;
  event.time = At("2026-11-20T15:04:05.123456Z");
  Order& order = event.order;
  order.id = OrderId(17);
  order.type = model::OrderType::kLimit;
  order.quantity = Q("12.5");
  order.limit = P("187.34");
  order.reserve_price = order.limit;
  order.created = order.updated = event.time;
  return event;
}

OrderEvent FilledOrder() {
  OrderEvent event = LimitOrder();
  event.kind = OrderEventKind::kFill;
  event.order.status = model::OrderStatus::kFilled;
  event.order.filled = event.order.quantity;
  event.order.filled_value = A("2340.000000000000000001");
  event.order.filled_at = event.time + 1ns;
  floor::Fill& fill = event.fill;
  fill.number = 3;
  fill.quantity = Q("12.5");
  fill.price = P("187.2");
  fill.source_price = P("187.1");
  fill.slippage = P("0.1");
  fill.fee = A("4.68");
  fill.fee_rate = *base::Decimal::Parse("0.002");
  fill.realized = A("-4.68");
  fill.cash = A("97655.32");
  fill.account_realized = A("-10.000000000000000001");
  fill.position = Q("12.5");
  return event;
}

boost::json::object JsonOf(const OrderEvent& event) {
  return boost::json::parse(OrderEventRecord(event, "paper", kApple, kIds).data).as_object();
}

TEST(OrderRecord, GoesToTheTopicOfItsKind) {
  const auto placed = OrderEventRecord(LimitOrder(), "paper", kApple, kIds);
  EXPECT_EQ(placed.topic, "paper/paper/orders");
  EXPECT_EQ(placed.type, "new");
  EXPECT_EQ(placed.kind, tape::RecordKind::kOrderEvent);
  const auto filled = OrderEventRecord(FilledOrder(), "alice", kApple, kIds);
  EXPECT_EQ(filled.topic, "paper/alice/fills");
  EXPECT_EQ(filled.type, "fill");
}

TEST(OrderRecord, HasAlpacasOrder) {
  const auto order = JsonOf(LimitOrder()).at("order").as_object();
  EXPECT_EQ(order.at("id"), kIds.Order(OrderId(17)).c_str());
  EXPECT_EQ(order.at("client_order_id"), kIds.Order(OrderId(17)).c_str());
  EXPECT_EQ(order.at("created_at"), "2026-11-20T15:04:05.123456Z");
  EXPECT_EQ(order.at("submitted_at"), "2026-11-20T15:04:05.123456Z");
  EXPECT_EQ(order.at("asset_id"), kIds.Asset("AAPL").c_str());
  EXPECT_EQ(order.at("symbol"), "AAPL");
  EXPECT_EQ(order.at("asset_class"), "us_equity");
  EXPECT_EQ(order.at("qty"), "12.5");
  EXPECT_EQ(order.at("filled_qty"), "0");
  EXPECT_EQ(order.at("order_class"), "simple");
  EXPECT_EQ(order.at("type"), "limit");
  EXPECT_EQ(order.at("order_type"), "limit");
  EXPECT_EQ(order.at("side"), "buy");
  EXPECT_EQ(order.at("time_in_force"), "day");
  EXPECT_EQ(order.at("limit_price"), "187.34");
  EXPECT_EQ(order.at("status"), "new");
  EXPECT_EQ(order.at("extended_hours"), false);
  EXPECT_EQ(order.at("position_intent"), "buy_to_open");
  for (const char* name :
       {"filled_at", "expired_at", "expires_at", "canceled_at", "failed_at", "replaced_at",
        "replaced_by", "replaces", "notional", "filled_avg_price", "stop_price", "legs",
        "trail_percent", "trail_price", "hwm", "ratio_qty", "parent_id", "leg_role"}) {
    EXPECT_TRUE(order.at(name).is_null()) << name;
  }
}

TEST(OrderRecord, TellsOfAFill) {
  const auto json = JsonOf(FilledOrder());
  EXPECT_EQ(json.at("account_id"), kIds.Account("paper").c_str());
  EXPECT_EQ(json.at("event"), "fill");
  EXPECT_EQ(json.at("execution_id"), kIds.Execution(3).c_str());
  EXPECT_EQ(json.at("at"), json.at("timestamp"));
  EXPECT_EQ(json.at("price"), "187.2");
  EXPECT_EQ(json.at("qty"), "12.5");
  EXPECT_EQ(json.at("position_qty"), "12.5");
  EXPECT_EQ(json.at("account"), "paper");
  EXPECT_EQ(json.at("cash"), "97655.32");
  EXPECT_EQ(json.at("realized_pnl"), "-10.000000000000000001");
  EXPECT_EQ(json.at("fee"), "4.68");
  EXPECT_EQ(json.at("trade_pnl"), "-4.68");
  EXPECT_TRUE(json.at("reason").is_null());
  EXPECT_EQ(boost::json::serialize(json.at("explain")),
            R"({"model":"quote","source_price":1.871E2,"levels":1,"slippage":1E-1,)"
            R"("fee_rate":2E-3,"liquidity":"taker"})");
}

TEST(OrderRecord, HasNoFillWhereThereIsNone) {
  const auto json = JsonOf(LimitOrder());
  for (const char* name : {"execution_id", "price", "qty", "position_qty", "cash", "realized_pnl",
                           "fee", "trade_pnl", "explain", "reason"}) {
    EXPECT_TRUE(json.at(name).is_null()) << name;
  }
}

TEST(OrderRecord, AveragesTheFillsOfAnOrder) {
  OrderEvent event = FilledOrder();
  event.order.filled = event.order.quantity = Q("3");
  event.order.filled_value = A("30");
  EXPECT_EQ(JsonOf(event).at("order").at("filled_avg_price"), "10");
  event.order.filled_value = A("31");
  EXPECT_EQ(JsonOf(event).at("order").at("filled_avg_price"), "10.33333333333333");
  event.order.filled = event.order.quantity = Q("0.000000001");
  event.order.filled_value = P("1000000000") * Q("0.000000001");
  EXPECT_EQ(JsonOf(event).at("order").at("filled_avg_price"), "1000000000");
}

TEST(OrderRecord, WritesNanosecondsOnlyWhereThereAreAny) {
  OrderEvent event = LimitOrder();
  event.time = At("2026-11-20T15:04:05.123456Z") + 7ns;
  EXPECT_EQ(JsonOf(event).at("at"), "2026-11-20T15:04:05.123456007Z");
  event.time = At("2026-11-20T15:04:05Z");
  EXPECT_EQ(JsonOf(event).at("at"), "2026-11-20T15:04:05.000000Z");
}

TEST(OrderRecord, ReadsBackAFill) {
  const OrderEvent event = FilledOrder();
  const auto record = Kept(OrderEventRecord(event, "alice", kApple, kIds));
  const auto read = ParseOrderEvent(record, kIds);
  ASSERT_TRUE(read) << read.error().message;
  ExpectSame(read->event, event);
  EXPECT_EQ(read->account, "alice");
  EXPECT_EQ(read->instrument.symbol, "AAPL");
  EXPECT_EQ(read->instrument.asset_class, model::AssetClass::kUsEquity);
  std::string json;
  AppendOrderJson(json, event.order, kApple, kIds);
  EXPECT_EQ(read->order_json, json);
  const auto order = ParseOrderJson(json, kIds);
  ASSERT_TRUE(order) << order.error().message;
  ExpectSame(order->order, event.order);
}

TEST(OrderRecord, ReadsBackEveryReason) {
  for (int i = 0; i <= static_cast<int>(floor::RefusalReason::kNoPosition); ++i) {
    OrderEvent event = LimitOrder();
    event.kind = OrderEventKind::kRejected;
    event.reason = static_cast<floor::RefusalReason>(i);
    const auto read = ParseOrderEvent(Kept(OrderEventRecord(event, "a", kApple, kIds)), kIds);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->event.reason, event.reason);
  }
}

TEST(OrderRecord, KeepsNamesThatNeedEscapes) {
  OrderEvent event = LimitOrder();
  event.order.client_id = *model::ClientOrderId::From("a \"legs\":null \\ \xc3\xa4");
  const model::Instrument odd{"A\"B/\xc3\xa4", model::AssetClass::kCrypto};
  const auto read = ParseOrderEvent(Kept(OrderEventRecord(event, "a", odd, kIds)), kIds);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->event.order.client_id.view(), event.order.client_id.view());
  EXPECT_EQ(read->instrument.symbol, odd.symbol);
  EXPECT_EQ(read->instrument.asset_class, odd.asset_class);
}

// --- any event

template <typename Enum, size_t N>
Enum Any(base::Random& random, const std::array<std::string_view, N>&) {
  return static_cast<Enum>(random.Below(N));
}
int64_t AnyUnits(base::Random& random) {
  const auto units = static_cast<int64_t>(random.Next() >> (1 + random.Below(63)));
  return random.Below(2) == 0 ? units : units - units % base::kDecimalScale;
}
template <typename Value>
Value AnyDecimal(base::Random& random) {
  return random.Below(3) == 0 ? Value{} : Value::FromUnits(AnyUnits(random));
}
base::Amount AnyAmount(base::Random& random) {
  auto units =
      base::Int128{AnyUnits(random)} * static_cast<int64_t>(random.Below(1'000'000'000'000));
  if (random.Below(2) == 0) units -= units % (base::Int128{base::kDecimalScale});
  return base::Amount::FromUnits(random.Below(2) == 0 ? units : -units);
}
base::WallTime AnyTime(base::Random& random) {
  if (random.Below(3) == 0) return {};
  const auto ns = static_cast<int64_t>(random.Below(4'000'000'000'000'000'000));
  return base::WallTime(std::chrono::nanoseconds(random.Below(2) == 0 ? ns : ns / 1000 * 1000));
}
OrderId AnyId(base::Random& random) { return OrderId(random.Below(2) * random.Next() >> 20); }

Order AnyOrder(base::Random& random) {
  Order o;
  o.id = OrderId(1 + random.Below(1'000'000'000));
  o.status = Any<model::OrderStatus>(random, model::kOrderStatusNames);
  o.side = Any<model::Side>(random, model::kSideNames);
  o.type = Any<model::OrderType>(random, model::kOrderTypeNames);
  o.tif = Any<model::TimeInForce>(random, model::kTimeInForceNames);
  o.order_class = Any<model::OrderClass>(random, model::kOrderClassNames);
  o.intent = Any<model::PositionIntent>(random, model::kPositionIntentNames);
  o.role = static_cast<model::LegRole>(random.Below(3));
  o.extended_hours = random.Below(2) == 0;
  o.triggered = random.Below(2) == 0;
  for (OrderId* id : {&o.parent, &o.take_profit, &o.stop_loss, &o.replaces, &o.replaced_by}) {
    *id = AnyId(random);
  }
  o.quantity = AnyDecimal<base::Quantity>(random);
  o.filled = base::Quantity::FromUnits(AnyUnits(random));
  o.notional = AnyAmount(random);
  o.filled_value = base::Price::FromUnits(AnyUnits(random) % 1'000'000'000'000'000'000) * o.filled;
  for (base::Price* price : {&o.limit, &o.stop, &o.trail_price, &o.hwm, &o.reserve_price}) {
    *price = AnyDecimal<base::Price>(random);
  }
  o.trail_percent = AnyDecimal<base::Decimal>(random);
  for (base::WallTime* time : {&o.created, &o.updated, &o.filled_at, &o.canceled_at, &o.expired_at,
                               &o.failed_at, &o.replaced_at}) {
    *time = AnyTime(random);
  }
  std::string name(random.Below(129), ' ');
  for (char& c : name) c = static_cast<char>(0x20 + random.Below(0x5f));
  o.client_id = *model::ClientOrderId::From(name);
  return o;
}

OrderEvent AnyEvent(base::Random& random) {
  OrderEvent event;
  event.kind = Any<OrderEventKind>(random, floor::kOrderEventNames);
  event.reason = static_cast<floor::RefusalReason>(random.Below(20));
  event.time = AnyTime(random);
  event.order = AnyOrder(random);
  if (!floor::IsFill(event.kind)) return event;
  floor::Fill& f = event.fill;
  f.number = 1 + random.Below(1'000'000'000);
  f.quantity = AnyDecimal<base::Quantity>(random);
  f.price = AnyDecimal<base::Price>(random);
  f.source_price = AnyDecimal<base::Price>(random);
  f.slippage = AnyDecimal<base::Price>(random);
  f.fee_rate = AnyDecimal<base::Decimal>(random);
  f.position = base::Quantity::FromUnits(-AnyUnits(random));
  for (base::Amount* amount : {&f.fee, &f.realized, &f.cash, &f.account_realized}) {
    *amount = AnyAmount(random);
  }
  f.model = Any<floor::FillModel>(random, floor::kFillModelNames);
  f.level = static_cast<uint32_t>(random.Next());
  f.maker = random.Below(2) == 0;
  return event;
}

TEST(OrderRecord, ReadsBackAnyEvent) {
  constexpr uint64_t kSeed = 4;
  base::Random random(kSeed);
  for (int i = 0; i < 5000; ++i) {
    const OrderEvent event = AnyEvent(random);
    const auto record = Kept(OrderEventRecord(event, "a", kApple, kIds));
    const auto read = ParseOrderEvent(record, kIds);
    ASSERT_TRUE(read) << read.error().message << "\n" << record.data;
    ExpectSame(read->event, event);
    ASSERT_FALSE(HasFailure()) << "seed " << kSeed << ", event " << i << "\n" << record.data;
  }
}

// --- what is no such record

std::string FaultOf(const tape::Record& record) {
  const auto read = ParseOrderEvent(record, kIds);
  return read ? "" : read.error().message;
}

std::string FaultWith(std::string_view what, std::string_view instead) {
  auto record = Kept(OrderEventRecord(FilledOrder(), "a", kApple, kIds));
  const size_t at = record.data.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  record.data.replace(at, what.size(), instead);
  return FaultOf(record);
}

TEST(OrderRecord, OfAnotherKindIsRefused) {
  auto record = Kept(OrderEventRecord(LimitOrder(), "a", kApple, kIds));
  record.kind = tape::RecordKind::kMessage;
  EXPECT_NE(FaultOf(record), "");
}

TEST(OrderRecord, OfAnotherSeedIsRefused) {
  const auto record = Kept(OrderEventRecord(LimitOrder(), "a", kApple, TradingIds(8)));
  EXPECT_NE(FaultOf(record).find("order.id"), std::string::npos) << FaultOf(record);
}

TEST(OrderRecord, NamesWhatIsWrong) {
  const auto names = [](std::string_view what, std::string_view instead, std::string_view field) {
    const std::string fault = FaultWith(what, instead);
    EXPECT_NE(fault.find(field), std::string::npos) << fault;
  };
  names("\"side\":\"buy\"", "\"side\":\"up\"", "order.side");
  names("\"side\":\"buy\"", "\"side\":7", "order.side");
  names("\"side\":\"buy\",", "", "order.side");
  names("\"limit_price\":\"187.34\"", "\"limit_price\":\"1.2.3\"", "order.limit_price");
  names("\"event\":\"fill\"", "\"event\":\"full\"", "event");
  names("\"triggered\":false", "\"triggered\":\"no\"", "order.triggered");
  names("\"cash\":\"97655.32\"", "\"cash\":\"much\"", "cash");
  names("\"reason\":null", "\"reason\":\"none of yours\"", "reason");
  names("\"model\":\"quote\"", "\"model\":\"guess\"", "explain.model");
  names("\"explain\":{", "\"explain\":null,\"other\":{", "explain");
  names("\"created_at\":\"2026", "\"created_at\":\"soon", "order.created_at");
}

TEST(OrderRecord, CutShortIsRefused) {
  auto record = Kept(OrderEventRecord(FilledOrder(), "a", kApple, kIds));
  for (size_t size = 0; size < record.data.size(); size += 7) {
    auto cut = record;
    cut.data.resize(size);
    EXPECT_FALSE(ParseOrderEvent(cut, kIds)) << size;
  }
}

}  // namespace
}  // namespace livetape::api
