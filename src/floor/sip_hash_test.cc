#include "floor/sip_hash.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace livetape::floor {
namespace {

// Of the bytes 0, 1, ..., size - 1 under the key 00 01 ... 0f, as hexadecimal bytes.
std::string Hash(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(i);
  const Hash128 hash = SipHash128(0x0706050403020100, 0x0f0e0d0c0b0a0908, bytes);
  std::string text;
  for (const uint64_t half : {hash.low, hash.high}) {
    for (int i = 0; i < 8; ++i) text += fmt::format("{:02x}", (half >> (8 * i)) & 0xff);
  }
  return text;
}

// vectors_sip128 of the authors' reference code (github.com/veorq/SipHash, vectors.h).
TEST(SipHash128, GivesThePublishedVectors) {
  EXPECT_EQ(Hash(0), "a3817f04ba25a8e66df67214c7550293");
  EXPECT_EQ(Hash(1), "da87c1d86b99af44347659119b22fc45");
  EXPECT_EQ(Hash(2), "8177228da4a45dc7fca38bdef60affe4");
  EXPECT_EQ(Hash(3), "9c70b60c5267a94e5f33b6b02985ed51");
  EXPECT_EQ(Hash(7), "a1f1ebbed8dbc153c0b84aa61ff08239");
  EXPECT_EQ(Hash(8), "3b62a9ba6258f5610f83e264f31497b4");
  EXPECT_EQ(Hash(9), "264499060ad9baabc47f8b02bb6d71ed");
  EXPECT_EQ(Hash(15), "5493e99933b0a8117e08ec0f97cfc3d9");
  EXPECT_EQ(Hash(16), "6ee2a4ca67b054bbfd3315bf85230577");
  EXPECT_EQ(Hash(63), "5150d1772f50834a503e069a973fbd7c");
}

}  // namespace
}  // namespace livetape::floor
