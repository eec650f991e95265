#include "base/disk_room.h"

#include <gtest/gtest.h>

namespace livetape::base {
namespace {

constexpr uint64_t kMib = 1 << 20;

TEST(DiskRoom, AnEighthIsLeftAndNotMoreThanIsOfUse) {
  EXPECT_EQ(ReservedRoom(0), 0U);
  EXPECT_EQ(ReservedRoom(8 * kMib), kMib);
  EXPECT_EQ(ReservedRoom(512 * kMib), 64 * kMib);
  EXPECT_EQ(ReservedRoom(1'000'000 * kMib), 64 * kMib);
}

// It is full, and has no blocks that could be counted.
TEST(DiskRoom, WhereNobodyCanSayThereIsRoom) {
  EXPECT_TRUE(CheckRoom("/proc"));
  EXPECT_TRUE(CheckRoom("/nowhere"));
}

}  // namespace
}  // namespace livetape::base
