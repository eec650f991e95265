#include "floor/open_orders.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace livetape::floor {
namespace {

using model::OrderId;

model::Order WithId(uint64_t id) {
  model::Order order;
  order.id = OrderId(id);
  return order;
}

TEST(OpenOrders, AnOrderIsFoundUntilItIsRemoved) {
  OpenOrders orders;
  OrderList account;
  EXPECT_EQ(orders.Find(OrderId(1)), nullptr);
  OpenOrder& one = orders.Add(WithId(1), account);
  EXPECT_EQ(orders.Find(OrderId(1)), &one);
  EXPECT_EQ(orders.Find(OrderId(0)), nullptr);
  orders.Remove(one, account);
  EXPECT_EQ(orders.Find(OrderId(1)), nullptr);
  EXPECT_EQ(account.first, nullptr);
}

TEST(OpenOrders, ThereIsRoomForVeryMany) {
  OpenOrders orders;
  OrderList account;
  constexpr uint64_t kMany = 40'000;  // many blocks more than a size has bits
  for (uint64_t id = 1; id <= kMany; ++id) orders.Add(WithId(id), account);
  for (uint64_t id = 1; id <= kMany; ++id) {
    const OpenOrder* const found = orders.Find(OrderId(id));
    ASSERT_NE(found, nullptr) << id;
    EXPECT_EQ(found->order.id, OrderId(id));
  }
  EXPECT_EQ(account.size, kMany);
}

TEST(OpenOrders, AnAccountsOrdersAreById) {
  OpenOrders orders;
  OrderList account;
  for (const uint64_t id : {5, 2, 9, 7}) orders.Add(WithId(id), account);
  orders.Remove(*orders.Find(OrderId(5)), account);
  std::vector<uint64_t> ids;
  for (const OpenOrder* o = account.first; o != nullptr; o = o->after) {
    ids.push_back(o->order.id.value());
  }
  EXPECT_EQ(ids, (std::vector<uint64_t>{2, 7, 9}));
  EXPECT_EQ(account.size, 3U);
}

TEST(OpenOrders, ManyComeAndGoAndStayWhereTheyAre) {
  const uint64_t seed = testing::UnitTest::GetInstance()->random_seed() + 1;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  OpenOrders orders;
  OrderList account;
  std::map<uint64_t, OpenOrder*> model;
  uint64_t next = 1;
  for (int i = 0; i < 50'000; ++i) {
    if (model.size() < 10 || random.Below(5) < 3) {
      next += random.Below(3) + 1;
      model[next] = &orders.Add(WithId(next), account);
    } else {
      auto gone = model.lower_bound(random.Below(next));
      if (gone == model.end()) gone = model.begin();
      orders.Remove(*gone->second, account);
      model.erase(gone);
    }
    const uint64_t asked = random.Below(next + 2);
    const auto found = model.find(asked);
    ASSERT_EQ(orders.Find(OrderId(asked)), found == model.end() ? nullptr : found->second);
  }
  ASSERT_EQ(orders.size(), model.size());
}

}  // namespace
}  // namespace livetape::floor
