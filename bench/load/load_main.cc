// livetape-load: subscribers in great number, and what the server did for them.

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "load/load_options.h"
#include "load/load_report.h"
#include "load/process_cost.h"
#include "load/record_watch.h"
#include "load/state_watch.h"

namespace livetape::bench {
namespace {

using std::chrono::milliseconds;

double InSeconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

// What is read at both ends of the measurement; the differences are the result.
struct Mark {
  base::MonoTime time;
  std::chrono::nanoseconds server_cpu{0}, load_cpu{0};
  FleetCounts counts;
};

class Run {
 public:
  Run(const LoadOptions& options, const base::Clock& clock, Fleet& fleet, DeliveryTally& tally,
      RecordWatch* records)
      : options_(options), clock_(clock), fleet_(fleet), tally_(tally), records_(records) {}

  base::Result<LoadReport> Do() {
    report_.subscribers = options_.plan.subscribers;
    report_.one_topic = options_.one_topic;
    report_.records = options_.records;
    if (auto done = ConnectAndSettle(); !done) return std::unexpected(done.error());
    if (options_.measure.count() > 0 && !fleet_.stopped()) {
      if (auto done = Measure(); !done) return std::unexpected(done.error());
    }
    if (fleet_.stopped()) return base::Fail("stopped by a signal");
    return report_;
  }

 private:
  base::Result<void> ConnectAndSettle() {
    if (auto read = ReadResident(report_.resident_before); !read) return read;
    const base::MonoTime start = clock_.Mono();
    if (auto done = fleet_.Connect(options_.connect_timeout); !done) return done;
    report_.connect_s = InSeconds(clock_.Mono() - start);
    fmt::print("{{\"phase\":\"connected\",\"connect_s\":{:.6f}}}\n", report_.connect_s);
    std::fflush(stdout);
    if (auto done = fleet_.RunUntil(clock_.Mono() + options_.settle); !done) return done;
    return ReadResident(report_.resident_idle);
  }

  base::Result<void> Measure() {
    if (auto done = fleet_.RunUntil(clock_.Mono() + options_.warm_up); !done) return done;
    const auto begin = Quiesce();
    if (!begin) return std::unexpected(begin.error());
    tally_.Open(WallMicros());
    if (records_ != nullptr) records_->Open(WallMicros());
    fmt::print("{{\"phase\":\"measuring\"}}\n");
    std::fflush(stdout);

    const uint64_t events_max = options_.events_max > UINT64_MAX - begin->counts.payload_events
                                    ? UINT64_MAX
                                    : begin->counts.payload_events + options_.events_max;
    if (auto done = fleet_.RunUntil(begin->time + options_.measure, events_max); !done) {
      return done;
    }
    const auto end = Quiesce();
    if (!end) return std::unexpected(end.error());
    tally_.Close(WallMicros());
    if (records_ != nullptr) records_->Close(WallMicros());
    if (auto done = WaitForStragglers(); !done) return done;
    if (options_.until_quiet.count() > 0) {
      fmt::print("{{\"phase\":\"draining\"}}\n");
      std::fflush(stdout);
      const auto done = fleet_.RunUntilQuiet(std::chrono::seconds(1), options_.until_quiet);
      if (!done) return done;
    }
    Fill(*begin, *end);
    return {};
  }

  // Waits for a moment at which no event is half delivered, as far as there is one, so that CPU
  // time and deliveries are cut at the same point.
  base::Result<Mark> Quiesce() {
    if (auto done = fleet_.RunUntilQuiet(milliseconds(5), milliseconds(300)); !done) {
      return std::unexpected(done.error());
    }
    Mark mark{.time = clock_.Mono(), .load_cpu = OwnCpu(), .counts = fleet_.counts()};
    const auto cpu = CpuOf(options_.server_pids);
    if (!cpu) return std::unexpected(cpu.error());
    mark.server_cpu = *cpu;
    return mark;
  }

  // What was sent inside the window may still be on its way, for two seconds.
  base::Result<void> WaitForStragglers() {
    const base::MonoTime deadline = clock_.Mono() + std::chrono::seconds(2);
    while (tally_.Lost(report_.subscribers) > 0 && clock_.Mono() < deadline && !fleet_.stopped()) {
      if (auto done = fleet_.RunUntil(clock_.Mono() + milliseconds(10)); !done) return done;
    }
    return {};
  }

  void Fill(const Mark& begin, const Mark& end) {
    report_.seconds = InSeconds(end.time - begin.time);
    report_.deliveries = end.counts.payload_events - begin.counts.payload_events;
    report_.bytes = end.counts.bytes - begin.counts.bytes;
    report_.chunks = end.counts.chunks - begin.counts.chunks;
    report_.slow_events = end.counts.slow_events - begin.counts.slow_events;
    report_.unstamped = end.counts.unstamped - begin.counts.unstamped;
    report_.closed = fleet_.counts().closed;
    if (!options_.server_pids.empty()) {
      report_.server_cpu_s = InSeconds(end.server_cpu - begin.server_cpu);
    }
    report_.load_cpu_s = InSeconds(end.load_cpu - begin.load_cpu);
    report_.distinct = tally_.distinct();
    report_.lost = tally_.Lost(report_.subscribers);
    report_.repeated = tally_.repeated();
    report_.from_future = tally_.from_future();
    report_.latency_us = tally_.latency_us();
    report_.received = fleet_.counts().payload_events;
    if (records_ == nullptr) return;
    report_.lost = records_->missed();
    report_.repeated = records_->repeated();
    report_.unstamped = records_->without_id();
    report_.latency_us = records_->latency_us();
  }

  base::Result<void> ReadResident(std::optional<uint64_t>& resident) const {
    if (options_.server_pids.empty()) return {};
    const auto bytes = ResidentBytesOf(options_.server_pids);
    if (!bytes) return std::unexpected(bytes.error());
    resident = *bytes;
    return {};
  }

  int64_t WallMicros() const {
    return std::chrono::floor<std::chrono::microseconds>(clock_.Wall().time_since_epoch()).count();
  }

  const LoadOptions& options_;
  const base::Clock& clock_;
  Fleet& fleet_;
  DeliveryTally& tally_;
  RecordWatch* const records_;  // null: the tally looks for losses
  LoadReport report_;
};

base::Result<LoadReport> Load(const LoadOptions& options) {
  // Besides the subscribers: the three standard streams, epoll, the signals, /proc.
  if (auto allowed = AllowOpenFiles(options.plan.subscribers + 16); !allowed) {
    return std::unexpected(allowed.error());
  }
  auto stop = CatchStopSignals();
  if (!stop) return std::unexpected(stop.error());
  const base::RealClock clock;
  DeliveryTally tally(options.one_topic);
  RecordWatch records(options.plan.subscribers);
  StateWatch states(options.plan.subscribers);
  FleetPlan plan = options.plan;
  if (options.records) plan.observer = &records;
  if (options.states) plan.observer = &states;
  auto fleet = Fleet::Create(std::move(plan), clock, tally, std::move(*stop));
  if (!fleet) return std::unexpected(fleet.error());
  auto report = Run(options, clock, *fleet, tally, options.records ? &records : nullptr).Do();
  if (report && options.states) {
    report->screens = states.different();
    report->screen = states.first_screen();
    report->topics = states.topics();
    report->last_us = states.last_us();
    report->unstamped = states.strange();
  }
  return report;
}

}  // namespace
}  // namespace livetape::bench

int main(int argc, char** argv) {
  const auto options = livetape::bench::ReadLoadOptions(argc, argv);
  if (!options) return options.error();
  const auto report = livetape::bench::Load(*options);
  if (!report) {
    fmt::print(stderr, "livetape-load: {}\n", report.error().message);
    return 1;
  }
  fmt::print("{}\n", livetape::bench::JsonText(*report));
  fmt::print(stderr, "{}", livetape::bench::PlainText(*report));
  return 0;
}
