// livetape-import-bench FOLDER [ROWS]: what importing a CSV file of ROWS (10,000,000) minutes does on
// the disk of FOLDER, which is made and must not exist. Prints one line a measurement.
//
//   parse      rows read and checked, bars thrown away
//   import     the same into a store that another thread writes
//   again      the same file once more: all bars are there
//   gzip       the same file compressed, into a new store

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/time_text.h"
#include "jobs/import/csv_import.h"
#include "jobs/import/file_bytes.h"
#include "metrics/registry.h"
#include "store/store.h"
#include "store/store_file.h"

namespace {

using namespace livetape;

template <typename Value>
Value Must(base::Result<Value> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}
void Must(const base::Result<void>& result) {
  if (result) return;
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

class NoSink final : public jobs::BarSink {
 public:
  base::Result<void> Take(jobs::BarBatch batch) override {
    bars_ += batch.bars.size();
    return {};
  }
  uint64_t bars() const { return bars_; }

 private:
  uint64_t bars_ = 0;
};

// Hands batches to a thread that writes them, and waits when 16 are on their way.
class StoringSink final : public jobs::BarSink {
 public:
  StoringSink(store::Store& store, const base::Clock& clock)
      : store_(store), clock_(clock), thread_([this] { Run(); }) {}
  ~StoringSink() override {
    if (thread_.joinable()) Finish();
  }

  base::Result<void> Take(jobs::BarBatch batch) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < 16; });
    waiting_.push_back(std::move(batch));
    changed_.notify_all();
    return {};
  }
  // Times of the writes, in seconds, the shortest first.
  std::vector<double> Finish() {
    {
      const std::scoped_lock lock(mutex_);
      finished_ = true;
    }
    changed_.notify_all();
    thread_.join();
    std::sort(took_.begin(), took_.end());
    return took_;
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return !waiting_.empty() || finished_; });
      if (waiting_.empty()) return;
      jobs::BarBatch taken = std::move(waiting_.front());
      waiting_.pop_front();
      changed_.notify_all();
      lock.unlock();
      store::Batch batch;
      batch.bars.push_back({.symbol = std::move(taken.symbol),
                            .timeframe = taken.timeframe,
                            .asset_class = taken.asset_class,
                            .bars = std::move(taken.bars)});
      const auto start = clock_.Mono();
      Must(store_.Write(batch));
      took_.push_back(std::chrono::duration<double>(clock_.Mono() - start).count());
      lock.lock();
    }
  }

  store::Store& store_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<jobs::BarBatch> waiting_;
  bool finished_ = false;
  std::vector<double> took_;
  std::thread thread_;
};

double PeakMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

class Bench {
 public:
  Bench(std::filesystem::path folder, uint64_t rows)
      : folder_(std::move(folder)), rows_(rows), file_((folder_ / "minutes.csv").string()) {}

  // A random walk in cents, volumes of whole shares.
  void MakeFiles() const {
    base::Random random(1);
    std::string text = "timestamp,open,high,low,close,volume\n";
    std::ofstream out(file_, std::ios::binary);
    gzFile zipped = gzopen((file_ + ".gz").c_str(), "wb1");
    base::WallTime time{std::chrono::hours(300'000)};
    int64_t cents = 20'000;
    const auto flush = [&] {
      out.write(text.data(), static_cast<std::streamsize>(text.size()));
      gzwrite(zipped, text.data(), static_cast<unsigned>(text.size()));
      text.clear();
    };
    for (uint64_t i = 0; i < rows_; ++i) {
      const int64_t open = cents;
      cents = std::max<int64_t>(100, cents + static_cast<int64_t>(random.Below(21)) - 10);
      const int64_t high = std::max(open, cents) + static_cast<int64_t>(random.Below(8));
      const int64_t low = std::min(open, cents) - static_cast<int64_t>(random.Below(8));
      const std::string when = base::FormatRfc3339(time);
      fmt::format_to(std::back_inserter(text), "{} {},{}.{:02},{}.{:02},{}.{:02},{}.{:02},{}\n",
                     when.substr(0, 10), when.substr(11, 8), open / 100, open % 100, high / 100,
                     high % 100, low / 100, low % 100, cents / 100, cents % 100,
                     random.Below(100'000));
      time += std::chrono::minutes(1);
      if (text.size() > (1 << 20)) flush();
    }
    flush();
    gzclose(zipped);
    out.close();
    fmt::print("file: {} rows, {:.0f} MB, gzip {:.0f} MB\n", rows_,
               static_cast<double>(std::filesystem::file_size(file_)) / 1e6,
               static_cast<double>(std::filesystem::file_size(file_ + ".gz")) / 1e6);
  }

  void MeasureParse() {
    NoSink sink;
    const auto start = clock_.Mono();
    Import(file_, sink);
    Print("parse", start);
  }

  void MeasureImport(const std::string& name, const std::string& file, const std::string& store) {
    auto opened = Must(store::Store::Open({.folder = folder_ / store, .vfs = ""}, metrics_));
    StoringSink sink(*opened, clock_);
    const auto start = clock_.Mono();
    Import(file, sink);
    const std::vector<double> took = sink.Finish();
    Print(name, start);
    const auto bytes = std::filesystem::file_size(store::StoreFile(folder_ / store));
    fmt::print("  a batch {:.2f} ms, p99 {:.2f} ms, the longest {:.1f} ms; store {:.0f} MB\n",
               took[took.size() / 2] * 1e3, took[took.size() * 99 / 100] * 1e3, took.back() * 1e3,
               static_cast<double>(bytes) / 1e6);
    store::Reader reader(Must(store::OpenToRead(store::StoreFile(folder_ / store), "")));
    const auto read = clock_.Mono();
    const auto series = Must(reader.OneBarSeries("BENCH", model::Timeframe::k1m));
    if (!series || series->bars != rows_) {
      fmt::print(stderr, "the store has {} bars\n", series ? series->bars : 0);
      std::exit(1);
    }
    fmt::print("  what there is: {:.2f} ms\n", Seconds(read) * 1e3);
    MeasureRead(reader);
  }

  const std::string& file() const { return file_; }

 private:
  void MeasureRead(store::Reader& reader) {
    store::BarQuery query{
        .symbol = "BENCH", .timeframe = model::Timeframe::k1m, .newest = false, .limit = 100'000};
    const auto start = clock_.Mono();
    uint64_t bars = 0;
    for (;;) {
      const auto page = Must(reader.Bars(query));
      bars += page.size();
      if (page.size() < query.limit) break;
      query.from = page.back().start + std::chrono::nanoseconds(1);
    }
    const double took = Seconds(start);
    fmt::print("  read back: {:.1f} M bars/s ({} bars)\n", static_cast<double>(bars) / took / 1e6,
               bars);
  }

  void Import(const std::string& file, jobs::BarSink& sink) {
    const auto source = Must(jobs::FileBytes::Open(file));
    const jobs::ImportReport report =
        jobs::ImportCsv({.symbol = "BENCH", .timeframe = model::Timeframe::k1m}, *source, sink);
    if (report.imported == rows_ && report.bad() == 0) return;
    fmt::print(stderr, "{} rows imported, {} bad; {}\n", report.imported, report.bad(),
               report.error);
    std::exit(1);
  }
  void Print(const std::string& name, base::MonoTime start) const {
    const double took = Seconds(start);
    fmt::print("{}: {:.2f} M rows/s ({:.1f} s); peak memory {:.0f} MB\n", name,
               static_cast<double>(rows_) / took / 1e6, took, PeakMegabytes());
  }
  double Seconds(base::MonoTime began) const {
    return std::chrono::duration<double>(clock_.Mono() - began).count();
  }

  const std::filesystem::path folder_;
  const uint64_t rows_;
  const std::string file_;
  const base::RealClock clock_;
  metrics::Registry metrics_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || std::filesystem::exists(argv[1])) {
    fmt::print(stderr, "usage: livetape-import-bench FOLDER (which does not exist yet) [ROWS]\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::filesystem::create_directories(argv[1]);
  Bench bench(argv[1], argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000);
  bench.MakeFiles();
  bench.MeasureParse();
  bench.MeasureImport("import", bench.file(), "store");
  bench.MeasureImport("again", bench.file(), "store");
  bench.MeasureImport("gzip", bench.file() + ".gz", "zipped");
  return 0;
}
