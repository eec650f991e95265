#include "auth/api_key.h"

#include <gtest/gtest.h>

#include <set>

namespace livetape::auth {
namespace {

TEST(ApiKey, HasTheFormThatClientsExpect) {
  const ApiKey key = MakeApiKey();
  EXPECT_EQ(key.id.size(), 20u);
  EXPECT_TRUE(key.id.starts_with("PK"));
  EXPECT_EQ(key.secret.size(), 40u);
}

TEST(ApiKey, IsNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const ApiKey key = MakeApiKey();
    EXPECT_TRUE(seen.insert(key.id).second);
    EXPECT_TRUE(seen.insert(key.secret).second);
  }
}

TEST(ApiKey, HashesAsTheStandardSays) {
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(HashSecret("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ApiKey, OnlyItsOwnSecretMatches) {
  const std::string hash = HashSecret("open sesame");
  EXPECT_TRUE(SecretMatches(hash, "open sesame"));
  EXPECT_FALSE(SecretMatches(hash, "open sesam"));
  EXPECT_FALSE(SecretMatches(hash, ""));
  EXPECT_FALSE(SecretMatches("", ""));
}

}  // namespace
}  // namespace livetape::auth
