#include "http/address_key.h"

#include <gtest/gtest.h>

namespace livetape::http {
namespace {

TEST(AddressKey, Ipv6CountsByNetwork) {
  EXPECT_EQ(AddressKey("2001:db8:1:2::1"), AddressKey("2001:db8:1:2:ffff::9"));
  EXPECT_NE(AddressKey("2001:db8:1:2::1"), AddressKey("2001:db8:1:3::1"));
  EXPECT_EQ(AddressKey("fe80::1%eth0"), AddressKey("fe80::2"));
}

TEST(AddressKey, Ipv4CountsByAddress) {
  EXPECT_NE(AddressKey("127.0.0.1"), AddressKey("127.0.0.2"));
  EXPECT_EQ(AddressKey("127.0.0.1"), AddressKey("::ffff:127.0.0.1"));
}

TEST(AddressKey, NoAddressIsLikeANetworkInUse) {
  EXPECT_NE(AddressKey("32.1.13.184"), AddressKey("2001:db8:ffff::1"));
  EXPECT_EQ(AddressKey("32.1.13.184"), 0x0000'ffff'2001'0db8U);
  EXPECT_EQ(AddressKey("2001:db8:ffff::1"), 0x2001'0db8'ffff'0000U);
}

}  // namespace
}  // namespace livetape::http
