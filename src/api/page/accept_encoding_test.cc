#include "api/page/accept_encoding.h"

#include <gtest/gtest.h>

namespace livetape::api {
namespace {

TEST(AcceptEncoding, NamedCodingsHaveTheirWeight) {
  EXPECT_EQ(CodingWeight("gzip, deflate, br", "br"), 1000);
  EXPECT_EQ(CodingWeight("gzip;q=0.5, BR ; Q=0.25", "br"), 250);
  EXPECT_EQ(CodingWeight("gzip;q=0.5", "gzip"), 500);
  EXPECT_EQ(CodingWeight("gzip;q=1.000", "gzip"), 1000);
  EXPECT_EQ(CodingWeight("gzip;q=0", "gzip"), 0);
}

TEST(AcceptEncoding, WhatIsNotNamedHasTheWeightOfTheStar) {
  EXPECT_EQ(CodingWeight("*", "br"), 1000);
  EXPECT_EQ(CodingWeight("gzip, *;q=0.1", "br"), 100);
  EXPECT_EQ(CodingWeight("br;q=0, *", "br"), 0);
  EXPECT_EQ(CodingWeight("gzip", "br"), 0);
  EXPECT_EQ(CodingWeight("", "gzip"), 0);
}

TEST(AcceptEncoding, IdentityIsTakenUnlessItIsRefused) {
  EXPECT_EQ(CodingWeight("", "identity"), 1);
  EXPECT_EQ(CodingWeight("gzip", "identity"), 1);
  EXPECT_EQ(CodingWeight("identity;q=0", "identity"), 0);
  EXPECT_EQ(CodingWeight("*;q=0", "identity"), 0);
}

TEST(AcceptEncoding, BrokenWeightsRefuse) {
  for (const auto* field : {"gzip;q=", "gzip;q=2", "gzip;q=1.5", "gzip;q=0.12345", "gzip;q=x",
                            "gzip;x=1", "gzip;", "gzip;q=.5", "gzip;q=0,5"}) {
    EXPECT_EQ(CodingWeight(field, "gzip"), 0) << field;
  }
  EXPECT_EQ(CodingWeight(",,;,gzip", "gzip"), 1000);
}

}  // namespace
}  // namespace livetape::api
