#include "metrics/registry.h"

#include <gtest/gtest.h>

#include <array>

namespace livetape::metrics {
namespace {

TEST(Registry, CellsOfOneNameAndLabelsAreSummed) {
  Registry registry;
  Counter& first = registry.AddCounter("sends_total", "Sends.", "loop=\"0\"");
  Counter& second = registry.AddCounter("sends_total", "Sends.", "loop=\"0\"");
  Counter& other = registry.AddCounter("sends_total", "Sends.", "loop=\"1\"");
  first.Add(2);
  second.Add(3);
  other.Add();
  EXPECT_EQ(registry.Text(),
            "# HELP sends_total Sends.\n# TYPE sends_total counter\n"
            "sends_total{loop=\"0\"} 5\nsends_total{loop=\"1\"} 1\n");
}

TEST(Registry, GaugesGoUpAndDown) {
  Registry registry;
  Gauge& gauge = registry.AddGauge("open", "Open streams.");
  gauge.Add(5);
  gauge.Add(-7);
  EXPECT_NE(registry.Text().find("# TYPE open gauge\nopen -2\n"), std::string::npos);
}

TEST(Registry, ComputedIsACounterByItsName) {
  Registry registry;
  registry.AddComputed("lines_total", "Lines.", [] { return 4.0; });
  registry.AddComputed("depth", "Depth.", [] { return 1.5; });
  EXPECT_EQ(registry.Text(),
            "# HELP depth Depth.\n# TYPE depth gauge\ndepth 1.5\n"
            "# HELP lines_total Lines.\n# TYPE lines_total counter\nlines_total 4\n");
}

TEST(Histogram, BucketsAreCumulativeAndBoundsInclusive) {
  Registry registry;
  constexpr std::array kBounds = {0.1, 1.0};
  Histogram& histogram = registry.AddHistogram("t_seconds", "T.", kBounds);
  for (const double value : {0.1, 0.5, 1.0, 3.0}) histogram.Observe(value);
  EXPECT_EQ(registry.Text(),
            "# HELP t_seconds T.\n# TYPE t_seconds histogram\n"
            "t_seconds_bucket{le=\"0.1\"} 1\nt_seconds_bucket{le=\"1\"} 3\n"
            "t_seconds_bucket{le=\"+Inf\"} 4\nt_seconds_sum 4.6\nt_seconds_count 4\n");
}

}  // namespace
}  // namespace livetape::metrics
