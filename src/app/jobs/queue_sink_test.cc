#include "app/jobs/queue_sink.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace livetape::app {
namespace {

TEST(QueueSink, IsFlushedWhenItsInstrumentsAreFound) {
  market::Instruments instruments;
  metrics::Registry metrics;
  BarQueue queue(instruments, metrics);
  std::promise<void> known;
  std::atomic<bool> found = false;
  QueueSink sink(
      queue, instruments,
      [&](const model::Instrument& instrument) {
        EXPECT_EQ(instrument.symbol, "ACME");
        return known.get_future();
      },
      [] { return base::Result<void>(); });
  ASSERT_TRUE(sink.Take({.symbol = "ACME", .asset_class = model::AssetClass::kUsEquity}));
  std::atomic<bool> flushed = false;
  std::thread writer([&] {
    for (; !flushed; std::this_thread::yield()) {
      queue.Next();
      queue.Done();
    }
  });
  // Long enough for a flush that does not wait for it.
  std::thread floor([&] {
    const base::RealClock clock;
    const base::MonoTime until = clock.Mono() + std::chrono::milliseconds(100);
    while (!flushed && clock.Mono() < until) std::this_thread::yield();
    found = true;
    known.set_value();
  });
  EXPECT_TRUE(sink.Flush());
  const bool found_first = found;
  flushed = true;
  writer.join();
  floor.join();
  EXPECT_TRUE(found_first);
}

TEST(QueueSink, ALongImportLeavesTheLastOfTheDisk) {
  market::Instruments instruments;
  instruments.Add({"ACME", model::AssetClass::kUsEquity});
  metrics::Registry metrics;
  BarQueue queue(instruments, metrics);
  QueueSink sink(
      queue, instruments, [](const model::Instrument&) { return std::future<void>(); },
      [] { return base::Fail("full"); });
  EXPECT_TRUE(sink.Take({.symbol = "ACME"})) << "a short one is stored";
  EXPECT_FALSE(sink.full());
  const auto taken = sink.Take({.symbol = "ACME"});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, "full, then send the file again");
  EXPECT_TRUE(sink.full());
}

}  // namespace
}  // namespace livetape::app
