// livetape-equity: how long the market takes to what accounts are worth, on the wire.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>

#include "load/equity_options.h"
#include "load/equity_watch.h"
#include "load/live_listeners.h"
#include "load/process_cost.h"
#include "load/publisher_fleet.h"

namespace livetape::bench {
namespace {

constexpr auto kStragglers = std::chrono::seconds(2);

struct EquityReport {
  double seconds = 0, server_cpu_s = 0, load_cpu_s = 0;
  EquityWatch::Latencies ticks;
  LatencyHistogram taken_us;
  std::string first_strange;
  uint64_t events = 0, strange = 0, inconsistent = 0, closed = 0, late = 0, refused = 0;
};

double InSeconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

int64_t MicrosOf(base::WallTime time) {
  return std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
}

class Run {
 public:
  Run(const EquityOptions& options, const base::Clock& clock)
      : options_(options),
        clock_(clock),
        watch_(options.accounts * options.streams, TicksMax(options), options.symbol) {}

  base::Result<EquityReport> Do(Descriptor stop) {
    auto listeners = LiveListeners::Start(Streams(), clock_);
    if (!listeners) return std::unexpected(listeners.error());
    auto publisher = PublisherFleet::Create(Ticks(), clock_, std::move(stop));
    if (!publisher) return std::unexpected(publisher.error());
    if (auto done = publisher->Connect(); !done) return std::unexpected(done.error());
    if (auto done = Publish(*publisher, options_.warm_up); !done) {
      return std::unexpected(done.error());
    }
    (void)publisher->TakeTally();

    fmt::print("{{\"phase\":\"measuring\"}}\n");
    std::fflush(stdout);
    const int64_t from_us = MicrosOf(clock_.Wall());
    if (auto done = Measure(*publisher); !done) return std::unexpected(done.error());
    const int64_t to_us = MicrosOf(clock_.Wall());
    // The last ticks are still on their way.
    if (auto done = Publish(*publisher, kStragglers); !done) return std::unexpected(done.error());
    if (publisher->stopped()) return base::Fail("stopped by a signal");
    if (auto done = (*listeners)->Stop(); !done) return std::unexpected(done.error());
    report_.ticks = watch_.Between(from_us, to_us);
    report_.strange = watch_.strange();
    report_.first_strange = watch_.first_strange();
    report_.inconsistent = watch_.inconsistent();
    report_.events = watch_.events();
    report_.closed = (*listeners)->closed();
    return report_;
  }

 private:
  static size_t TicksMax(const EquityOptions& options) {
    const auto all = options.warm_up + options.measure + 2 * kStragglers;
    return static_cast<size_t>(std::ceil(options.rate * InSeconds(all))) + 1;
  }

  FleetPlan Streams() {
    FleetPlan plan;
    plan.subscribers = options_.accounts * options_.streams;
    plan.servers = {options_.server};
    plan.sources = 8;
    for (size_t i = 0; i < options_.accounts; ++i) {
      plan.paths.push_back(fmt::format("/api/events/equity?account={}-{}&interval={}",
                                       options_.account, i, options_.interval));
    }
    plan.observer = &watch_;
    return plan;
  }

  // One connection: a tick never overtakes another.
  PublisherPlan Ticks() {
    const std::string_view end = "}}";
    const std::string body = fmt::format(R"({{"topic":"market/{}","data":{{"price":{}{})",
                                         options_.symbol, kProbePrice, end);
    PublishRequest request;
    request.text = PostText("/api/v1/publish", EndpointText(options_.server),
                            "Content-Type: application/json\r\n", body);
    request.serial_at = request.text.size() - end.size() - kSerialDigits;
    PublisherPlan plan;
    plan.server = options_.server;
    plan.requests = {std::move(request)};
    plan.rate = options_.rate;
    plan.on_sending = [this](uint64_t number, base::WallTime now) {
      watch_.OnSending(number, MicrosOf(now));
    };
    return plan;
  }

  base::Result<void> Publish(PublisherFleet& publisher, std::chrono::nanoseconds time) {
    return publisher.RunUntil(clock_.Mono() + time);
  }

  base::Result<void> Measure(PublisherFleet& publisher) {
    const base::MonoTime start = clock_.Mono();
    const auto own = OwnCpu();
    const auto before = CpuOf(options_.server_pids);
    if (!before) return std::unexpected(before.error());
    if (auto done = Publish(publisher, options_.measure); !done) return done;
    const auto after = CpuOf(options_.server_pids);
    if (!after) return std::unexpected(after.error());
    report_.seconds = InSeconds(clock_.Mono() - start);
    report_.server_cpu_s = InSeconds(*after - *before);
    report_.load_cpu_s = InSeconds(OwnCpu() - own);
    const PublishTally tally = publisher.TakeTally();
    report_.taken_us = tally.latency_us;
    report_.late = tally.late;
    report_.refused = tally.refused;
    return {};
  }

  const EquityOptions& options_;
  const base::Clock& clock_;
  EquityWatch watch_;
  EquityReport report_;
};

std::string LatencyJson(const LatencyHistogram& latency) {
  return fmt::format(R"({{"count":{},"p50":{},"p99":{},"max":{}}})", latency.count(),
                     latency.Percentile(0.5), latency.Percentile(0.99), latency.largest());
}

std::string JsonText(const EquityOptions& options, const EquityReport& report) {
  return fmt::format(
      R"({{"phase":"done","accounts":{},"streams":{},"interval":"{}","seconds":{:.6f},)"
      R"("server_cpu_s":{:.3f},"load_cpu_s":{:.3f},"events":{},"missing":{},"strange":{},)"
      R"("inconsistent":{},"closed":{},"late":{},"refused":{},"latency_us":{},"taken_us":{}}})",
      options.accounts, options.accounts * options.streams, options.interval, report.seconds,
      report.server_cpu_s, report.load_cpu_s, report.events, report.ticks.missing, report.strange,
      report.inconsistent, report.closed, report.late, report.refused,
      LatencyJson(report.ticks.took_us), LatencyJson(report.taken_us));
}

void PrintPlain(const EquityReport& report) {
  const LatencyHistogram& took = report.ticks.took_us;
  fmt::print(stderr, "tick to equity: p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms; {} missing\n",
             static_cast<double>(took.Percentile(0.5)) / 1e3,
             static_cast<double>(took.Percentile(0.99)) / 1e3,
             static_cast<double>(took.largest()) / 1e3, report.ticks.missing);
  const uint64_t faults = report.strange + report.inconsistent + report.closed + report.refused;
  if (faults > 0) {
    fmt::print(
        stderr,
        "{} events without the probe, {} inconsistent, {} streams closed, {} ticks refused\n",
        report.strange, report.inconsistent, report.closed, report.refused);
  }
  if (report.strange > 0) {
    fmt::print(stderr, "the first without the probe: {}\n", report.first_strange);
  }
}

base::Result<EquityReport> Measure(const EquityOptions& options) {
  if (auto allowed = AllowOpenFiles(options.accounts * options.streams + 32); !allowed) {
    return std::unexpected(allowed.error());
  }
  // Before the listening thread starts, which inherits the mask.
  auto stop = CatchStopSignals();
  if (!stop) return std::unexpected(stop.error());
  const base::RealClock clock;
  return Run(options, clock).Do(std::move(*stop));
}

}  // namespace
}  // namespace livetape::bench

int main(int argc, char** argv) {
  const auto options = livetape::bench::ReadEquityOptions(argc, argv);
  if (!options) return options.error();
  const auto report = livetape::bench::Measure(*options);
  if (!report) {
    fmt::print(stderr, "livetape-equity: {}\n", report.error().message);
    return 1;
  }
  fmt::print("{}\n", livetape::bench::JsonText(*options, *report));
  livetape::bench::PrintPlain(*report);
  return 0;
}
