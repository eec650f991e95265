#include "config/exposure.h"

#include <gtest/gtest.h>

namespace livetape::config {
namespace {

Config ListeningOn(std::string host) {
  Config config;
  config.server.host = std::move(host);
  return config;
}

TEST(Exposure, LoopbackIsServedWithoutAuthentication) {
  for (const char* host : {"127.0.0.1", "127.8.8.8", "::1", "localhost"}) {
    EXPECT_TRUE(CheckExposure(ListeningOn(host), false)) << host;
  }
}

TEST(Exposure, AnyOtherAddressIsRefused) {
  for (const char* host :
       {"0.0.0.0", "::", "192.168.1.2", "desk.example", "127.0.0.1.example", "128.0.0.1", "::2"}) {
    EXPECT_FALSE(CheckExposure(ListeningOn(host), false)) << host;
  }
}

TEST(Exposure, TheRefusalNamesTheWaysOut) {
  EXPECT_EQ(
      CheckExposure(ListeningOn("0.0.0.0"), false).error().message,
      "server.host is 0.0.0.0, which other machines may reach, and auth.mode is none, so anyone "
      "could read and publish; listen on 127.0.0.1, set auth.mode, or pass --insecure if this is "
      "meant");
}

TEST(Exposure, InsecureAllowsIt) { EXPECT_TRUE(CheckExposure(ListeningOn("0.0.0.0"), true)); }

}  // namespace
}  // namespace livetape::config
