#pragma once

// Registry: the process's counters, gauges and histograms, and their Prometheus text.
//
// Each cell has one writing thread and is a plain relaxed store, so counting costs nothing on a
// hot path; cells of the same name and labels are summed when the text is made. A thread makes
// its cells at start and keeps the references, which live as long as the registry.
// Text format: prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4.

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace livetape::metrics {

// A number that only grows. One writing thread.
class Counter {
 public:
  void Add(uint64_t by = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_ = 0;
};

// A number that goes up and down. One writing thread.
class Gauge {
 public:
  void Set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(int64_t by) { Set(value() + by); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_ = 0;
};

// Counts of observations by upper bound. One writing thread.
class Histogram {
 public:
  explicit Histogram(std::span<const double> upper_bounds);

  void Observe(double value);

 private:
  friend class Registry;
  const std::vector<double> bounds_;
  std::deque<Counter> counts_;  // per bound, not cumulative; the last is above all bounds
  std::atomic<double> sum_ = 0;
};

// Bounds for times in seconds, 10 us to 10 s.
std::span<const double> TimeBounds();

// Thread-safe.
class Registry {
 public:
  Registry() = default;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // `name` per Prometheus convention ("livetape_sends_total"); `labels` as text without braces
  // (`reason="slow"`) or empty. The help of the first cell of a name is the one shown.
  Counter& AddCounter(std::string_view name, std::string_view help, std::string_view labels = "");
  Gauge& AddGauge(std::string_view name, std::string_view help, std::string_view labels = "");
  Histogram& AddHistogram(std::string_view name, std::string_view help,
                          std::span<const double> upper_bounds, std::string_view labels = "");
  // A value that is computed when asked for: a counter if the name ends in "_total", else a gauge.
  // `read` may be called by any thread.
  void AddComputed(std::string_view name, std::string_view help, std::function<double()> read,
                   std::string_view labels = "");

  // All metrics in the Prometheus text format, families in order of their names.
  std::string Text() const;

 private:
  struct Cell {
    std::string name, help, labels;
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
    std::function<double()> computed;
  };
  Cell& Add(std::string_view name, std::string_view help, std::string_view labels);

  mutable std::mutex mutex_;
  std::deque<Cell> cells_;
};

}  // namespace livetape::metrics
