#include "app/jobs/import_job.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "app/jobs/process/job_process.h"
#include "app/jobs/queue_sink.h"
#include "base/private_folder.h"
#include "jobs/import/csv_import.h"
#include "jobs/import/file_bytes.h"
#include "jobs/import/lean_name.h"
#include "jobs/import/report_json.h"
#include "jobs/import/zip_archive.h"
#include "jobs/rate.h"

namespace livetape::app {
namespace {

using jobs::ImportReport;
using model::JobEnd;

struct ImportRequest {
  jobs::ImportOptions options;
  std::string upload;
  uint64_t bytes = 0;  // of it
};

std::string TextOf(const boost::json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

// As api/jobs/import_endpoints.cc writes it.
std::optional<ImportRequest> Read(const model::Job& job) {
  boost::json::error_code fault;
  const auto value = boost::json::parse(job.request, fault);
  if (fault || !value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  const auto timeframe = model::ParseTimeframe(TextOf(object, "timeframe"));
  const auto format = jobs::ParseCsvFormat(TextOf(object, "format"));
  ImportRequest request{.options = {.symbol = TextOf(object, "symbol")},
                        .upload = TextOf(object, "upload")};
  const auto* const bytes = object.if_contains("bytes");
  if (!timeframe || !format || request.upload.empty() || bytes == nullptr) return std::nullopt;
  request.bytes = bytes->to_number<uint64_t>(fault);
  if (fault) return std::nullopt;
  request.options.timeframe = *timeframe;
  request.options.format = *format;
  const bool crypto = TextOf(object, "asset_class") == model::Name(model::AssetClass::kCrypto);
  request.options.asset_class = crypto ? model::AssetClass::kCrypto : model::AssetClass::kUsEquity;
  request.options.day = jobs::ParseDay(TextOf(object, "day"));
  if (!request.options.day) {
    request.options.day = jobs::ParseLeanName(TextOf(object, "file_name")).day;
  }
  return request;
}

// The report is kept of failed ones too: it says why.
JobEnd EndOf(const ImportReport& report) {
  std::string text = "\"report\":{";
  jobs::AppendImportReport(text, report);
  text += '}';
  const bool completed = report.outcome == ImportReport::Outcome::kCompleted;
  return {.state = completed ? model::JobState::kCompleted : model::JobState::kFailed,
          .message = completed ? fmt::format("{} rows taken, {} not", report.imported, report.bad())
                               : report.error,
          .records = report.imported,
          .members = text,
          .result = "{" + text + "}"};
}

}  // namespace

std::filesystem::path UploadsFolder(const std::filesystem::path& data_folder) {
  return data_folder / "uploads";
}

JobEnd RunImportJob(jobs::JobContext& context, const JobGround& ground, jobs::BarSink& sink) {
  const auto request = Read(context.job());
  if (!request) return JobEnd::Failed("the request cannot be read");
  const std::string path = (UploadsFolder(ground.folder) / request->upload).string();
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return JobEnd::Failed("the file went when it had been read: send it again");
  }
  // It is synced before the job is taken. If it is cut off all the same, what is left of it would pass
  // for the whole.
  const uint64_t left = std::filesystem::file_size(path, ignored);
  if (left != request->bytes) {
    std::filesystem::remove(path, ignored);
    return JobEnd::Failed(
        fmt::format("of the {} bytes that were sent the disk has {} left: send the file again",
                    request->bytes, left));
  }
  const auto file = jobs::FileBytes::Open(path);
  if (!file) return JobEnd::Failed(file.error().message);
  const auto first = (*file)->Peek(jobs::ZipArchive::kMagicBytes);
  if (!first) return JobEnd::Failed(first.error().message);
  if (jobs::ZipArchive::Begins(*first)) {
    std::filesystem::remove(path, ignored);
    return JobEnd::Failed("zip archives are for `livetape import`: send the file in it");
  }
  const jobs::RateMeter meter(ground.clock);
  const jobs::ImportHooks hooks{.progress = [&](const jobs::ImportProgress& progress) {
    if (!context.Due()) return;
    const jobs::Rate bytes = meter.At(progress.bytes, (*file)->size());
    jobs::Rate rows = meter.At(progress.rows, std::nullopt);
    rows.seconds_left = bytes.seconds_left;
    context.Report(bytes.percent, progress.rows, jobs::RateText(rows, "rows"),
                   jobs::RateMembers(rows, "rows"));
  }};
  return EndOf(jobs::ImportCsv(request->options, **file, sink, hooks));
}

JobEnd StoreImport(jobs::JobContext& context, const JobGround& ground, const ImportGround& import) {
  QueueSink sink(import.bars, import.instruments, import.introduce, import.room);
  JobEnd end = RunInProcess(context, ground,
                            [&sink](jobs::BarBatch bars) { return sink.Take(std::move(bars)); });
  // Its file takes some of the room that the disk has not.
  if (sink.full()) RemoveUpload(UploadsFolder(ground.folder), context.job());
  if (end.result.empty()) return end;
  if (auto flushed = sink.Flush(); !flushed) return JobEnd::Failed(flushed.error().message);
  return end;
}

// One that cannot be removed goes at the next start.
void RemoveUpload(const std::filesystem::path& uploads, const model::Job& job) {
  if (job.kind != model::JobKind::kImport) return;
  std::error_code ignored;
  if (const auto request = Read(job)) std::filesystem::remove(uploads / request->upload, ignored);
}

base::Result<void> RemoveUploads(const std::filesystem::path& uploads,
                                 const std::vector<model::Job>& jobs) {
  if (auto made = base::MakePrivateFolder(uploads); !made) return made;
  std::set<std::string> wanted;
  for (const model::Job& job : jobs) {
    if (job.kind != model::JobKind::kImport || !job.result.empty()) continue;
    if (const auto request = Read(job)) wanted.insert(request->upload);
  }
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(uploads, error)) {
    if (!wanted.contains(entry.path().filename().string())) {
      std::filesystem::remove(entry.path(), error);
    }
    if (error) break;
  }
  if (!error) return {};
  return base::Fail(fmt::format("{}: files of imports that are over cannot be removed: {}",
                                uploads.string(), error.message()));
}

}  // namespace livetape::app
