#include "tape/tape_metrics.h"

#include <array>

namespace livetape::tape {
namespace {

constexpr std::array kGroupBounds = {1.0,   2.0,   4.0,   8.0,    16.0,   32.0,  64.0,
                                     128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0};

}  // namespace

TapeMetrics::TapeMetrics(metrics::Registry& metrics)
    : commit_seconds(metrics.AddHistogram("livetape_tape_commit_seconds",
                                          "Time of a commit, with its fsync.",
                                          metrics::TimeBounds())),
      group_records(metrics.AddHistogram("livetape_tape_group_records",
                                         "Records that were committed together.", kGroupBounds)),
      records(metrics.AddCounter("livetape_tape_records_total", "Records committed.")),
      bytes(metrics.AddCounter("livetape_tape_bytes_total", "Bytes of blocks committed.")),
      failed_commits(metrics.AddCounter("livetape_tape_failed_commits_total",
                                        "Commits that the disk did not take, with retries.")),
      not_admitted(metrics.AddCounter("livetape_tape_refused_total",
                                      "Submissions that the tape did not take, by reason.",
                                      "reason=\"not_admitted\"")),
      dropped(metrics.AddCounter("livetape_tape_refused_total",
                                 "Submissions that the tape did not take, by reason.",
                                 "reason=\"dropped\"")),
      trimmed_records(metrics.AddCounter("livetape_tape_trimmed_records_total",
                                         "Records deleted by retention.")),
      head(metrics.AddGauge("livetape_tape_head", "Number of the newest record.")),
      oldest(metrics.AddGauge("livetape_tape_oldest", "Number of the oldest record on disk.")),
      committing(metrics.AddGauge("livetape_tape_committing",
                                  "1 while the disk takes what is written, else 0.")) {}

}  // namespace livetape::tape
