#include "api/trade_updates/trade_event_rendering.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::api {
namespace {

std::string Render(std::string_view data) {
  const base::WallTime time =
      *base::ParseRfc3339("2026-11-20T15:04:05.123456Z") + std::chrono::nanoseconds(789);
  std::string out;
  TradeEventRendering().Record(
      {.seq = 7, .time = time, .topic = "paper/p/orders", .type = "new", .data = data, .owner = {}},
      "e1-7", out);
  return out;
}

TEST(TradeEventRendering, PutsTheIdBeforeTheRecordsMembers) {
  EXPECT_EQ(
      Render(R"({"event":"new","order":{"id":"x"}})"),
      "id: e1-7\ndata: {\"event_id\":\"e1-7\",\"event\":\"new\",\"order\":{\"id\":\"x\"}}\n\n");
  EXPECT_EQ(Render("{}"), "id: e1-7\ndata: {\"event_id\":\"e1-7\"}\n\n");
}

TEST(TradeEventRendering, TellsTheTimeOnTheTapeToTheNanosecond) {
  EXPECT_EQ(Render(R"({"account_id":"a","at":"2026-11-20T15:04:05.100000Z","event":"fill"})"),
            "id: e1-7\ndata: {\"event_id\":\"e1-7\",\"account_id\":\"a\","
            "\"at\":\"2026-11-20T15:04:05.123456789Z\",\"event\":\"fill\"}\n\n");
}

TEST(TradeEventRendering, LeavesATextAloneThatLooksLikeThatMember) {
  const std::string order =
      R"(,"order":{"client_order_id":")" + std::string(128, 'x') + R"(,\"at\":\"y"}})";
  EXPECT_EQ(Render(R"({"event":"new")" + order),
            "id: e1-7\ndata: {\"event_id\":\"e1-7\",\"event\":\"new\"" + order + "\n\n");
}

TEST(TradeEventRendering, ControlEventsAreComments) {
  std::string out;
  const TradeEventRendering rendering;
  rendering.Control("gap", "e1-7", R"({"reason":"expired"})", out);
  rendering.Control("drain", "", R"({"after_ms":500})", out);
  EXPECT_EQ(out, ": gap {\"reason\":\"expired\"}\n\n: drain {\"after_ms\":500}\n\n");
}

TEST(TradeEventRendering, APositionIsNoEvent) {
  std::string out;
  TradeEventRendering().Pulse("e1-7", out);
  EXPECT_EQ(out, "id: e1-7\n\n");
}

}  // namespace
}  // namespace livetape::api
