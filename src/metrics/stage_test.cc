#include "metrics/stage.h"

#include <gtest/gtest.h>

namespace livetape::metrics {
namespace {

using namespace std::chrono_literals;

TEST(Stage, IsAHistogramWithALabelForEach) {
  Registry registry;
  Stage source(registry, "source");
  Stage send(registry, "send");
  source.Observe(20us);
  send.Observe(3ms);
  send.Observe(-1ns);
  const std::string text = registry.Text();
  for (const std::string_view line :
       {R"(livetape_stage_seconds_bucket{stage="source",le="1e-05"} 0)",
        R"(livetape_stage_seconds_bucket{stage="source",le="2.5e-05"} 1)",
        R"(livetape_stage_seconds_bucket{stage="send",le="1e-05"} 1)",
        R"(livetape_stage_seconds_bucket{stage="send",le="0.005"} 2)",
        R"(livetape_stage_seconds_count{stage="send"} 2)"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

}  // namespace
}  // namespace livetape::metrics
