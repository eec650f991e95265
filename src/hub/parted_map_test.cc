#include "hub/parted_map.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "hub/state_key_map.h"

namespace livetape::hub {
namespace {

TEST(PartedMap, FindsByWhatAKeySaysAndForgetsWhatIsErased) {
  std::vector<std::unique_ptr<StateKey>> keys;
  StateKeyMap<int> map;
  for (int i = 0; i < 5000; ++i) {
    keys.push_back(std::make_unique<StateKey>(fmt::format("t/{}", i), "type", "key"));
    map.Add(StateKeyRef(*keys.back()), i);
  }
  EXPECT_EQ(map.size(), 5000u);
  for (int i = 0; i < 5000; i += 2)
    map.Erase(StateKeyRef(StateKey(fmt::format("t/{}", i), "type", "key")));
  EXPECT_EQ(map.size(), 2500u);
  for (int i = 0; i < 5000; ++i) {
    const int* const found = map.Find(StateKeyRef(StateKey(fmt::format("t/{}", i), "type", "key")));
    ASSERT_EQ(found != nullptr, i % 2 == 1) << i;
    if (found == nullptr) continue;
    ASSERT_EQ(*found, i);
  }
  EXPECT_EQ(map.Find(StateKeyRef(StateKey("t/1", "type", "other"))), nullptr);
  *map.Find(StateKeyRef(*keys[1])) = 7;
  EXPECT_EQ(*std::as_const(map).Find(StateKeyRef(*keys[1])), 7);
}

TEST(PartedMap, GivesItsPlacesBack) {
  constexpr int kKeys = 100'000;
  StateKeyMap<int> map;
  std::vector<std::unique_ptr<StateKey>> keys;
  for (int i = 0; i < kKeys; ++i) {
    keys.push_back(std::make_unique<StateKey>(fmt::format("t/{}", i), "type", "key"));
    map.Add(StateKeyRef(*keys.back()), i);
  }
  EXPECT_GE(map.places(), size_t{kKeys});
  for (int i = 1; i < kKeys; ++i) map.Erase(StateKeyRef(*keys[i]));
  EXPECT_LT(map.places(), size_t{kKeys} / 4);
  EXPECT_EQ(*map.Find(StateKeyRef(*keys[0])), 0);
}

}  // namespace
}  // namespace livetape::hub
