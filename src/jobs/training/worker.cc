#include "jobs/training/worker.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/write_all.h"
#include "jobs/background.h"
#include "jobs/training/booster.h"
#include "jobs/training/worker_protocol.h"

namespace livetape::jobs {
namespace {

constexpr size_t kSamplesPerRead = 4096;

base::Result<void> ReadAll(int fd, std::span<char> to) {
  while (!to.empty()) {
    const ssize_t got = ::read(fd, to.data(), to.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::Fail(fmt::format("the samples cannot be read: errno {}", errno));
    if (got == 0) return base::Fail("the samples end too early");
    to = to.subspan(static_cast<size_t>(got));
  }
  return {};
}

base::Result<WorkerHead> ReadHead(int in) {
  uint32_t size = 0;
  if (auto read = ReadAll(in, {reinterpret_cast<char*>(&size), sizeof size}); !read) {
    return std::unexpected(std::move(read.error()));
  }
  if (size > kWorkerHeadMax) return base::Fail("the head of the samples is too long");
  std::string bytes(size, '\0');
  if (auto read = ReadAll(in, bytes); !read) return std::unexpected(std::move(read.error()));
  return ParseHead(bytes);
}

base::Result<SampleMatrix> ReadSamples(int in, const WorkerHead& head, uint64_t count) {
  SampleMatrix samples{.features = head.features, .rows = {}, .up = {}};
  const size_t columns = head.features.size();
  samples.rows.resize(count * columns);
  samples.up.resize(count);
  const size_t stride = columns * sizeof(float) + 1;
  std::string bytes;
  for (size_t begin = 0; begin < count; begin += kSamplesPerRead) {
    const size_t some = std::min<size_t>(kSamplesPerRead, count - begin);
    bytes.resize(some * stride);
    if (auto read = ReadAll(in, bytes); !read) return std::unexpected(std::move(read.error()));
    for (size_t i = 0; i < some; ++i) {
      const char* const sample = bytes.data() + i * stride;
      std::memcpy(&samples.rows[(begin + i) * columns], sample, stride - 1);
      samples.up[begin + i] = sample[stride - 1] != 0 ? 1.0F : 0.0F;
    }
  }
  return samples;
}

class Boosting {
 public:
  Boosting(int in, int out) : in_(in), out_(out) {}

  base::Result<void> Run() {
    const auto head = ReadHead(in_);
    if (!head) return std::unexpected(head.error());
    auto booster = ReadBooster(*head);
    if (!booster) return std::unexpected(std::move(booster.error()));
    return Boost(*head, *booster);
  }

 private:
  base::Result<Booster> ReadBooster(const WorkerHead& head) {
    const auto training = ReadSamples(in_, head, head.training_samples);
    if (!training) return std::unexpected(training.error());
    const auto validation = ReadSamples(in_, head, head.validation_samples);
    if (!validation) return std::unexpected(validation.error());
    std::string end(kWorkerEnd.size(), '\0');
    if (auto read = ReadAll(in_, end); !read) return std::unexpected(std::move(read.error()));
    if (end != kWorkerEnd) return base::Fail("the samples do not end where they should");
    return Booster::Make(*training, *validation, head.parameters);
  }

  base::Result<void> Boost(const WorkerHead& head, Booster& booster) {
    RoundFigures best;
    uint32_t run = 0;
    const uint32_t patience = head.parameters.early_stopping_rounds;
    while (run < head.rounds) {
      const auto figures = booster.Round();
      if (!figures) return std::unexpected(figures.error());
      ++run;
      if (run == 1 || figures->val_loss < best.val_loss) best = *figures;
      if (base::WriteAll(out_, LineOf(*figures)) != 0) return Unheard();
      if (patience > 0 && run - best.round >= patience) break;
    }
    return Finish(booster, run, best);
  }

  base::Result<void> Finish(const Booster& booster, uint32_t run, const RoundFigures& best) {
    const auto kept = booster.First(best.round);
    if (!kept) return std::unexpected(kept.error());
    auto importance = kept->Importance();
    if (!importance) return std::unexpected(std::move(importance.error()));
    auto trees = kept->Trees();
    if (!trees) return std::unexpected(std::move(trees.error()));
    auto xgboost = kept->Bytes("ubj");
    if (!xgboost) return std::unexpected(std::move(xgboost.error()));
    const std::string bytes = WorkerModelBytes(
        {run, best, *std::move(importance), *std::move(trees), *std::move(xgboost)});
    const std::string said = LineOf(ModelFollows{bytes.size()}) + bytes;
    if (base::WriteAll(out_, said) != 0) return Unheard();
    return {};
  }

  static std::unexpected<base::Error> Unheard() { return base::Fail("nobody reads the figures"); }

  const int in_, out_;
};

// Says it as an error of ours when memory was short, however that came up.
std::string Explained(std::string message, uint32_t memory_mib) {
  if (message.find("bad_alloc") == std::string::npos) return message;
  return fmt::format(
      "out of memory: the training process may use {} MiB; choose fewer bars or a lower max_depth, "
      "or allow more",
      memory_mib);
}

}  // namespace

void MakeWorker(uint32_t memory_mib) {
  MakeBackgroundProcess();
  const rlim_t bytes = rlim_t{memory_mib} << 20U;
  const rlimit memory{bytes, bytes};
  if (kLimitsMemory) ::setrlimit(RLIMIT_DATA, &memory);
}

int RunTrainWorker(int in, int out, uint32_t memory_mib) {
  std::string failure;
  try {
    if (auto run = Boosting(in, out).Run(); run) {
      return 0;
    } else {
      failure = std::move(run.error().message);
    }
  } catch (const std::bad_alloc& fault) {
    failure = fault.what();
  } catch (const std::exception& fault) {
    failure = fmt::format("the training process failed: {}", fault.what());
  }
  base::WriteAll(out, LineOf(WorkerFailure{Explained(std::move(failure), memory_mib)}));
  return 1;
}

}  // namespace livetape::jobs
