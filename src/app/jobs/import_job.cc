#include "app/jobs/import_job.h"

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <stop_token>
#include <system_error>
#include <utility>

#include "api/jobs/import_endpoints.h"
#include "api/jobs/import_request.h"
#include "app/jobs/queue_sink.h"
#include "jobs/import/csv_import.h"
#include "jobs/import/file_bytes.h"
#include "jobs/import/report_json.h"
#include "jobs/rate.h"

namespace livetape::app {
namespace {

using jobs::ImportReport;
using model::JobEnd;

JobEnd EndOf(const ImportReport& report) {
  std::string members;
  jobs::AppendImportReport(members, report);
  JobEnd end{.records = report.imported, .members = "\"report\":{" + members + "}"};
  end.result = "{" + end.members + "}";
  switch (report.outcome) {
    case ImportReport::Outcome::kCompleted:
      end.state = model::JobState::kCompleted;
      end.message =
          fmt::format("{} rows, {} taken, {} not", report.read.rows, report.imported, report.bad());
      break;
    case ImportReport::Outcome::kFailed:
      end.state = model::JobState::kFailed;
      end.message = report.error;
      break;
    case ImportReport::Outcome::kCancelled:
      end.state = model::JobState::kCancelled;
      end.message = fmt::format("cancelled; {} rows that were read stay", report.imported);
      break;
  }
  return end;
}

}  // namespace

JobEnd RunImportJob(jobs::JobContext& context, const ImportGround& ground) {
  const auto request = api::ParseImportRequest(context.job().request);
  if (!request) return JobEnd::Failed("the request cannot be read: " + request.error().detail);
  const std::filesystem::path path = api::ImportFile(ground.files, context.job().id);
  auto file = jobs::FileBytes::Open(path.string());
  if (!file) {
    return JobEnd::Failed("its file is not kept any more; send it again as a new import");
  }
  std::atomic<bool> cancelled = false;
  const std::stop_callback cancel(context.stop(), [&cancelled] { cancelled = true; });
  const jobs::RateMeter meter(ground.clock);
  const uint64_t size = (*file)->size();
  const jobs::ImportHooks hooks{.progress =
                                    [&](const jobs::ImportProgress& progress) {
                                      if (!context.Due()) return;
                                      // How far it is, is told by bytes; how fast, by rows.
                                      jobs::Rate rate = meter.At(progress.rows, std::nullopt);
                                      const jobs::Rate bytes = meter.At(progress.bytes, size);
                                      rate.seconds_left = bytes.seconds_left;
                                      context.Report(bytes.percent, progress.rows,
                                                     jobs::RateText(rate, "rows"),
                                                     jobs::RateMembers(rate, "rows"));
                                    },
                                .cancelled = &cancelled};
  QueueSink sink(ground.bars, ground.instruments, ground.introduce);
  const ImportReport report = jobs::ImportCsv(request->options, **file, sink, hooks);
  if (auto flushed = sink.Flush(); !flushed) return JobEnd::Failed(flushed.error().message);
  // One that was cancelled may be started again.
  if (report.outcome != ImportReport::Outcome::kCancelled) {
    std::error_code ignored;  // it goes when the job is forgotten
    std::filesystem::remove(path, ignored);
  }
  return EndOf(report);
}

}  // namespace livetape::app
