#include "app/source_agent.h"

#include <algorithm>
#include <utility>

#include "base/thread_name.h"

namespace livetape::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// At high rates the events of a millisecond go together instead of one wake-up each. It is less
// while somebody listens to every update, unless more would only wait together elsewhere.
constexpr nanoseconds ShortestSleep(FloorAgent::Demand demand) {
  switch (demand) {
    case FloorAgent::Demand::kEach:
      return std::chrono::microseconds(50);
    case FloorAgent::Demand::kEachBehind:
      return std::chrono::microseconds(250);
    case FloorAgent::Demand::kWindows:
      break;
  }
  return milliseconds(1);
}

constexpr nanoseconds kLongestSleep = milliseconds(500);
constexpr int kEventsPerObservation = 64;  // while it does not sleep

bool IsLive(const model::MarketEvent& event) {
  return !std::holds_alternative<model::InstrumentListed>(event.what) &&
         !std::holds_alternative<model::BarHistory>(event.what);
}

}  // namespace

SourceAgent::SourceAgent(std::unique_ptr<market::Source> source, market::Pacer pacer,
                         FloorAgent& floor, base::Log& log, metrics::Registry& metrics,
                         std::function<void()> failed)
    : source_(std::move(source)),
      pacer_(pacer),
      floor_(floor),
      log_(log),
      failed_(std::move(failed)),
      stage_(metrics, "source") {
  metrics.AddComputed("livetape_source_skipped_total", "Malformed input lines skipped.",
                      [this] { return static_cast<double>(skipped_.load()); });
}

SourceAgent::~SourceAgent() { Stop(); }

base::Result<void> SourceAgent::Prepare() {
  for (;;) {
    model::MarketEvent event;
    const auto next = source_->Next(event);
    skipped_ = source_->skipped();
    if (!next) return std::unexpected(next.error());
    if (!*next) return {};
    if (IsLive(event)) {
      floor_.BeginAt(event.time);
      first_ = std::move(event);
      return {};
    }
    while (!floor_.Push(std::move(event))) floor_.TakeListed();
    floor_.TakeListed();
  }
}

void SourceAgent::Start(bool wait) {
  if (!wait) released_ = true;
  thread_ = std::thread([this] { Run(); });
}

void SourceAgent::Release() {
  if (!released_.exchange(true)) wakeup_.Signal();
}

void SourceAgent::Stop() {
  stopping_ = true;
  wakeup_.Signal();
  floor_.space().Signal();
  if (thread_.joinable()) thread_.join();
}

void SourceAgent::Run() {
  base::NameThread("source");
  base::SleepExactly();
  while (!released_ && !stopping_) wakeup_.WaitFor(kLongestSleep);
  uint64_t events = 0;
  if (first_) {
    if (!WaitUntilDue(*first_)) return;
    first_->time = pacer_.Stamp(first_->time);
    if (!Give(std::move(*first_))) return;
    ++events;
  }
  model::MarketEvent event;
  while (!stopping_) {
    const auto next = source_->Next(event);
    skipped_ = source_->skipped();
    if (!next) {
      log_.Error("the source has failed: {}", next.error().message);
      return failed_();
    }
    if (!*next) {
      log_.Info("the feed has ended after {} live events, {} lines skipped", events,
                source_->skipped());
      return;
    }
    if (IsLive(event)) {
      if (source_->rounds() != std::exchange(round_, source_->rounds())) {
        pacer_.BeginAgain(event.time);
      }
      if (!WaitUntilDue(event)) return;
      event.time = pacer_.Stamp(event.time);
    }
    if (!Give(std::move(event))) return;
    ++events;
  }
}

// False when it is time to stop.
bool SourceAgent::WaitUntilDue(const model::MarketEvent& event) {
  for (;;) {
    if (stopping_) return false;
    const nanoseconds left = pacer_.UntilDue(event.time);
    if (left <= nanoseconds(0)) {
      if (++unobserved_ >= kEventsPerObservation) {
        stage_.Observe(pacer_.late());
        unobserved_ = 0;
      }
      return true;
    }
    unobserved_ = kEventsPerObservation;  // the first of a batch has waited longest
    wakeup_.WaitFor(std::clamp(left, ShortestSleep(floor_.demand()), kLongestSleep));
  }
}

bool SourceAgent::Give(model::MarketEvent&& event) {
  while (!floor_.Push(std::move(event))) {
    if (stopping_) return false;
    floor_.space().WaitFor(kLongestSleep);
  }
  return true;
}

}  // namespace livetape::app
