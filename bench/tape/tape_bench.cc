// livetape-tape-bench FOLDER: what the tape alone does on the disk of FOLDER, which is made and must
// not exist. Prints one line a measurement.
//
//   fsync              time of a sync after 8 KiB, the floor under each commit
//   publish            64 submissions in flight, one record each, then the same with 10,000 records
//   open               a clean start with 1,000,000 records of 200 bytes in groups of 64

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "metrics/registry.h"
#include "tape/tape.h"

namespace {

using namespace livetape;

class Bench {
 public:
  explicit Bench(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void MeasureSync() {
    const auto path = folder_ / "sync";
    const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
    const std::string bytes(8192, 'x');
    std::vector<double> times;
    for (int i = 0; i < 300; ++i) {
      if (::write(fd, bytes.data(), bytes.size()) < 0) return;
      const auto began = clock_.Mono();
      ::fsync(fd);
      times.push_back(Seconds(began));
    }
    ::close(fd);
    std::sort(times.begin(), times.end());
    fmt::print("fsync of 8 KiB: median {:.3f} ms, p99 {:.3f} ms\n", times[150] * 1e3,
               times[297] * 1e3);
  }

  // Keeps `in_flight` submissions of `count` records of `size` bytes under way.
  void MeasurePublish(const std::string& name, size_t in_flight, size_t count, size_t size,
                      uint64_t total) {
    auto tape = Open(name);
    tape->Start();
    const auto began = clock_.Mono();
    for (uint64_t sent = 0; sent < total; sent += count) {
      std::unique_ptr<tape::Submission> submission = std::make_unique<Flying>(*this);
      for (size_t i = 0; i < count; ++i) {
        submission->records.push_back(
            {.topic = "sensors/hall-3", .type = "reading", .data = std::string(size - 21, 'x')});
      }
      std::unique_lock lock(mutex_);
      landed_.wait(lock, [&] { return flying_ < in_flight; });
      ++flying_;
      lock.unlock();
      while (tape->Submit(submission)) {
        std::unique_lock full(mutex_);
        landed_.wait_for(full, std::chrono::milliseconds(1));
      }
    }
    std::unique_lock lock(mutex_);
    landed_.wait(lock, [&] { return flying_ == 0; });
    lock.unlock();
    const double seconds = Seconds(began);
    fmt::print("{}: {} records in {:.2f} s, {:.0f} records/s\n", name, total, seconds,
               static_cast<double>(total) / seconds);
  }

  void MeasureOpen() {
    constexpr uint64_t kRecords = 1'000'000;
    {
      auto tape = Open("open");
      for (uint64_t sent = 0; sent < kRecords; sent += 64) {
        std::unique_ptr<tape::Submission> submission = std::make_unique<Flying>(*this);
        for (int i = 0; i < 64; ++i) {
          submission->records.push_back(
              {.topic = "sensors/hall-3", .type = "reading", .data = std::string(179, 'x')});
        }
        ++flying_;
        (void)tape->Submit(submission);
        tape->DoWork();
      }
    }
    for (int i = 0; i < 3; ++i) {
      const auto began = clock_.Mono();
      auto tape = Open("open");
      fmt::print("open with {} records: {:.0f} ms\n", tape->head(), Seconds(began) * 1e3);
    }
  }

 private:
  class Flying : public tape::Submission {
   public:
    explicit Flying(Bench& bench) : bench_(bench) {}
    void OnCommitted(uint64_t, base::WallTime) override { bench_.Land(); }
    void OnRefused(tape::Refusal) override { bench_.Land(); }

   private:
    Bench& bench_;
  };

  void Land() {
    const std::scoped_lock lock(mutex_);
    --flying_;
    landed_.notify_one();
  }
  double Seconds(base::MonoTime began) const {
    return std::chrono::duration<double>(clock_.Mono() - began).count();
  }
  std::unique_ptr<tape::Tape> Open(const std::string& name) {
    tape::Tape::Options options;
    options.folder = folder_ / name;
    auto tape = tape::Tape::Open(options, clock_, base::Random(1), metrics_, log_);
    if (tape) return *std::move(tape);
    fmt::print(stderr, "{}\n", tape.error().message);
    std::exit(1);
  }

  const std::filesystem::path folder_;
  const base::RealClock clock_;
  metrics::Registry metrics_;
  base::Log log_{base::LogLevel::kWarning, base::LogFormat::kText};
  std::mutex mutex_;
  std::condition_variable landed_;
  size_t flying_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || std::filesystem::exists(argv[1])) {
    fmt::print(stderr, "usage: livetape-tape-bench FOLDER (which does not exist yet)\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::filesystem::create_directories(argv[1]);
  Bench bench(argv[1]);
  bench.MeasureSync();
  bench.MeasurePublish("one publisher of 200 B", 1, 1, 200, 2'000);
  bench.MeasurePublish("64 publishers of 64 B", 64, 1, 64, 200'000);
  bench.MeasurePublish("64 publishers of 256 B", 64, 1, 256, 200'000);
  bench.MeasurePublish("4 times 10,000 records of 64 B", 4, 10'000, 64, 2'000'000);
  bench.MeasurePublish("4 times 10,000 records of 256 B", 4, 10'000, 256, 2'000'000);
  bench.MeasureOpen();
  return 0;
}
