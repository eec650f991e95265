#include "api/events/event_body.h"

#include <gtest/gtest.h>

#include <vector>

namespace livetape::api {
namespace {

constexpr std::string_view kPayload = R"({ "conversation_id":"c", "tool_name":"t", "n":1.50 })";

// A body with these recipients, `{"user_id":...,` the rest is right.
std::string To(std::string_view recipients) {
  return "{" + std::string(recipients) + R"(,"event":"ai.tool.executing","data":)" +
         std::string(kPayload) + "}";
}

std::string Refused(std::string_view body) {
  const auto event = ParseUserEvent(body);
  return event ? "accepted" : "[" + event.error().field + "] " + event.error().detail;
}

TEST(UserEvent, GoesToOneUser) {
  const auto event = ParseUserEvent(To(R"("user_id":"al/ice")"));
  ASSERT_TRUE(event) << event.error().detail;
  EXPECT_EQ(event->type->name, "ai.tool.executing");
  EXPECT_EQ(event->users, std::vector<std::string>{"al/ice"});
  EXPECT_EQ(event->topics, std::vector<std::string>{"user/al%2Fice/ai"});
  EXPECT_EQ(event->data, R"({"conversation_id":"c","tool_name":"t","n":1.50})");
  EXPECT_FALSE(event->broadcast());
}

TEST(UserEvent, GoesToManyUsersInTheirOrder) {
  const auto event = ParseUserEvent(To(R"("user_ids":["bob","alice"])"));
  ASSERT_TRUE(event) << event.error().detail;
  EXPECT_EQ(event->topics, (std::vector<std::string>{"user/bob/ai", "user/alice/ai"}));
}

TEST(UserEvent, GoesToEverybody) {
  const auto event = ParseUserEvent(To(R"("broadcast":true)"));
  ASSERT_TRUE(event) << event.error().detail;
  EXPECT_TRUE(event->broadcast());
  EXPECT_EQ(event->topics, std::vector<std::string>{"broadcast/ai"});
}

TEST(UserEvent, SaysWhatIsWrong) {
  struct Case {
    std::string body, error;
  };
  for (const Case& c : std::vector<Case>{
           {R"({"event":"ai.tool.executing","data":{}})",
            "[user_id] exactly one of user_id, user_ids and broadcast is needed, got none"},
           {To(R"("user_id":"a","broadcast":true)"),
            "[] exactly one of user_id, user_ids and broadcast is needed, got several"},
           {To(R"("broadcast":false)"),
            "[broadcast] broadcast must be true; without it name user_id or user_ids"},
           {To(R"("user_id":7)"), "[user_id] user_id must be a string, got a number"},
           {To(R"("user_id":"")"),
            "[user_id] user_id must have 1 to 128 bytes, percent-encoded as a topic segment; it "
            "has 0"},
           {To(R"("user_ids":"a")"),
            "[user_ids] user_ids must be an array of 1 to 1000 strings, got a string"},
           {To(R"("user_ids":[])"),
            "[user_ids] user_ids must be an array of 1 to 1000 strings, got 0 of them"},
           {To(R"("user_ids":["a",1])"), "[user_ids[1]] user_ids[1] must be a string"},
           {To(R"("user_ids":["a","b","a"])"),
            "[user_ids[2]] user_ids[2] is named twice; name each user once"},
           {To(R"("user_id":"a","user_id":"b")"), "[user_id] user_id is given twice"},
           {To(R"("user_id":"a","usr":1)"),
            "[usr] usr is not known; a user event has user_id, user_ids, broadcast, event, data"},
           {R"({"user_id":"a","data":{}})",
            "[event] event is missing; it is a type such as ai.response.chunk"},
           {R"({"user_id":"a","event":1,"data":{}})",
            "[event] event must be a string, got a number"},
           {R"({"user_id":"a","event":"ai.dream","data":{}})",
            "[event] event 'ai.dream' is not registered; GET /api/v1/events/registry lists the "
            "types"},
           {R"({"user_id":"a","event":"ai.tool.executing"})",
            "[data] data is missing; it is the payload, an object"},
           {R"({"user_id":"a","event":"ai.tool.executing","data":[]})",
            "[data] data must be an object, got an array"},
           {R"({"user_id":"a","event":"ai.tool.executing","data":{"tool_name":"x"}})",
            "[data.conversation_id] data.conversation_id is missing; ai.tool.executing needs it, "
            "a string"},
           {"[]", "[] the body: expected an object, got an array"},
       }) {
    EXPECT_EQ(Refused(c.body), c.error) << c.body;
  }
}

TEST(UserEvent, BoundsRecipientsAndData) {
  const auto users = [](size_t count) {
    std::string list;
    for (size_t i = 0; i < count; ++i) {
      list += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
    }
    return To("\"user_ids\":[" + list + "]");
  };
  EXPECT_EQ(ParseUserEvent(users(kRecipientsMax))->topics.size(), kRecipientsMax);
  EXPECT_TRUE(Refused(users(kRecipientsMax + 1)).ends_with("strings, got 1001 of them"));
  EXPECT_EQ(Refused(To(R"("user_id":")" + std::string(128, 'u') + "\"")), "accepted");
  EXPECT_TRUE(Refused(To(R"("user_id":")" + std::string(129, 'u') + "\"")).ends_with("it has 129"));

  const auto large =
      ParseUserEvent(R"({"user_id":"a","event":"security.login.failed","data":{"reason":")" +
                     std::string(kUserEventBytesMax, 'x') + "\"}}");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().status, 413U);
  EXPECT_EQ(large.error().field, "data");
}

TEST(EventCategories, MayRepeatOrBeACommaList) {
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(*ParseCategories({"provider,ai", "ai", ""}), (Names{"provider", "ai"}));
  EXPECT_EQ(ParseCategories({})->size(), 6U);
  EXPECT_EQ(ParseCategories({"", ","})->size(), 6U);
  const auto unknown = ParseCategories({"ai", "news"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().detail,
            "categories names 'news'; valid are data_sync, provider, ai, import, portfolio, "
            "security");
  EXPECT_EQ(unknown.error().field, "categories");
}

}  // namespace
}  // namespace livetape::api
