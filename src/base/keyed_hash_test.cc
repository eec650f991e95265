#include "base/keyed_hash.h"

#include <gtest/gtest.h>

namespace livetape::base {
namespace {

// What Python 3.11 says with PYTHONHASHSEED=0: hash(b'abcdefgh') & (2**64 - 1).
TEST(SipHash13, IsThatOfOthers) {
  EXPECT_EQ(SipHash13({}, "a"), 0x4074'48d2'b89b'1813u);
  EXPECT_EQ(SipHash13({}, "abcdefg"), 0x6db1'2aae'9070'f506u);
  EXPECT_EQ(SipHash13({}, "abcdefgh"), 0x3f7b'849c'0b8e'35eau);
  EXPECT_EQ(SipHash13({}, "abcdefghijklmnopqrstuvwxyz"), 0x323c'cd2f'd307'09dfu);
}

TEST(SipHash13, DependsOnBothHalvesOfItsKey) {
  EXPECT_NE(SipHash13({.first = 1, .second = 0}, "a"), SipHash13({}, "a"));
  EXPECT_NE(SipHash13({.first = 0, .second = 1}, "a"), SipHash13({}, "a"));
}

TEST(KeyedHash, HasAKeyOfItsOwn) {
  EXPECT_EQ(KeyedHash("a"), KeyedHash("a"));
  EXPECT_NE(KeyedHash("a"), SipHash13({}, "a"));
}

}  // namespace
}  // namespace livetape::base
