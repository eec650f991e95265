#include "app/jobs/job_center.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "api/jobs/backtest_endpoints.h"
#include "api/jobs/import_endpoints.h"
#include "api/jobs/job_endpoints.h"
#include "api/jobs/job_event.h"
#include "api/jobs/training_endpoints.h"
#include "app/jobs/process/job_process.h"
#include "app/jobs/stored_models.h"
#include "base/disk_room.h"
#include "base/uuid.h"
#include "jobs/training/model_file.h"

namespace livetape::app {
namespace {

size_t Processors() { return std::max<size_t>(1, std::thread::hardware_concurrency()); }

jobs::JobPool::Options PoolOptions(const config::JobsConfig& config) {
  return {.workers = config.workers > 0 ? config.workers : Processors(), .queue_max = config.queue};
}

}  // namespace

base::Result<std::unique_ptr<JobCenter>> JobCenter::Open(const Ground& ground,
                                                         base::Random random) {
  const std::filesystem::path folder = ground.server.config.server.data_dir;
  auto books = store::JobBooks::Open(folder);
  if (!books) return std::unexpected(std::move(books.error()));
  auto spool = api::BodySpool::Open(folder / "spool", ground.server.config.limits.import_bytes,
                                    ground.loops);
  if (!spool) return std::unexpected(std::move(spool.error()));
  std::unique_ptr<JobCenter> center(
      new JobCenter(ground, *std::move(books), *std::move(spool), random));
  auto jobs = center->registry_.Recover();
  if (!jobs) return std::unexpected(std::move(jobs.error()));
  if (auto removed = RemoveUploads(UploadsFolder(center->job_ground_.folder), *jobs); !removed) {
    return std::unexpected(std::move(removed.error()));
  }
  center->pool_.Restore(*std::move(jobs));
  return center;
}

JobCenter::JobCenter(const Ground& ground, std::unique_ptr<store::JobBooks> books,
                     std::unique_ptr<api::BodySpool> spool, base::Random random)
    : ground_(ground),
      job_ground_{.folder = ground.server.config.server.data_dir,
                  .clock = ground.server.clock,
                  .threads = Processors(),
                  .hours = ground.server.config.market.hours == config::MarketHours::kExchange
                               ? market::Hours::kExchange
                               : market::Hours::kAlways},
      import_ground_{.bars = ground.bars,
                     .instruments = ground.server.instruments,
                     .introduce = ground.introduce,
                     .room = [this] { return base::CheckRoom(job_ground_.folder); }},
      random_(random),
      registry_({.books = std::move(books),
                 .publisher = ground.server.publisher,
                 .loops = ground.loops,
                 .log = ground.log,
                 .kept =
                     [this](const model::Job& job, const model::JobEnd* end) {
                       RemoveModel(job);
                       // An import without a result may be tried again.
                       if (end == nullptr || end->result.empty()) return;
                       RemoveUpload(UploadsFolder(job_ground_.folder), job);
                     },
                 .forgotten =
                     [this](const model::Job& job) {
                       RemoveUpload(UploadsFolder(job_ground_.folder), job);
                     },
                 .room = [this] { return base::CheckRoom(job_ground_.folder); }},
                ground.metrics),
      pool_(
          PoolOptions(ground.server.config.jobs),
          [this](jobs::JobContext& context) { return Work(context); }, registry_,
          ground.server.clock),
      backend_{.server = ground.server,
               .pool = pool_,
               .reads = registry_,
               .read_store =
                   [this](std::move_only_function<void(store::Reader&)> query) {
                     return ground_.store.Read(std::move(query));
                   },
               .new_id = [this] { return NewId(); },
               .mailbox = [this](size_t loop) -> api::Mailbox& { return *ground_.loops[loop]; }},
      spool_(std::move(spool)) {}

void JobCenter::AddEndpoints(http::Router& router) {
  api::AddJobs(router, backend_);
  api::AddBacktests(
      router, backend_,
      [folder = job_ground_.folder](const jobs::BacktestRequest& request,
                                    const jobs::CheckedBacktest& checked, store::Reader& reader) {
        return CheckModel(folder, request, checked, reader);
      });
  api::AddTrainings(router, backend_);
  api::AddImports(router, backend_, *spool_, UploadsFolder(job_ground_.folder));
}

void JobCenter::Start() {
  registry_.Start();
  pool_.Start();
  registry_.Settle();
}

void JobCenter::Stop() {
  pool_.Stop();
  registry_.Stop();
}

model::JobEnd JobCenter::Work(jobs::JobContext& context) const {
  if (context.job().kind == model::JobKind::kImport) {
    return StoreImport(context, job_ground_, import_ground_);
  }
  return RunInProcess(context, job_ground_,
                      [](const jobs::BarBatch&) { return base::Fail("bars, and no import"); });
}

// The model of a training is that of its last run, if that has completed. A run writes it before its
// end is kept, so while one runs it is left alone.
void JobCenter::RemoveModel(const model::Job& job) {
  using enum model::JobState;
  if (job.kind != model::JobKind::kTraining || job.state == kRunning || job.state == kCompleted) {
    return;
  }
  std::error_code error;
  std::filesystem::remove(jobs::ModelFile(job_ground_.folder, job.id), error);
  if (error) ground_.log.Warning("the model of training {} stays: {}", job.id, error.message());
}

bool JobCenter::Owns(std::string_view topic) const {
  const size_t slash = std::min(topic.rfind('/'), topic.size());
  const std::string id(topic.substr(std::min(slash + 1, topic.size())));
  for (const auto kind :
       {model::JobKind::kBacktest, model::JobKind::kTraining, model::JobKind::kImport}) {
    if (topic.substr(0, slash) == api::TopicOf(kind)) return pool_.Knows(kind, id);
  }
  return false;
}

std::string JobCenter::NewId() {
  const std::scoped_lock lock(random_mutex_);
  return base::RandomUuid(random_);
}

}  // namespace livetape::app
