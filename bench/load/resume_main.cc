// livetape-resume: many subscribers come back at once, and what that costs them and the others.

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "load/live_listeners.h"
#include "load/resume_options.h"
#include "load/resume_watch.h"

namespace livetape::bench {
namespace {

constexpr int kPatientNice = 19;
constexpr size_t kDeliveriesMax = 8'000'000;

struct ResumeReport {
  double connect_s = 0;  // until all had the first byte of their stream
  size_t caught_up = 0;
  LatencyHistogram catch_up_us, before_us, during_us;
  OrderFaults faults, live_faults;
  uint64_t records = 0, closed = 0, live_closed = 0;
};

void PrintPhase(std::string_view phase) {
  fmt::print("{{\"phase\":\"{}\"}}\n", phase);
  std::fflush(stdout);
}

class Run {
 public:
  Run(const ResumeOptions& options, const base::Clock& clock, Descriptor stop)
      : options_(options), clock_(clock), stop_(std::move(stop)) {}

  base::Result<ResumeReport> Do() {
    LiveWatch watch(options_.live, kDeliveriesMax);
    FleetPlan plan = Plan(options_.live);
    plan.observer = &watch;
    auto live = LiveListeners::Start(std::move(plan), clock_);
    if (!live) return std::unexpected(live.error());
    // The live ones have the processor first: what they measure is the server's latency, not how
    // long this process needs to read what comes to all the others.
    setpriority(PRIO_PROCESS, 0, kPatientNice);
    PrintPhase("before");
    const int64_t before_us = WallMicros();
    if (!Wait(options_.before)) return base::Fail("stopped by a signal");
    const int64_t start_us = WallMicros();
    if (auto done = CatchUp(watch, start_us); !done) {
      return std::unexpected(done.error());
    }
    const int64_t end_us = WallMicros();
    // What was sent until then is still on its way to the live ones.
    if (!Wait(std::chrono::milliseconds(500))) return base::Fail("stopped by a signal");
    if (auto done = (*live)->Stop(); !done) return std::unexpected(done.error());

    if (watch.unkept() > 0) {
      return base::Fail(fmt::format("{} live deliveries had no id or send time, or were too many",
                                    watch.unkept()));
    }
    report_.before_us = watch.Between(before_us, start_us);
    report_.during_us = watch.Between(start_us, end_us);
    report_.live_faults = watch.faults();
    report_.live_closed = (*live)->closed();
    return report_;
  }

 private:
  FleetPlan Plan(size_t subscribers) const {
    FleetPlan plan;
    plan.subscribers = subscribers;
    plan.servers = {options_.server};
    plan.sources = 8;
    plan.path = options_.path;
    plan.connecting_max = subscribers;
    return plan;
  }

  base::Result<void> CatchUp(const LiveWatch& live, int64_t start_us) {
    const uint64_t head = live.newest();
    if (head <= options_.behind) {
      return base::Fail(fmt::format(
          "the newest record is number {}; to be {} behind, publish first", head, options_.behind));
    }
    FleetPlan plan = Plan(options_.resumers);
    plan.last_event_id = fmt::format("{}-{}", live.epoch(), head - options_.behind);
    CatchUpWatch watch(options_.resumers, head - options_.behind, head, start_us);
    plan.observer = &watch;
    DeliveryTally unused(false);
    auto fleet = Fleet::Create(std::move(plan), clock_, unused, Descriptor(dup(stop_.fd())));
    if (!fleet) return std::unexpected(fleet.error());
    PrintPhase("during");
    if (auto done = fleet->Connect(options_.timeout); !done) return done;
    report_.connect_s = static_cast<double>(WallMicros() - start_us) / 1e6;
    const auto caught_up = [&watch] { return watch.all_caught_up(); };
    if (auto done = fleet->RunUntil(clock_.Mono() + options_.timeout, caught_up); !done) {
      return done;
    }
    if (fleet->stopped()) return base::Fail("stopped by a signal");
    report_.caught_up = watch.caught_up();
    report_.catch_up_us = watch.time_us();
    report_.faults = watch.faults();
    report_.records = fleet->counts().payload_events;
    report_.closed = fleet->counts().closed;
    return {};
  }

  // False on a stop signal.
  bool Wait(std::chrono::nanoseconds time) const {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(time).count();
    pollfd stop{.fd = stop_.fd(), .events = POLLIN, .revents = 0};
    return poll(&stop, 1, static_cast<int>(ms)) == 0;
  }

  int64_t WallMicros() const {
    return std::chrono::floor<std::chrono::microseconds>(clock_.Wall().time_since_epoch()).count();
  }

  const ResumeOptions& options_;
  const base::Clock& clock_;
  const Descriptor stop_;
  ResumeReport report_;
};

std::string LatencyJson(const LatencyHistogram& latency) {
  return fmt::format(R"({{"count":{},"p50":{},"p99":{},"max":{}}})", latency.count(),
                     latency.Percentile(0.5), latency.Percentile(0.99), latency.largest());
}

std::string JsonText(const ResumeOptions& options, const ResumeReport& report) {
  return fmt::format(R"({{"phase":"done","live":{},"resumers":{},"behind":{},"connect_s":{:.6f},)"
                     R"("caught_up":{},"records":{},"missed":{},"repeated":{},"closed":{},)"
                     R"("live_missed":{},"live_repeated":{},"live_closed":{},)"
                     R"("catch_up_us":{},"before_us":{},"during_us":{}}})",
                     options.live, options.resumers, options.behind, report.connect_s,
                     report.caught_up, report.records, report.faults.missed, report.faults.repeated,
                     report.closed, report.live_faults.missed, report.live_faults.repeated,
                     report.live_closed, LatencyJson(report.catch_up_us),
                     LatencyJson(report.before_us), LatencyJson(report.during_us));
}

base::Result<ResumeReport> Resume(const ResumeOptions& options) {
  if (auto allowed = AllowOpenFiles(options.live + options.resumers + 32); !allowed) {
    return std::unexpected(allowed.error());
  }
  // Before the live thread starts, which inherits the mask.
  auto stop = CatchStopSignals();
  if (!stop) return std::unexpected(stop.error());
  const base::RealClock clock;
  return Run(options, clock, std::move(*stop)).Do();
}

}  // namespace
}  // namespace livetape::bench

int main(int argc, char** argv) {
  const auto options = livetape::bench::ReadResumeOptions(argc, argv);
  if (!options) return options.error();
  const auto report = livetape::bench::Resume(*options);
  if (!report) {
    fmt::print(stderr, "livetape-resume: {}\n", report.error().message);
    return 1;
  }
  fmt::print("{}\n", livetape::bench::JsonText(*options, *report));
  fmt::print(stderr,
             "{} of {} caught up, the last after {:.3f} s; live p99 {:.3f} ms, before {:.3f} ms\n",
             report->caught_up, options->resumers,
             static_cast<double>(report->catch_up_us.largest()) / 1e6,
             static_cast<double>(report->during_us.Percentile(0.99)) / 1e3,
             static_cast<double>(report->before_us.Percentile(0.99)) / 1e3);
  return 0;
}
