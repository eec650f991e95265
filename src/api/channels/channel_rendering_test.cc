#include "api/channels/channel_rendering.h"

#include <gtest/gtest.h>

#include "api/native/published_value.h"

namespace livetape::api {
namespace {

using std::chrono::milliseconds;

class ChannelRenderingTest : public testing::Test {
 protected:
  base::ManualClock clock_{base::WallTime(milliseconds(61'000))};
  ChannelRendering rendering_{*FindChannel("training"), clock_};
  std::string out_;
};

TEST_F(ChannelRenderingTest, ARecordIsAnEnvelopeWithItsOwnTime) {
  rendering_.Record({.seq = 7,
                     .time = base::WallTime(milliseconds(1500)),
                     .topic = "jobs/training/a",
                     .type = "training_progress",
                     .data = R"({"progress":12.50})",
                     .owner = nullptr},
                    "3f9c-7", out_);
  EXPECT_EQ(out_,
            "id: 3f9c-7\nevent: training_progress\n"
            R"(data: {"event":"training_progress","data":{"progress":12.50},)"
            "\"timestamp\":\"1970-01-01T00:00:01.500000Z\"}\n\n");
}

TEST_F(ChannelRenderingTest, StateHasNoId) {
  const auto value =
      EncodePublishedValue({.time = base::WallTime(milliseconds(2000)), .json = "{\"a\":1}"});
  rendering_.State(hub::StateKey("dashboard/paper", "dashboard_update", "metrics"), value.view(),
                   out_);
  EXPECT_EQ(out_,
            "event: dashboard_update\n"
            R"(data: {"event":"dashboard_update","data":{"a":1},)"
            "\"timestamp\":\"1970-01-01T00:00:02.000000Z\"}\n\n");
}

TEST_F(ChannelRenderingTest, ControlEventsAreInTheEnvelope) {
  rendering_.Control("gap", "3f9c-8", R"({"reason":"expired"})", out_);
  EXPECT_EQ(out_,
            "id: 3f9c-8\nevent: gap\n"
            R"(data: {"event":"gap","data":{"reason":"expired"},)"
            "\"timestamp\":\"1970-01-01T00:01:01.000000Z\"}\n\n");
}

TEST_F(ChannelRenderingTest, APingTellsTheTime) {
  rendering_.Pulse("3f9c-8", out_);
  EXPECT_EQ(out_,
            "id: 3f9c-8\nevent: ping\n"
            "data: {\"event\":\"ping\",\"data\":{\"timestamp\":\"1970-01-01T00:01:01.000000Z\"}}"
            "\n\n");
}

TEST_F(ChannelRenderingTest, ConnectedNamesClientAndChannel) {
  EXPECT_EQ(rendering_.Connected("3f9c-8", "my \"screen\""),
            "id: 3f9c-8\nevent: connected\n"
            R"(data: {"event":"connected","data":{"client_id":"my \"screen\"",)"
            R"("channel":"training","message":"Connected to training channel"},)"
            "\"timestamp\":\"1970-01-01T00:01:01.000000Z\"}\n\n");
}

TEST_F(ChannelRenderingTest, CopiesHaveNoIds) {
  const auto record =
      std::make_shared<const tape::Record>(tape::Record{.seq = 3,
                                                        .time = {},
                                                        .kind = tape::RecordKind::kJob,
                                                        .topic = "jobs/training/a",
                                                        .type = "training_progress",
                                                        .data = "{}"});
  const std::vector<tape::RecordRef> records = {record, record};
  rendering_.Copies(records, out_);
  const std::string one =
      "event: training_progress\n"
      R"(data: {"event":"training_progress","data":{},)"
      "\"timestamp\":\"1970-01-01T00:00:00.000000Z\"}\n\n";
  EXPECT_EQ(out_, one + one);
}

}  // namespace
}  // namespace livetape::api
