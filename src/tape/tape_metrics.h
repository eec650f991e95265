#pragma once

// TapeMetrics: what the tape's thread counts. The registry outlives it.

#include "metrics/registry.h"

namespace livetape::tape {

struct TapeMetrics {
  explicit TapeMetrics(metrics::Registry& metrics);

  metrics::Histogram &commit_seconds, &group_records;
  metrics::Counter &records, &bytes, &failed_commits, &not_admitted, &dropped;
  metrics::Counter& trimmed_records;
  metrics::Gauge &head, &oldest, &committing;
};

}  // namespace livetape::tape
