#include "metrics/stage.h"

#include <fmt/format.h>

namespace livetape::metrics {

Stage::Stage(Registry& registry, std::string_view stage)
    : seconds_(registry.AddHistogram(
          "livetape_stage_seconds",
          "Time of an event in a stage: lateness of the source, floor, wait for the hub, sending.",
          TimeBounds(), fmt::format("stage=\"{}\"", stage))) {}

}  // namespace livetape::metrics
