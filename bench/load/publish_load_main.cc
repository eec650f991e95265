// livetape-publish-load: publishers in great number, or accounts that place orders, and how fast
// they are acknowledged.

#include <fmt/format.h>

#include <cstdio>

#include "load/process_cost.h"
#include "load/publish_load_options.h"
#include "load/publisher_fleet.h"

namespace livetape::bench {
namespace {

struct PublishReport {
  double seconds = 0;
  double load_cpu_s = 0;
  PublishTally tally;
  int64_t ended_us = 0;         // when the last answer had come, since 1970
  uint64_t records_in_all = 0;  // acknowledged, with warm-up and what was under way at the end
};

constexpr std::chrono::seconds kLastAnswers{10};

double InSeconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double Rate(uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string JsonText(const PublishLoadOptions& options, const PublishReport& report) {
  const PublishTally& tally = report.tally;
  return fmt::format(
      R"({{"phase":"done","connections":{},"records_per_request":{},"seconds":{:.6f},)"
      R"("requests":{},"records":{},"requests_per_s":{:.1f},"records_per_s":{:.1f},)"
      R"("records_in_all":{},"busy":{},"ended_us":{},"errors":{},"late":{},"load_cpu_s":{:.3f},)"
      R"("latency_us":{{"count":{},"p50":{},"p99":{},"max":{}}}}})",
      options.plan.connections, options.places_orders() ? 1 : options.records.records,
      report.seconds, tally.requests, tally.records, Rate(tally.requests, report.seconds),
      Rate(tally.records, report.seconds), report.records_in_all, tally.busy, report.ended_us,
      tally.refused, tally.late, report.load_cpu_s, tally.latency_us.count(),
      tally.latency_us.Percentile(0.5), tally.latency_us.Percentile(0.99),
      tally.latency_us.largest());
}

void PrintPlain(const PublishReport& report) {
  const PublishTally& tally = report.tally;
  fmt::print(stderr, "{} records acknowledged in {:.2f} s: {:.0f} records/s, {:.0f} requests/s\n",
             tally.records, report.seconds, Rate(tally.records, report.seconds),
             Rate(tally.requests, report.seconds));
  fmt::print(stderr, "latency p50 {:.3f} ms, p99 {:.3f} ms; load tool {:.0f} % of a core\n",
             static_cast<double>(tally.latency_us.Percentile(0.5)) / 1e3,
             static_cast<double>(tally.latency_us.Percentile(0.99)) / 1e3,
             Rate(100, report.seconds) * report.load_cpu_s);
  if (tally.refused > 0) {
    fmt::print(stderr, "{} refused, the first with: {}\n", tally.refused, tally.refusal);
  }
}

base::Result<PublishReport> Load(const PublishLoadOptions& options) {
  if (auto allowed = AllowOpenFiles(options.plan.connections + 16); !allowed) {
    return std::unexpected(allowed.error());
  }
  auto stop = CatchStopSignals();
  if (!stop) return std::unexpected(stop.error());
  const base::RealClock clock;
  PublisherPlan plan = options.plan;
  if (options.places_orders()) {
    plan.requests = MakeOrders(options.orders);
    plan.acknowledgement = kOrderAccepted;
  } else {
    plan.requests = MakeRequests(options.records);
  }
  auto fleet = PublisherFleet::Create(std::move(plan), clock, std::move(*stop));
  if (!fleet) return std::unexpected(fleet.error());
  if (auto connected = fleet->Connect(); !connected) return std::unexpected(connected.error());
  if (auto done = fleet->RunUntil(clock.Mono() + options.warm_up); !done) {
    return std::unexpected(done.error());
  }
  const uint64_t records_before = fleet->TakeTally().records;

  fmt::print("{{\"phase\":\"measuring\"}}\n");
  std::fflush(stdout);
  const base::MonoTime start = clock.Mono();
  const auto cpu = OwnCpu();
  if (auto done = fleet->RunUntil(start + options.measure); !done) {
    return std::unexpected(done.error());
  }
  if (fleet->stopped()) return base::Fail("stopped by a signal");
  PublishReport report{.seconds = InSeconds(clock.Mono() - start),
                       .load_cpu_s = InSeconds(OwnCpu() - cpu),
                       .tally = fleet->TakeTally()};
  if (auto done = fleet->Finish(clock.Mono() + kLastAnswers); !done) {
    return std::unexpected(done.error());
  }
  report.ended_us =
      std::chrono::floor<std::chrono::microseconds>(clock.Wall().time_since_epoch()).count();
  report.records_in_all = records_before + report.tally.records + fleet->TakeTally().records;
  return report;
}

}  // namespace
}  // namespace livetape::bench

int main(int argc, char** argv) {
  const auto options = livetape::bench::ReadPublishLoadOptions(argc, argv);
  if (!options) return options.error();
  const auto report = livetape::bench::Load(*options);
  if (!report) {
    fmt::print(stderr, "livetape-publish-load: {}\n", report.error().message);
    return 1;
  }
  fmt::print("{}\n", livetape::bench::JsonText(*options, *report));
  livetape::bench::PrintPlain(*report);
  return 0;
}
