#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "base/mpsc_queue.h"
#include "base/spsc_queue.h"
#include "base/wakeup.h"

namespace livetape::base {
namespace {

TEST(SpscQueue, FullRefusesAndKeepsTheValue) {
  SpscQueue<std::unique_ptr<int>> queue(2);
  EXPECT_TRUE(queue.Push(std::make_unique<int>(1)));
  EXPECT_TRUE(queue.Push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(queue.Push(std::move(third)));
  ASSERT_NE(third, nullptr);
  EXPECT_EQ(**queue.Pop(), 1);
  EXPECT_TRUE(queue.Push(std::move(third)));
  EXPECT_EQ(**queue.Pop(), 2);
  EXPECT_EQ(**queue.Pop(), 3);
  EXPECT_FALSE(queue.Pop());
}

TEST(SpscQueue, TwoThreadsKeepOrder) {
  constexpr int kCount = 200'000;
  SpscQueue<int> queue(64);
  Wakeup wakeup;
  std::thread producer([&] {
    for (int i = 0; i < kCount; ++i) {
      while (!queue.Push(int{i})) std::this_thread::yield();
      wakeup.Signal();
    }
  });
  int expected = 0;
  while (expected < kCount) {
    if (auto value = queue.Pop()) {
      ASSERT_EQ(*value, expected++);
    } else {
      wakeup.WaitFor(std::chrono::seconds(10));
    }
  }
  producer.join();
  EXPECT_TRUE(queue.Empty());
}

TEST(MpscQueue, ManyThreadsLoseNothing) {
  constexpr int kThreads = 4, kEach = 20'000;
  MpscQueue<int> queue(1024);
  std::vector<std::thread> producers;
  for (int t = 0; t < kThreads; ++t) {
    producers.emplace_back([&queue, t] {
      for (int i = 0; i < kEach; ++i) {
        while (!queue.Push(t * kEach + i)) std::this_thread::yield();
      }
    });
  }
  std::vector<int> next(kThreads, 0), batch;
  for (int seen = 0; seen < kThreads * kEach;) {
    queue.PopAll(batch);
    for (const int value : batch) {
      const auto thread = static_cast<size_t>(value / kEach);
      ASSERT_EQ(value % kEach, next[thread]++);
      ++seen;
    }
  }
  for (auto& producer : producers) producer.join();
}

TEST(MpscQueue, FullRefuses) {
  MpscQueue<int> queue(1);
  EXPECT_TRUE(queue.Push(1));
  EXPECT_FALSE(queue.Push(2));
}

TEST(Wakeup, SignalBeforeWaitIsKept) {
  Wakeup wakeup;
  wakeup.Signal();
  wakeup.WaitFor(std::chrono::hours(1));  // returns at once
}

}  // namespace
}  // namespace livetape::base
