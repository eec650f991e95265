#include "load/equity_event.h"

#include <gtest/gtest.h>

namespace livetape::bench {
namespace {

constexpr std::string_view kEvent =
    R"(data: {"account":"a","equity":1350.5,"balance":-20,"trades_executed":2,)"
    R"("current_position":{"symbol":"PROBE","quantity":1,"market_value":1000.000000012},)"
    R"("positions":[{"symbol":"PROBE","quantity":1,"market_value":1000.000000012,)"
    R"("unrealized_pnl":0},{"symbol":"SAA","quantity":1,"market_value":370.5,)"
    R"("unrealized_pnl":-1}],"positions_total":2,"realized_pnl":0})";

TEST(EquityEvent, HasTheValueOfThePositionsAndOfTheProbe) {
  const auto read = ReadEquityEvent(kEvent, "PROBE");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->equity, 1350.5);
  EXPECT_EQ(read->balance, -20);
  EXPECT_DOUBLE_EQ(read->market_value, 1370.500000012);
  EXPECT_EQ(read->probe, "1000.000000012");
}

TEST(EquityEvent, MayBeWithoutTheProbe) {
  EXPECT_EQ(ReadEquityEvent(kEvent, "OTHER")->probe, std::nullopt);
  const auto none = ReadEquityEvent(R"(data: {"equity":5,"balance":5,"positions":[]})", "PROBE");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->market_value, 0);
}

TEST(EquityEvent, OtherEventsAreNone) {
  EXPECT_FALSE(ReadEquityEvent("data: {}", "PROBE"));
  EXPECT_FALSE(ReadEquityEvent(R"(data: {"equity":1,"balance":2})", "PROBE"));
  EXPECT_FALSE(ReadEquityEvent(kEvent.substr(0, 200), "PROBE"));
}

}  // namespace
}  // namespace livetape::bench
