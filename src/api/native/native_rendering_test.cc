#include "api/native/native_rendering.h"

#include <gtest/gtest.h>

#include "api/native/published_value.h"

namespace livetape::api {
namespace {

using Form = NativeRendering::Form;
using std::chrono::milliseconds;

class NativeRenderingTest : public testing::Test {
 protected:
  NativeRendering Make(Form form) {
    return NativeRendering(clock_,
                           {.head_id = [] { return std::string("3f9c-41"); },
                            .feed_age_ms = [this] { return feed_age_; },
                            .own_state =
                                [](const hub::StateKey& key, std::string_view value,
                                   std::string& json, base::WallTime& time) {
                                  if (key.type == "formless") return;
                                  json = "{\"own\":" + std::string(value) + "}";
                                  time = base::WallTime(milliseconds(5));
                                }},
                           form);
  }
  static std::string Value(std::string_view json) {
    return std::string(
        EncodePublishedValue({.time = base::WallTime(milliseconds(1500)), .json = json}).view());
  }

  base::ManualClock clock_{base::WallTime(milliseconds(1'000'123))};
  std::optional<int64_t> feed_age_ = 12;
  const hub::StateKey key_{"room/7", "reading", "k"};
  std::string out_;
};

TEST_F(NativeRenderingTest, NamesEventsByTheirType) {
  const NativeRendering rendering = Make({});
  rendering.State(key_, Value("[1]"), out_);
  EXPECT_EQ(out_,
            "event: reading\n"
            R"(data: {"topic":"room/7","type":"reading","time":"1970-01-01T00:00:01.500000Z",)"
            "\"key\":\"k\",\"data\":[1]}\n\n");
  out_.clear();
  rendering.Record({.seq = 9,
                    .time = base::WallTime(milliseconds(2)),
                    .topic = "a/b",
                    .type = "message",
                    .data = "\"x\"",
                    .owner = nullptr},
                   "3f9c-9", out_);
  EXPECT_EQ(out_,
            "id: 3f9c-9\nevent: message\n"
            R"(data: {"topic":"a/b","type":"message","time":"1970-01-01T00:00:00.002000Z",)"
            "\"data\":\"x\"}\n\n");
}

TEST_F(NativeRenderingTest, WithoutNamesEveryEventIsUnnamed) {
  const NativeRendering rendering = Make({.named = false, .batch = false});
  rendering.State(key_, Value("1"), out_);
  rendering.Record({.seq = 1, .time = {}, .topic = "a", .type = "t", .data = "1", .owner = nullptr},
                   "e-1", out_);
  rendering.Control("gap", "e-1", "{}", out_);
  rendering.Pulse("e-1", out_);
  rendering.Deleted(key_, out_);
  out_ += rendering.Hello("e-1", "live");
  Make({.named = false, .batch = true}).Batch("", out_);
  EXPECT_EQ(out_.find("event:"), std::string::npos) << out_;
  EXPECT_NE(out_.find("id: e-1\ndata: {}\n\n"), std::string::npos) << out_;
}

TEST_F(NativeRenderingTest, TheServersOwnStateIsWrittenByTheServer) {
  const NativeRendering rendering = Make({});
  for (const auto* topic : {"market/AAPL", "clock/utc"}) {
    out_.clear();
    rendering.State(hub::StateKey(topic, "quote"), "7", out_);
    EXPECT_EQ(out_, "event: quote\ndata: {\"topic\":\"" + std::string(topic) +
                        R"(","type":"quote","time":"1970-01-01T00:00:00.005000Z",)"
                        "\"data\":{\"own\":7}}\n\n");
  }
  out_.clear();
  rendering.State(hub::StateKey("market/AAPL", "formless"), "7", out_);
  EXPECT_EQ(out_, "");
}

TEST_F(NativeRenderingTest, ADeletedKeyHasItsNameAndNoData) {
  Make({}).Deleted(key_, out_);
  EXPECT_EQ(out_,
            "event: reading\n"
            R"(data: {"topic":"room/7","type":"reading","time":"1970-01-01T00:16:40.123000Z",)"
            "\"key\":\"k\",\"data\":null}\n\n");
  out_.clear();
  Make({.named = false}).Deleted(hub::StateKey("room/7", "reading", "a \"b\"\n"), out_);
  EXPECT_NE(out_.find(R"("key":"a \"b\"\n","data":null})"), std::string::npos) << out_;
  out_.clear();
  Make({}).Deleted(hub::StateKey("room/7", "reading"), out_);
  EXPECT_EQ(out_.find("\"key\""), std::string::npos) << out_;
}

TEST_F(NativeRenderingTest, ABatchHoldsTheStateOfAWindow) {
  const NativeRendering rendering = Make({.named = true, .batch = true});
  EXPECT_TRUE(rendering.batches());
  rendering.State(key_, Value("{\"c\":21.50}"), out_);
  out_ += ',';
  rendering.Deleted(key_, out_);
  out_ += ',';
  rendering.State(hub::StateKey("market/A", "quote"), "1", out_);
  EXPECT_EQ(out_, R"(["room/7",{"c":21.50}],["room/7",null],["market/A",{"own":1}])");
  std::string event;
  rendering.Batch(out_, event);
  EXPECT_EQ(event, "event: batch\ndata: {\"t\":1000123,\"u\":[" + out_ + "]}\n\n");
  EXPECT_FALSE(Make({}).batches());
}

TEST_F(NativeRenderingTest, AHeartbeatTellsHowFreshAllIs) {
  Make({}).Pulse("3f9c-40", out_);
  EXPECT_EQ(out_,
            "id: 3f9c-40\nevent: heartbeat\n"
            R"(data: {"server_time":"1970-01-01T00:16:40.123000Z","head":"3f9c-41",)"
            "\"feed_age_ms\":12}\n\n");
  feed_age_.reset();
  out_.clear();
  Make({}).Pulse("3f9c-40", out_);
  EXPECT_NE(out_.find("\"feed_age_ms\":null}"), std::string::npos) << out_;
}

TEST_F(NativeRenderingTest, HelloTellsHowTheStreamResumes) {
  EXPECT_EQ(Make({}).Hello("3f9c-40", "continuous"),
            "id: 3f9c-40\nevent: hello\n"
            R"(data: {"server_time":"1970-01-01T00:16:40.123000Z","head":"3f9c-41",)"
            "\"resume\":\"continuous\"}\n\n");
}

TEST(PublishedValue, ComesBackAsItWas) {
  const base::WallTime time{std::chrono::nanoseconds(-5)};
  const base::SharedBytes bytes = EncodePublishedValue({.time = time, .json = "{}"});
  const PublishedValue value = DecodePublishedValue(bytes.view());
  EXPECT_EQ(value.time, time);
  EXPECT_EQ(value.json, "{}");
}

}  // namespace
}  // namespace livetape::api
