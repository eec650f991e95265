#include "metrics/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/assert.h"

namespace livetape::metrics {
namespace {

std::string Braced(std::string_view labels, std::string_view more = "") {
  if (labels.empty() && more.empty()) return "";
  return fmt::format("{{{}{}{}}}", labels, labels.empty() || more.empty() ? "" : ",", more);
}

// The sum of all histogram cells of one name and labels.
struct Merged {
  std::vector<double> bounds;
  std::vector<uint64_t> counts;
  double sum = 0;
};

}  // namespace

Histogram::Histogram(std::span<const double> upper_bounds)
    : bounds_(upper_bounds.begin(), upper_bounds.end()), counts_(bounds_.size() + 1) {
  LT_ASSERT(std::is_sorted(bounds_.begin(), bounds_.end()));
}

void Histogram::Observe(double value) {
  const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<size_t>(at)].Add();
  sum_.store(sum_.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
}

std::span<const double> TimeBounds() {
  static constexpr std::array kBounds = {1e-5,   2.5e-5, 5e-5, 1e-4,   2.5e-4, 5e-4, 1e-3,
                                         2.5e-3, 5e-3,   1e-2, 2.5e-2, 5e-2,   0.1,  0.25,
                                         0.5,    1.0,    2.5,  5.0,    10.0};
  return kBounds;
}

Registry::Cell& Registry::Add(std::string_view name, std::string_view help,
                              std::string_view labels) {
  return cells_.emplace_back(
      Cell{std::string(name), std::string(help), std::string(labels), {}, {}, {}, {}});
}

Counter& Registry::AddCounter(std::string_view name, std::string_view help,
                              std::string_view labels) {
  const std::scoped_lock lock(mutex_);
  auto& cell = Add(name, help, labels);
  cell.counter = std::make_unique<Counter>();
  return *cell.counter;
}

Gauge& Registry::AddGauge(std::string_view name, std::string_view help, std::string_view labels) {
  const std::scoped_lock lock(mutex_);
  auto& cell = Add(name, help, labels);
  cell.gauge = std::make_unique<Gauge>();
  return *cell.gauge;
}

Histogram& Registry::AddHistogram(std::string_view name, std::string_view help,
                                  std::span<const double> upper_bounds, std::string_view labels) {
  const std::scoped_lock lock(mutex_);
  auto& cell = Add(name, help, labels);
  cell.histogram = std::make_unique<Histogram>(upper_bounds);
  return *cell.histogram;
}

void Registry::AddComputed(std::string_view name, std::string_view help,
                           std::function<double()> read, std::string_view labels) {
  const std::scoped_lock lock(mutex_);
  Add(name, help, labels).computed = std::move(read);
}

std::string Registry::Text() const {
  struct Family {
    std::string_view help, type;
    std::map<std::string, double> values;      // by labels
    std::map<std::string, Merged> histograms;  // by labels
  };
  const std::scoped_lock lock(mutex_);
  std::map<std::string_view, Family> families;
  for (const Cell& cell : cells_) {
    Family& family = families[cell.name];
    if (family.help.empty()) family.help = cell.help;
    if (cell.counter) {
      family.type = "counter";
      family.values[cell.labels] += static_cast<double>(cell.counter->value());
    } else if (cell.gauge) {
      family.type = "gauge";
      family.values[cell.labels] += static_cast<double>(cell.gauge->value());
    } else if (cell.computed) {
      family.type = cell.name.ends_with("_total") ? "counter" : "gauge";
      family.values[cell.labels] += cell.computed();
    } else {
      family.type = "histogram";
      Merged& merged = family.histograms[cell.labels];
      merged.bounds = cell.histogram->bounds_;
      merged.counts.resize(merged.bounds.size() + 1);
      for (size_t i = 0; i < merged.counts.size(); ++i) {
        merged.counts[i] += cell.histogram->counts_[i].value();
      }
      merged.sum += cell.histogram->sum_.load(std::memory_order_relaxed);
    }
  }
  std::string out;
  for (const auto& [name, family] : families) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.type);
    for (const auto& [labels, value] : family.values) {
      out += fmt::format("{}{} {}\n", name, Braced(labels), value);
    }
    for (const auto& [labels, merged] : family.histograms) {
      uint64_t count = 0;
      for (size_t i = 0; i < merged.counts.size(); ++i) {
        count += merged.counts[i];
        const std::string bound =
            i < merged.bounds.size() ? fmt::format("{}", merged.bounds[i]) : "+Inf";
        out += fmt::format("{}_bucket{} {}\n", name,
                           Braced(labels, fmt::format("le=\"{}\"", bound)), count);
      }
      out += fmt::format("{}_sum{} {}\n", name, Braced(labels), merged.sum);
      out += fmt::format("{}_count{} {}\n", name, Braced(labels), count);
    }
  }
  return out;
}

}  // namespace livetape::metrics
