#include "api/channels/channel_event.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <vector>

namespace livetape::api {
namespace {

BodyResult<ChannelEvent> Parse(std::string_view channel, std::string_view body) {
  return ParseChannelEvent(*FindChannel(channel), body);
}

// The detail of the error; of a field's error it begins with the field's name.
std::string Refused(std::string_view channel, std::string_view body) {
  const auto event = Parse(channel, body);
  if (event) return "accepted";
  EXPECT_TRUE(event.error().detail.starts_with(event.error().field)) << event.error().field;
  return event.error().detail;
}

TEST(Channels, AreFourAndHaveTheirPlaces) {
  struct Case {
    std::string name, event, pattern;
    bool state;
    tape::RecordKind kind;
  };
  using enum tape::RecordKind;
  const std::vector<Case> cases = {
      {"training", "training_progress", "jobs/training/*", false, kJob},
      {"backtest", "backtest_progress", "jobs/backtest/*", false, kJob},
      {"alerts", "risk_alert", "alerts/*", false, kAlert},
      {"dashboard", "dashboard_update", "dashboard/*", true, kMessage},
  };
  ASSERT_EQ(Channels().size(), cases.size());
  for (const Case& c : cases) {
    const Channel* const channel = FindChannel(c.name);
    ASSERT_NE(channel, nullptr) << c.name;
    EXPECT_EQ(channel->event, c.event);
    EXPECT_EQ(channel->Pattern(), c.pattern);
    EXPECT_EQ(channel->is_state(), c.state);
    EXPECT_EQ(channel->kind, c.kind);
  }
  EXPECT_EQ(FindChannel("trainings"), nullptr);
}

TEST(Channels, KnowWhenATaskIsFinished) {
  for (const auto* status : {"completed", "failed", "cancelled"}) EXPECT_TRUE(IsFinished(status));
  for (const auto* status : {"queued", "started", "running", ""}) EXPECT_FALSE(IsFinished(status));
}

TEST(Channels, DescribeThemselvesAsJsonSchema) {
  for (const Channel& channel : Channels()) {
    const auto schema = boost::json::parse(ChannelSchema(channel)).as_object();
    EXPECT_EQ(schema.at("properties").as_object().size(), channel.fields.size());
    for (const auto& required : schema.at("required").as_array()) {
      EXPECT_TRUE(channel.Field(required.as_string())->required);
    }
  }
  EXPECT_EQ(ChannelSchema(*FindChannel("dashboard")),
            R"({"type":"object","required":["update_type","data"],"properties":{)"
            R"("update_type":{"type":"string","enum":["metrics","positions","orders","market"]},)"
            R"("data":{},"account":{"type":["string","null"]}}})");
}

TEST(ChannelEvent, KeepsTheDataAsSent) {
  const auto event = Parse("training", R"({ "task_id": "run/1 \u00e9", "progress": 12.50,
    "status": "running", "message": null, "metrics": {"loss": 0.10}, "mine": [1, 2] })");
  ASSERT_TRUE(event) << event.error().detail;
  EXPECT_EQ(event->topic, "jobs/training/run%2F1%20%C3%A9");
  EXPECT_EQ(event->key, "");
  EXPECT_EQ(event->channel->event, "training_progress");
  EXPECT_EQ(event->data,
            "{\"task_id\":\"run/1 \u00e9\",\"progress\":12.50,\"status\":\"running\","
            "\"message\":null,\"metrics\":{\"loss\":0.10},\"mine\":[1,2]}");
}

TEST(ChannelEvent, HasTheTopicOfItsChannel) {
  struct Case {
    std::string channel, body, topic, key;
  };
  for (const Case& c : std::vector<Case>{
           {"backtest", R"({"backtest_id":"b1","progress":100,"status":"completed"})",
            "jobs/backtest/b1", ""},
           {"alerts", R"({"alert_type":"var","severity":"high","message":"m"})", "alerts/high", ""},
           {"dashboard", R"({"update_type":"metrics","data":{"a":1}})", "dashboard/paper",
            "metrics"},
           {"dashboard", R"({"update_type":"orders","data":[],"account":"a b"})", "dashboard/a%20b",
            "orders"},
           {"dashboard", R"({"update_type":"orders","data":0,"account":null})", "dashboard/paper",
            "orders"},
       }) {
    const auto event = Parse(c.channel, c.body);
    ASSERT_TRUE(event) << event.error().detail;
    EXPECT_EQ(event->topic, c.topic);
    EXPECT_EQ(event->key, c.key);
  }
}

TEST(ChannelEvent, SaysWhatIsWrong) {
  struct Case {
    std::string channel, body, error;
  };
  for (const Case& c : std::vector<Case>{
           {"training", R"({"task_id":"t","progress":140,"status":"running"})",
            "progress must be between 0 and 100, got 140"},
           {"training", R"({"task_id":"t","progress":-0.1,"status":"running"})",
            "progress must be between 0 and 100, got -0.1"},
           {"training", R"({"task_id":"t","progress":"5","status":"running"})",
            "progress must be between 0 and 100, got \"5\""},
           {"training", R"({"task_id":"t","status":"running"})",
            "progress is missing; it must be between 0 and 100"},
           {"training", R"({"task_id":"t","progress":1,"status":"done"})",
            "status must be one of queued, started, running, completed, failed, cancelled, got "
            "\"done\""},
           {"training", R"({"progress":1,"status":"running"})",
            "task_id is missing; it must be a string"},
           {"training", R"({"task_id":null,"progress":1,"status":"running"})",
            "task_id is missing; it must be a string"},
           {"training", R"({"task_id":7,"progress":1,"status":"running"})",
            "task_id must be a string, got 7"},
           {"training", R"({"task_id":"","progress":1,"status":"running"})",
            "task_id must have 1 to 128 bytes, percent-encoded as a topic segment; it has 0"},
           {"training", R"({"task_id":"t","progress":1,"status":"running","metrics":[1]})",
            "metrics must be an object, got an array"},
           {"training", R"({"task_id":"t","progress":1,"progress":2,"status":"running"})",
            "progress is given twice"},
           {"backtest", R"({"task_id":"t","progress":1,"status":"running"})",
            "backtest_id is missing; it must be a string"},
           {"backtest",
            R"({"backtest_id":"t","progress":1,"status":"running","current_date":20260101})",
            "current_date must be a string, got 20260101"},
           {"alerts", R"({"alert_type":"var","severity":"huge","message":"m"})",
            "severity must be one of low, medium, high, critical, got \"huge\""},
           {"alerts", R"({"alert_type":"var","severity":"low","message":"m","metric_value":1e999})",
            "metric_value must be a number, got 1e999"},
           {"alerts", R"({"alert_type":"var","severity":"low","message":true})",
            "message must be a string, got true"},
           {"dashboard", R"({"update_type":"metrics","data":null})",
            "data is missing; it must be any JSON value but null"},
           {"dashboard", R"({"update_type":"metrics","data":{},"account":""})",
            "account must have 1 to 128 bytes, percent-encoded as a topic segment; it has 0"},
           {"dashboard", "[]", "the body: expected an object, got an array"},
           {"dashboard", "{", "the body is not valid JSON in UTF-8: incomplete JSON at byte 1"},
       }) {
    EXPECT_EQ(Refused(c.channel, c.body), c.error) << c.body;
  }
}

TEST(ChannelEvent, BoundsIdsAndData) {
  const auto with_id = [](const std::string& id) {
    return R"({"progress":1,"status":"running","task_id":")" + id + "\"}";
  };
  EXPECT_TRUE(Parse("training", with_id(std::string(128, 'x'))));
  EXPECT_TRUE(Refused("training", with_id(std::string(129, 'x'))).ends_with("it has 129"));
  EXPECT_TRUE(Refused("training", with_id(std::string(43, ' '))).ends_with("it has 129"));

  const std::string head = R"({"update_type":"metrics","data":")";
  const std::string longest(kChannelDataBytesMax - head.size() - 2, 'x');
  EXPECT_EQ(Parse("dashboard", head + longest + "\"}")->data.size(), kChannelDataBytesMax);
  const auto over = Parse("dashboard", head + longest + "x\"}");
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().status, 413U);
  EXPECT_EQ(over.error().detail, "the event has 65537 bytes; at most 65536");
}

}  // namespace
}  // namespace livetape::api
