#include "market/line_report.h"

namespace livetape::market {

void LineReport::Skipped(uint64_t line, std::string_view reason) {
  if (finished_) return;
  if (++skipped_ > kReportedLinesMax || log_ == nullptr) return;
  log_->Warning("{}:{}: skipped: {}", path_, line, reason);
  if (skipped_ == kReportedLinesMax) {
    log_->Warning("{}: further malformed lines are only counted", path_);
  }
}

void LineReport::Noticed(uint64_t line, std::string_view what) {
  if (finished_) return;
  if (++noticed_ > kReportedLinesMax || log_ == nullptr) return;
  log_->Warning("{}:{}: {}", path_, line, what);
}

void LineReport::Finish() {
  if (finished_) return;
  finished_ = true;
  if (log_ == nullptr) return;
  if (skipped_ > 0) {
    log_->Warning("{}: {} malformed line{} skipped", path_, skipped_, skipped_ == 1 ? "" : "s");
  }
  if (noticed_ > kReportedLinesMax) {
    log_->Warning("{}: {} notices, the first {} shown", path_, noticed_, kReportedLinesMax);
  }
}

}  // namespace livetape::market
