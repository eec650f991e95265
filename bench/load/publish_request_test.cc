#include "load/publish_request.h"

#include <gtest/gtest.h>

#include <set>

#include "base/time_text.h"
#include "load/send_time.h"

namespace livetape::bench {
namespace {

RequestShape Shape(size_t records, size_t topics, size_t record_bytes = 150) {
  return {.path = "/publish",
          .host = "127.0.0.1:1",
          .records = records,
          .record_bytes = record_bytes,
          .topic = "bench/live",
          .topics = topics};
}

std::string BodyOf(const PublishRequest& request) {
  return request.text.substr(request.text.find("\r\n\r\n") + 4);
}

std::string TopicOf(const std::string& record) {
  const size_t start = record.find("\"topic\":\"") + 9;
  return record.substr(start, record.find('"', start) - start);
}

TEST(PublishRequest, OneRecordIsAnObjectOfTheWantedSize) {
  const auto requests = MakeRequests(Shape(1, 1));
  ASSERT_EQ(requests.size(), 1U);
  const std::string body = BodyOf(requests[0]);
  EXPECT_EQ(body.size(), 150U);
  EXPECT_EQ(TopicOf(body), "bench/live");
  EXPECT_TRUE(body.ends_with("\"}}")) << body;
  EXPECT_NE(requests[0].text.find("Content-Type: application/json\r\nContent-Length: 150\r\n"),
            std::string::npos)
      << requests[0].text;
}

TEST(PublishRequest, WithoutRoomForPaddingThereIsNone) {
  const std::string body = BodyOf(MakeRequests(Shape(1, 1, 0))[0]);
  EXPECT_EQ(body, R"({"topic":"bench/live","data":{"price":187.34,)"
                  R"("timestamp":"1970-01-01T00:00:00.000000Z"}})");
}

TEST(PublishRequest, SeveralTopicsAreTakenInTurn) {
  std::set<std::string> topics;
  for (const PublishRequest& request : MakeRequests(Shape(1, 300))) {
    topics.insert(TopicOf(BodyOf(request)));
  }
  EXPECT_EQ(topics.size(), 300U);
  EXPECT_TRUE(topics.contains("bench/live-299"));
}

TEST(PublishRequest, RandomTopicsAreTheSameInEachRunButInNoOrder) {
  RequestShape shape = Shape(100, 50);
  shape.random_topics = true;
  const auto requests = MakeRequests(shape);
  EXPECT_EQ(requests.size(), 1000U);
  EXPECT_EQ(requests[7].text, MakeRequests(shape)[7].text);
  std::string body = BodyOf(requests[0]);
  std::set<std::string> topics;
  size_t in_turn = 0, last = 0;
  for (size_t end; (end = body.find('\n')) != body.npos; body.erase(0, end + 1)) {
    const std::string topic = TopicOf(body);
    const size_t number = std::stoul(topic.substr(topic.rfind('-') + 1));
    EXPECT_LT(number, 50U);
    in_turn += number == last + 1 ? 1 : 0;
    last = number;
    topics.insert(topic);
  }
  EXPECT_GT(topics.size(), 30U);
  EXPECT_LT(in_turn, 20U);
}

TEST(PublishRequest, ManyRecordsAreLines) {
  const auto requests = MakeRequests(Shape(1000, 300, 120));
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].records, 1000U);
  EXPECT_NE(requests[0].text.find("Content-Type: application/x-ndjson\r\n"), std::string::npos);
  std::string body = BodyOf(requests[0]);
  size_t lines = 1;
  for (size_t end; (end = body.find('\n')) != body.npos; body.erase(0, end + 1)) {
    EXPECT_EQ(end, 120U) << body.substr(0, end);
    ++lines;
  }
  EXPECT_EQ(lines, 1000U);
}

TEST(PublishRequest, CarriesItsNumber) {
  PublishRequest request;
  request.text = PostText("/a", "b:1", "", R"({"n":"000000000"})");
  request.serial_at = request.text.size() - kSerialDigits - 2;
  Number(request, 1234);
  EXPECT_EQ(BodyOf(request), R"({"n":"000001234"})");
  Number(request, 5'000'000'007);
  EXPECT_EQ(BodyOf(request), R"({"n":"000000007"})");
}

TEST(PublishRequest, CarriesTheTimeOfSending) {
  auto requests = MakeRequests(Shape(1, 2));
  const size_t size = requests[1].text.size();
  Stamp(requests[1], *base::ParseRfc3339("2026-11-20T15:04:05.123456Z"));
  EXPECT_EQ(requests[1].text.size(), size);
  EXPECT_EQ(SendTimeReader().Read(requests[1].text), 1795187045123456);
}

}  // namespace
}  // namespace livetape::bench
