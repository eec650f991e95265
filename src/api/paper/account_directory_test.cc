#include "api/paper/account_directory.h"

#include <gtest/gtest.h>

#include "auth/api_key.h"
#include "base/clock.h"

namespace livetape::api {
namespace {

class AccountDirectoryTest : public testing::Test {
 protected:
  static auth::KeySet Keys() {
    auth::KeySet keys;
    keys.keys.push_back({"", *auth::VerificationKey::Secret("a secret of thirty-two bytes or so")});
    return keys;
  }
  void Apply(AccountChange::Kind kind, const std::string& name, const std::string& key) {
    AccountProfile profile;
    profile.name = name;
    profile.key_id = key;
    profile.secret_hash = auth::HashSecret("secret");
    directory_.Apply({.kind = kind, .time = clock_.Wall(), .profile = std::move(profile)});
  }
  // The account that the key opens, or "".
  std::string Opens(std::string_view key) const {
    return directory_.OfKey(key, "secret").value_or(AccountWish{}).name;
  }

  using Kind = AccountChange::Kind;
  base::ManualClock clock_{base::WallTime(std::chrono::hours(1))};
  config::AuthConfig config_;
  auth::TokenVerifier verifier_{Keys()};
  auth::RevokedSessions revoked_;
  const Access access_{config_, verifier_, revoked_, clock_};
  AccountDirectory directory_{access_, true, "paper"};
};

TEST_F(AccountDirectoryTest, AKeyThatIsGivenUpOpensNothing) {
  Apply(Kind::kOpen, "ann", "K1");
  EXPECT_EQ(Opens("K1"), "ann");
  Apply(Kind::kSettings, "ann", "K2");
  EXPECT_EQ(Opens("K1"), "");
  EXPECT_EQ(Opens("K2"), "ann");
}

TEST_F(AccountDirectoryTest, KeysAreSwappedInAnyOrder) {
  Apply(Kind::kOpen, "ann", "K1");
  Apply(Kind::kOpen, "ben", "K2");
  Apply(Kind::kSettings, "ben", "K1");
  Apply(Kind::kSettings, "ann", "K2");
  EXPECT_EQ(Opens("K1"), "ben");
  EXPECT_EQ(Opens("K2"), "ann");
}

// The snapshot of one account may be newer than that of another, whose record comes later.
TEST_F(AccountDirectoryTest, AKeyThatTwoHaveForAWhileIsInTheEndThatOfWhoKeepsIt) {
  Apply(Kind::kOpen, "ann", "K1");  // as it is
  Apply(Kind::kOpen, "cyd", "K1");  // as it was
  Apply(Kind::kSettings, "cyd", "K2");
  EXPECT_EQ(Opens("K1"), "ann");
  EXPECT_EQ(Opens("K2"), "cyd");
}

}  // namespace
}  // namespace livetape::api
