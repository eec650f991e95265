#include "floor/match_queue.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "base/random.h"
#include "floor/open_orders.h"

namespace livetape::floor {
namespace {

using model::OrderId;

TEST(MatchQueue, AnEmptyOneIsNeverReached) {
  const MatchQueue queue;
  EXPECT_EQ(queue.best(), MatchQueue::kNever);
  EXPECT_EQ(queue.After({}), nullptr);
}

TEST(MatchQueue, SoonestFirstThenOldest) {
  MatchQueue queue;
  OpenOrder order;
  queue.Add(5, OrderId(1), order);
  queue.Add(3, OrderId(3), order);
  queue.Add(3, OrderId(2), order);
  EXPECT_EQ(queue.best(), 3);
  const MatchQueue::Spot first = *queue.After({});
  EXPECT_EQ(first.id, OrderId(2));
  queue.Remove(3, OrderId(2));
  EXPECT_EQ(queue.After(first)->id, OrderId(3)) << "also when the first has gone";
  queue.Remove(3, OrderId(3));
  queue.Remove(5, OrderId(1));
  EXPECT_TRUE(queue.empty());
}

// Against a sorted set.
TEST(MatchQueue, ManyComeAndGo) {
  const uint64_t seed = testing::UnitTest::GetInstance()->random_seed() + 1;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  MatchQueue queue;
  OpenOrder order;
  std::set<std::pair<int64_t, uint64_t>> model;
  for (uint64_t id = 1; id <= 20'000; ++id) {
    // Grows first, then shrinks.
    if (random.Below(20'000) > id / 2) {
      const auto key = static_cast<int64_t>(random.Below(500)) - 250;
      queue.Add(key, OrderId(id), order);
      model.emplace(key, id);
    } else if (!model.empty()) {
      auto gone = model.lower_bound({static_cast<int64_t>(random.Below(500)) - 250, 0});
      if (gone == model.end()) gone = model.begin();
      queue.Remove(gone->first, OrderId(gone->second));
      model.erase(gone);
    }
    ASSERT_EQ(queue.size(), model.size());
    ASSERT_EQ(queue.best(), model.empty() ? MatchQueue::kNever : model.begin()->first);
    const MatchQueue::Spot from{static_cast<int64_t>(random.Below(500)) - 250,
                                OrderId(random.Below(20'000)), nullptr};
    const auto next = model.upper_bound({from.key, from.id.value()});
    const MatchQueue::Spot* const after = queue.After(from);
    ASSERT_EQ(after == nullptr, next == model.end());
    if (after != nullptr) {
      ASSERT_EQ(after->id.value(), next->second);
    }
  }
  MatchQueue::Spot spot;
  for (const auto& [key, id] : model) {
    spot = *queue.After(spot);
    ASSERT_EQ(spot.id.value(), id);
  }
}

}  // namespace
}  // namespace livetape::floor
