#include "app/jobs/job_center.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "api/jobs/backtest_endpoints.h"
#include "api/jobs/import_endpoints.h"
#include "api/jobs/job_endpoints.h"
#include "api/jobs/training_endpoints.h"
#include "app/jobs/backtest_job.h"
#include "app/jobs/training_job.h"
#include "base/assert.h"
#include "base/private_folder.h"
#include "base/uuid.h"

namespace livetape::app {
namespace {

constexpr const char* kImportFolder = "imports";  // in the data folder

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
  auto spool = api::BodySpool::Open(folder / "spool", 0, ground.loops);
  if (!spool) return std::unexpected(std::move(spool.error()));
  if (auto made = base::MakePrivateFolder(folder / kImportFolder); !made) {
    return std::unexpected(std::move(made.error()));
  }
  std::unique_ptr<JobCenter> center(
      new JobCenter(ground, *std::move(books), *std::move(spool), random));
  auto jobs = center->registry_.Recover();
  if (!jobs) return std::unexpected(std::move(jobs.error()));
  if (auto removed = center->RemoveStrayFiles(*jobs); !removed) {
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
                  .threads = Processors()},
      imports_{.files = job_ground_.folder / kImportFolder,
               .clock = ground.server.clock,
               .bars = ground.bars,
               .instruments = ground.server.instruments,
               .introduce = ground.introduce},
      random_(random),
      registry_({.books = std::move(books),
                 .publisher = ground.server.publisher,
                 .loops = ground.loops,
                 .log = ground.log},
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
  api::AddBacktests(router, backend_);
  api::AddTrainings(router, backend_);
  api::AddImports(router, backend_, *spool_, imports_.files);
}

void JobCenter::Start() {
  registry_.Start();
  pool_.Start();
}

void JobCenter::Stop() {
  pool_.Stop();
  registry_.Stop();
}

model::JobEnd JobCenter::Work(jobs::JobContext& context) const {
  switch (context.job().kind) {
    case model::JobKind::kBacktest:
      return RunBacktestJob(context, job_ground_);
    case model::JobKind::kTraining:
      return RunTrainingJob(context, job_ground_);
    case model::JobKind::kImport:
      return RunImportJob(context, imports_);
  }
  LT_ASSERT(false, "a job of kind {}", static_cast<int>(context.job().kind));
}

base::Result<void> JobCenter::RemoveStrayFiles(const std::vector<model::Job>& jobs) const {
  std::set<std::filesystem::path> wanted;
  for (const model::Job& job : jobs) wanted.insert(api::ImportFile(imports_.files, job.id));
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(imports_.files, error)) {
    if (!wanted.contains(file.path())) std::filesystem::remove(file.path(), error);
    if (error) break;
  }
  if (!error) return {};
  return base::Fail(fmt::format("{}: files of imports that are gone cannot be removed: {}",
                                imports_.files.string(), error.message()));
}

std::string JobCenter::NewId() {
  const std::scoped_lock lock(random_mutex_);
  return base::RandomUuid(random_);
}

}  // namespace livetape::app
