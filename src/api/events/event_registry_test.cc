#include "api/events/event_registry.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "api/events/event_rendering.h"

namespace livetape::api {
namespace {

std::string Refused(std::string_view type, std::string_view payload) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(payload);
  EXPECT_TRUE(object) << payload;
  const auto checked = CheckPayload(*FindUserEventType(type), *object);
  return checked ? "accepted" : checked.error().detail;
}

TEST(EventRegistry, EveryTypeHasItsOwnNameAndAKnownCategory) {
  std::set<std::string_view> names, categories;
  for (const UserEventType& type : UserEventTypes()) {
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    EXPECT_TRUE(IsEventCategory(type.category)) << type.name;
    EXPECT_FALSE(type.fields.empty()) << type.name;
    EXPECT_EQ(FindUserEventType(type.name), &type);
    categories.insert(type.category);
  }
  EXPECT_EQ(names.size(), 29U);
  EXPECT_EQ(categories.size(), EventCategories().size());
  EXPECT_EQ(FindUserEventType("ai.response"), nullptr);
  EXPECT_FALSE(IsEventCategory("news"));
}

TEST(EventRegistry, APayloadHasTheFieldsOfItsType) {
  EXPECT_EQ(Refused("sync.holdings.completed",
                    R"({"connection_id":"c","account_id":"a","holdings_count":3,"more":null})"),
            "accepted");
  EXPECT_EQ(Refused("portfolio.balance.updated",
                    R"({"account_id":"a","previous_balance":"10.50","new_balance":11,)"
                    R"("delta":-0.5e0,"currency":"USD"})"),
            "accepted");
  EXPECT_EQ(Refused("security.session.new",
                    R"({"session_id":"s","device_info":{"os":"x"},"ip_address":"::1",)"
                    R"("location":null})"),
            "accepted");
}

TEST(EventRegistry, SaysWhatAPayloadLacks) {
  EXPECT_EQ(Refused("sync.accounts.completed", R"({"connection_id":"c"})"),
            "data.account_count is missing; sync.accounts.completed needs it, a number");
  EXPECT_EQ(Refused("sync.accounts.started", R"({"connection_id":null})"),
            "data.connection_id must be a string, got null");
  EXPECT_EQ(Refused("sync.accounts.started", R"({"connection_id":"c","connection_id":7})"),
            "data.connection_id is given twice");
  EXPECT_EQ(Refused("ai.response.chunk", R"({"conversation_id":"c","chunk":"x","is_final":1})"),
            "data.is_final must be true or false, got a number");
  EXPECT_EQ(Refused("ai.response.complete", R"({"conversation_id":"c","actions_taken":{}})"),
            "data.actions_taken must be an array, got an object");
  EXPECT_EQ(Refused("portfolio.balance.updated", R"({"account_id":"a","previous_balance":"ten"})"),
            "data.previous_balance must be a number or a string with one, got a string");
  for (const std::string word : {"NaN", "inf", "-Infinity", "nan(1)", "1e999", "", " 1"}) {
    EXPECT_EQ(Refused("portfolio.balance.updated",
                      R"({"account_id":"a","previous_balance":")" + word + R"("})"),
              "data.previous_balance must be a number or a string with one, got a string")
        << word;
  }
}

TEST(EventRegistry, IsServedAsJson) {
  const auto registry = boost::json::parse(RegistryJson()).as_object();
  EXPECT_EQ(registry.at("categories").as_array().size(), 6U);
  const auto& events = registry.at("events").as_array();
  ASSERT_EQ(events.size(), UserEventTypes().size());
  EXPECT_EQ(events[1], boost::json::parse(R"({"event":"sync.accounts.completed",
      "category":"data_sync","payload":{"connection_id":"string","account_count":"number"}})"));
}

// With LIVETAPE_WRITE_DOCS=1 in the environment the page is written anew.
TEST(EventRegistry, ThePageIsMadeFromTheTable) {
  const std::filesystem::path page =
      std::filesystem::path(__FILE__).parent_path() / "../../../docs/user-events.md";
  if (!exists(page.parent_path())) GTEST_SKIP() << "no source tree at " << page;
  if (std::getenv("LIVETAPE_WRITE_DOCS") != nullptr) std::ofstream(page) << RegistryMarkdown();
  std::ifstream file(page);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, RegistryMarkdown())
      << page << " is not what the table says; LIVETAPE_WRITE_DOCS=1 api_test writes it";
}

TEST(EventRendering, NamesEventsByTypeAndSendsThePayload) {
  std::string out;
  const base::ManualClock clock;
  const EventRendering rendering(clock, [] { return std::string("3f9c-7"); });
  rendering.Record({.seq = 4,
                    .time = {},
                    .topic = "user/alice/ai",
                    .type = "ai.tool.executing",
                    .data = R"({"tool_name":"x"})",
                    .owner = nullptr},
                   "3f9c-4", out);
  rendering.State(hub::StateKey("room", "t"), "x", out);
  rendering.Control("gap", "3f9c-5", "{}", out);
  EXPECT_EQ(out,
            "id: 3f9c-4\nevent: ai.tool.executing\ndata: {\"tool_name\":\"x\"}\n\n"
            "id: 3f9c-5\nevent: gap\ndata: {}\n\n");
}

TEST(EventRendering, HeartbeatKeepsTheCursorFresh) {
  const base::ManualClock clock;
  const EventRendering rendering(clock, [] { return std::string("3f9c-7"); });
  std::string out;
  rendering.Pulse("3f9c-4", out);
  EXPECT_EQ(out,
            "id: 3f9c-4\nevent: heartbeat\n"
            "data: {\"server_time\":\"1970-01-01T00:00:00.000000Z\",\"head\":\"3f9c-7\"}\n\n");
}

}  // namespace
}  // namespace livetape::api
