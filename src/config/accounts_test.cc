#include "config/accounts.h"

#include <gtest/gtest.h>

#include "config/describe.h"
#include "config/loading_fixture.h"

namespace livetape::config {
namespace {

TEST_F(Loading, AccountsHaveTheirOwnTermsAndElseThoseOfPaper) {
  File(R"([[accounts]]
name = "alice"
key = "AK-1"
secret = "s3cret!"
owner = "alice@desk"
cash = 5000.5
multiplier = 1

[[accounts]]
name = "bob"

[paper]
cash = 70000
fee = 0.001
)");
  Set("paper.slippage_bps=3");
  const std::vector<AccountConfig> accounts = Loaded().accounts;
  ASSERT_EQ(accounts.size(), 2U);
  const AccountConfig& alice = accounts[0];
  EXPECT_EQ(alice.name, "alice");
  EXPECT_EQ(alice.key, "AK-1");
  EXPECT_EQ(alice.secret, "s3cret!");
  EXPECT_EQ(alice.owner, "alice@desk");
  EXPECT_EQ(alice.cash.ToString(), "5000.5");
  EXPECT_EQ(alice.multiplier, 1);
  EXPECT_EQ(alice.fee.ToString(), "0.001");
  EXPECT_EQ(alice.slippage_bps.ToString(), "3");
  EXPECT_EQ(alice.origins.at("cash"), path_ + ":6");
  EXPECT_FALSE(alice.origins.contains("fee"));
  const AccountConfig& bob = accounts[1];
  EXPECT_TRUE(bob.key.empty() && bob.secret.empty() && bob.owner.empty());
  EXPECT_EQ(bob.cash.ToString(), "70000");
  EXPECT_EQ(bob.multiplier, 2);
}

TEST_F(Loading, TheDefaultAccountMayBeListed) {
  File("[[accounts]]\nname = \"paper\"\ncash = 1\n");
  const Config config = Loaded();
  EXPECT_EQ(config.accounts.at(0).cash.ToString(), "1");
  EXPECT_EQ(config.paper.cash.ToString(), "100000");
}

TEST_F(Loading, AccountsMayBeNone) { EXPECT_EQ(FaultOf("accounts = []"), "loaded"); }

TEST_F(Loading, AccountFaultsNameFileLineAndKey) {
  EXPECT_EQ(FaultOf("[[accounts]]\nname = \"a\"\ncash = -5\n"),
            "FILE:3: accounts.cash: got -5, expected a number above 0 to 1000000000000000 with at "
            "most 9 decimals, in quotes if it has more than 15 digits");
  EXPECT_EQ(FaultOf("[[accounts]]\nname = \"a\"\nmultiplyer = 2\n"),
            "FILE:3: there is no key accounts.multiplyer; did you mean accounts.multiplier?");
  EXPECT_EQ(FaultOf("[[accounts]]\nname = \"a\"\ncolour = 2\n"),
            "FILE:3: there is no key accounts.colour; an account has name, key, secret, owner, "
            "cash, fee, fee_per_share, fee_min, slippage_bps, multiplier");
  EXPECT_EQ(FaultOf("[[accounts]]\nname = \"a/b\"\n"),
            "FILE:2: accounts.name: got \"a/b\", expected 1 to 64 letters, digits and . _ -");
  EXPECT_EQ(FaultOf("\n[[accounts]]\ncash = 5\n"),
            "FILE:2: accounts: got a table without name, expected name = \"...\" in it");
  EXPECT_EQ(FaultOf("[[accounts]]\nname = \"a\"\nkey = \"k\"\n"),
            "FILE:1: accounts: a has a key only, expected key and secret or neither");
  EXPECT_EQ(FaultOf("[accounts]\nname = \"a\"\n"),
            "FILE:1: accounts: got a table, expected [[accounts]] and its keys below, once for "
            "each account");
  EXPECT_EQ(FaultOf("accounts = [5]"),
            "FILE:1: accounts: got [5], expected [[accounts]] and its keys below, once for each "
            "account");
  EXPECT_EQ(FaultOf("[[acounts]]\nname = \"a\"\n"),
            "FILE:1: there is no section acounts; did you mean accounts?");
}

TEST_F(Loading, NamesAndKeysOfAccountsDiffer) {
  EXPECT_EQ(FaultOf("[[accounts]]\nname = \"a\"\n[[accounts]]\nname = \"a\"\n"),
            "FILE:4: accounts.name: got \"a\", expected a name that no account before it has");
  EXPECT_EQ(FaultOf("[[accounts]]\nname = \"a\"\nkey = \"k\"\nsecret = \"1\"\n"
                    "[[accounts]]\nname = \"b\"\nkey = \"k\"\nsecret = \"2\"\n"),
            "FILE:7: accounts.key: got \"k\", expected a key that no account before it has");
}

TEST_F(Loading, AccountTablesAreLimited) {
  std::string text;
  for (size_t i = 0; i < kAccountTablesMax; ++i) {
    text += "[[accounts]]\nname = \"a" + std::to_string(i) + "\"\n";
  }
  EXPECT_EQ(FaultOf(text), "loaded");
  EXPECT_EQ(FaultOf(text + "[[accounts]]\nname = \"b\"\n"),
            "FILE:2001: accounts: got 1001 tables, expected at most 1000");
}

TEST_F(Loading, AccountsComeFromTheFileOnly) {
  Flag("--set", "accounts.cash", "5");
  EXPECT_EQ(Fault(),
            "--set: accounts come from the configuration file only, as tables [[accounts]]");
  options_.overrides.clear();
  Set("accounts=[]");
  EXPECT_EQ(Fault(),
            "--set: accounts come from the configuration file only, as tables [[accounts]]");
  options_.overrides.clear();
  Environment("LIVETAPE_ACCOUNTS", "a");
  EXPECT_EQ(Fault(),
            "environment variable LIVETAPE_ACCOUNTS: accounts come from the configuration file "
            "only, as tables [[accounts]]");
}

TEST_F(Loading, SecretsAreNeverShown) {
  File("[[accounts]]\nname = \"a\"\nkey = \"AK\"\nsecret = \"hush-hush\"\n");
  const std::string text = Describe(Loaded());
  EXPECT_EQ(text.find("hush"), std::string::npos) << text;
  EXPECT_NE(text.find("# secret is not printed  # " + path_ + ":4\n"), std::string::npos) << text;

  const std::string fault =
      FaultOf("[[accounts]]\nname = \"a\"\nkey = \"AK\"\nsecret = \"hush hush\"\n");
  EXPECT_EQ(fault,
            "FILE:4: accounts.secret: got something else, expected 1 to 256 printable ASCII "
            "characters, no blank");
}

TEST_F(Loading, AccountsAreDescribedWithTheirOrigins) {
  File("[[accounts]]\nname = \"a\"\nfee = 0.25\n[[accounts]]\nname = \"b\"\nowner = \"o\"\n");
  const std::string text = Describe(Loaded());
  const std::string tables = text.substr(text.find("\n[[accounts]]"));
  EXPECT_EQ(tables.substr(0, tables.find("\n[[", 1)),
            "\n[[accounts]]\nname = \"a\"  # " + path_ + ":2\ncash = 100000  # paper.cash\n" +
                "fee = 0.25  # " + path_ + ":3\nfee_per_share = 0  # paper.fee_per_share\n" +
                "fee_min = 0  # paper.fee_min\nslippage_bps = 0  # paper.slippage_bps\n" +
                "multiplier = 2  # paper.multiplier\n");
  File(text);
  const std::vector<AccountConfig> again = Loaded().accounts;
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].fee.ToString(), "0.25");
  EXPECT_EQ(again[1].owner, "o");
}

TEST(AccountKeys, AreInTheHelp) {
  const std::string help = KeyHelp();
  for (const char* key : {"accounts.name\n", "accounts.secret\n", "accounts.multiplier\n",
                          "    default: that of paper.cash\n"}) {
    EXPECT_NE(help.find(key), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace livetape::config
