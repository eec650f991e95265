#include "store/schema.h"

#include <gtest/gtest.h>

#include "store/testing.h"

namespace livetape::store {
namespace {

class SchemaTest : public testing::Test {
 protected:
  SchemaTest() : path_(folder_.path() / "store.db") {}
  sqlite::Database Connect() {
    auto opened = sqlite::Database::Open(path_, sqlite::OpenMode::kCreate);
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }
  std::string Refusal(std::span<const std::string_view> migrations = Migrations()) {
    sqlite::Database database = Connect();
    const auto done = BringUpToDate(database, migrations);
    EXPECT_FALSE(done);
    return done ? "" : done.error().message;
  }
  void Exec(const std::string& sql) {
    sqlite::Database database = Connect();
    const auto done = database.Exec(sql);
    ASSERT_TRUE(done) << done.error().message;
  }

  TemporaryFolder folder_;
  const std::filesystem::path path_;
  const std::array<std::string_view, 3> migrations_ = {
      "CREATE TABLE a (x); INSERT INTO a VALUES (1)", "ALTER TABLE a ADD COLUMN y DEFAULT 2",
      "CREATE TABLE b AS SELECT x + y AS z FROM a"};
};

TEST_F(SchemaTest, AnEmptyFileGetsAllAndIsMarked) {
  sqlite::Database database = Connect();
  ASSERT_TRUE(BringUpToDate(database));
  EXPECT_EQ(*database.QueryInt("PRAGMA application_id"), 0x4C545374);
  EXPECT_EQ(*database.QueryInt("PRAGMA user_version"), 4);
  ASSERT_TRUE(BringUpToDate(database));
}

TEST_F(SchemaTest, AnOlderFormIsBroughtUpToDateStepByStep) {
  {
    sqlite::Database database = Connect();
    ASSERT_TRUE(BringUpToDate(database, std::span(migrations_).first(1)));
    EXPECT_EQ(*database.QueryInt("PRAGMA user_version"), 1);
  }
  sqlite::Database database = Connect();
  ASSERT_TRUE(BringUpToDate(database, migrations_));
  EXPECT_EQ(*database.QueryInt("PRAGMA user_version"), 3);
  EXPECT_EQ(*database.QueryInt("SELECT z FROM b"), 3);
}

// Where a large batch was half written, snapshots may be missing: nothing is said of a checkpoint.
TEST_F(SchemaTest, AnOlderStoresCheckpointIsWhatItHasWhole) {
  for (const int reach : {0, 7, 9}) {
    sqlite::Database database = Connect();
    ASSERT_TRUE(BringUpToDate(database, Migrations().first(2)));
    ASSERT_TRUE(database.Exec("UPDATE meta SET value = 7 WHERE key = 'through'"));
    ASSERT_TRUE(
        database.Exec("UPDATE meta SET value = " + std::to_string(reach) + " WHERE key = 'reach'"));
    ASSERT_TRUE(BringUpToDate(database));
    EXPECT_EQ(*database.QueryInt("SELECT value FROM meta WHERE key = 'checkpoint'"),
              reach > 7 ? 0 : 7);
    std::filesystem::remove(path_);
  }
}

TEST_F(SchemaTest, AStepThatFailsLeavesTheFormBeforeIt) {
  const std::array<std::string_view, 2> broken = {migrations_[0],
                                                  "INSERT INTO a VALUES (5); SELECT * FROM none"};
  EXPECT_NE(Refusal(broken).find("none"), std::string::npos);
  sqlite::Database database = Connect();
  EXPECT_EQ(*database.QueryInt("PRAGMA user_version"), 1);
  EXPECT_EQ(*database.QueryInt("SELECT count(*) FROM a"), 1);
  EXPECT_TRUE(BringUpToDate(database, migrations_));
}

TEST_F(SchemaTest, ANewerFormIsRefusedAndLeftAlone) {
  {
    sqlite::Database database = Connect();
    ASSERT_TRUE(BringUpToDate(database));
  }
  Exec("PRAGMA user_version = 7");
  const std::string refusal = Refusal();
  EXPECT_NE(refusal.find(path_.string()), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("version 7"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("or a newer one"), std::string::npos) << refusal;
  sqlite::Database database = Connect();
  EXPECT_EQ(*database.QueryInt("PRAGMA user_version"), 7);
}

TEST_F(SchemaTest, SomebodyElsesFileIsRefused) {
  Exec("CREATE TABLE t (a)");
  EXPECT_NE(Refusal().find("is not livetape's store"), std::string::npos);
  Exec("PRAGMA application_id = 5");
  EXPECT_NE(Refusal().find("application id is 5"), std::string::npos);
}

}  // namespace
}  // namespace livetape::store
