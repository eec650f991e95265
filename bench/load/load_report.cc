#include "load/load_report.h"

#include <fmt/format.h>

#include <algorithm>

namespace livetape::bench {
namespace {

std::string OrNull(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "null";
}

std::string OrNull(const std::optional<uint64_t>& value) {
  return value ? fmt::format("{}", *value) : "null";
}

double PerDelivery(const LoadReport& report, double seconds) {
  return seconds * 1e6 / static_cast<double>(std::max<uint64_t>(report.deliveries, 1));
}

double Rate(const LoadReport& report) {
  return report.seconds > 0 ? static_cast<double>(report.deliveries) / report.seconds : 0;
}

}  // namespace

std::optional<double> LoadReport::resident_per_subscriber() const {
  if (!resident_before || !resident_idle || subscribers == 0) return std::nullopt;
  return (static_cast<double>(*resident_idle) - static_cast<double>(*resident_before)) /
         static_cast<double>(subscribers);
}

std::optional<double> LoadReport::server_us_per_delivery() const {
  if (!server_cpu_s || deliveries == 0) return std::nullopt;
  return PerDelivery(*this, *server_cpu_s);
}

std::string JsonText(const LoadReport& r) {
  std::string json =
      fmt::format(R"({{"phase":"done","subscribers":{},"connect_s":{:.6f},"resident_before":{},)"
                  R"("resident_idle":{},"resident_per_subscriber":{})",
                  r.subscribers, r.connect_s, OrNull(r.resident_before), OrNull(r.resident_idle),
                  OrNull(r.resident_per_subscriber()));
  json += fmt::format(
      R"(,"seconds":{:.6f},"deliveries":{},"deliveries_per_s":{:.1f},"bytes":{},"chunks":{},)"
      R"("server_cpu_s":{},"server_us_per_delivery":{},"load_us_per_delivery":{:.4f})",
      r.seconds, r.deliveries, Rate(r), r.bytes, r.chunks, OrNull(r.server_cpu_s),
      OrNull(r.server_us_per_delivery()), PerDelivery(r, r.load_cpu_s));
  json += fmt::format(
      R"(,"distinct_events":{},"lost":{},"repeated":{},"slow_events":{},"unstamped":{},)"
      R"("closed":{},"from_future":{},"received":{},"screens":{},"screen":"{:016x}",)"
      R"("topics":{},"last_us":{})",
      r.distinct, r.one_topic || r.records ? fmt::format("{}", r.lost) : "null", r.repeated,
      r.slow_events, r.unstamped, r.closed, r.from_future, r.received, r.screens, r.screen,
      r.topics, r.last_us);
  json +=
      fmt::format(R"(,"latency_us":{{"count":{},"p50":{},"p99":{},"p999":{},"max":{}}}}})",
                  r.latency_us.count(), r.latency_us.Percentile(0.5), r.latency_us.Percentile(0.99),
                  r.latency_us.Percentile(0.999), r.latency_us.largest());
  return json;
}

std::string PlainText(const LoadReport& r) {
  std::string text =
      fmt::format("{} subscribers connected in {:.3f} s", r.subscribers, r.connect_s);
  if (const auto bytes = r.resident_per_subscriber()) {
    text += fmt::format(", {:.0f} resident bytes each", *bytes);
  }
  text += '\n';
  if (r.deliveries == 0) return text;
  text += fmt::format("{} deliveries in {:.2f} s: {:.0f}/s\n", r.deliveries, r.seconds, Rate(r));
  if (r.one_topic) {
    text +=
        fmt::format("{} different events, lost {}, repeated {}", r.distinct, r.lost, r.repeated);
  } else if (r.records) {
    text += fmt::format("by ids missed {}, repeated {}", r.lost, r.repeated);
  } else {
    text += "several topics: losses not looked for";
  }
  text += fmt::format(", slow notices {}, closed {}, without send time {}\n", r.slow_events,
                      r.closed, r.unstamped);
  text += fmt::format("latency p50 {:.3f} ms, p99 {:.3f} ms, p99.9 {:.3f} ms, most {:.3f} ms\n",
                      static_cast<double>(r.latency_us.Percentile(0.5)) / 1e3,
                      static_cast<double>(r.latency_us.Percentile(0.99)) / 1e3,
                      static_cast<double>(r.latency_us.Percentile(0.999)) / 1e3,
                      static_cast<double>(r.latency_us.largest()) / 1e3);
  if (const auto us = r.server_us_per_delivery()) {
    text += fmt::format("server CPU {:.3f} us per delivery; ", *us);
  }
  text += fmt::format("load tool {:.3f} us\n", PerDelivery(r, r.load_cpu_s));
  return text;
}

}  // namespace livetape::bench
