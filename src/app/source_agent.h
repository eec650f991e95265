#pragma once

// SourceAgent: pulls one source at its pace and gives the floor every event, waiting when the
// floor is behind. Its own thread runs it.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "app/floor_agent.h"
#include "base/log.h"
#include "base/result.h"
#include "base/wakeup.h"
#include "market/pacer.h"
#include "market/source.h"
#include "metrics/stage.h"

namespace livetape::app {

class SourceAgent {
 public:
  // `failed` is called on the agent's thread when the source breaks. References outlive the agent.
  SourceAgent(std::unique_ptr<market::Source> source, market::Pacer pacer, FloorAgent& floor,
              base::Log& log, metrics::Registry& metrics, std::function<void()> failed);
  ~SourceAgent();

  // Before Start, on the starting thread, which then is the floor's too: instruments and history,
  // up to the first live event.
  base::Result<void> Prepare();

  // Runs until the feed ends or Stop; with `wait` it begins when Release is called.
  void Start(bool wait);
  // Any thread; again and again is fine.
  void Release();
  void Stop();

 private:
  void Run();
  bool WaitUntilDue(const model::MarketEvent& event);
  bool Give(model::MarketEvent&& event);

  const std::unique_ptr<market::Source> source_;
  market::Pacer pacer_;
  FloorAgent& floor_;
  base::Log& log_;
  const std::function<void()> failed_;
  std::optional<model::MarketEvent> first_;  // the first live event
  uint64_t round_ = 0;                       // of the source, that has begun
  std::atomic<bool> released_ = false, stopping_ = false;
  base::Wakeup wakeup_;
  std::atomic<uint64_t> skipped_ = 0;
  metrics::Stage stage_;
  int unobserved_ = 0;  // events since the last whose lateness was
  std::thread thread_;
};

}  // namespace livetape::app
