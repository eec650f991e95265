#include "sqlite/database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <cstdlib>
#include <fstream>

#include "sqlite/fault_vfs.h"

namespace livetape::sqlite {
namespace {

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sqlite-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ / "some.db";
  }
  ~DatabaseTest() override { std::filesystem::remove_all(folder_); }

  Database Make(const std::string& vfs = "") {
    auto database = Database::Open(path_, OpenMode::kCreate, vfs);
    EXPECT_TRUE(database) << database.error().message;
    EXPECT_TRUE(database->Exec("PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER, b BLOB)"));
    return *std::move(database);
  }
  static int64_t Count(Database& database) { return *database.QueryInt("SELECT count(*) FROM t"); }

  std::filesystem::path folder_, path_;
};

TEST_F(DatabaseTest, StoresNumbersTextsAndBlobs) {
  Database database = Make();
  auto insert = database.Prepare("INSERT INTO t VALUES (?1, ?2)");
  ASSERT_TRUE(insert);
  const std::string blob("a\0b", 3);
  ASSERT_TRUE(insert->Bind(1, int64_t{-5}).BindBlob(2, blob).Run());
  ASSERT_TRUE(insert->Bind(1, uint64_t{6}).BindBlob(2, "").Run());
  ASSERT_TRUE(insert->BindText(2, "text").Run());
  auto query = database.Prepare("SELECT a, b, b IS NULL FROM t ORDER BY rowid");
  ASSERT_TRUE(query && query->Step().value());
  EXPECT_EQ(query->Int(0), -5);
  EXPECT_EQ(query->Blob(1), blob);
  ASSERT_TRUE(query->Step().value());
  EXPECT_EQ(query->Blob(1), "");
  EXPECT_EQ(query->Int(2), 0);
  ASSERT_TRUE(query->Step().value());
  EXPECT_EQ(query->Text(1), "text");
  EXPECT_FALSE(query->Step().value());
}

TEST_F(DatabaseTest, IsForItsOwnerAlone) {
  const mode_t usual = ::umask(0);
  Database database = Make();
  ASSERT_TRUE(database.Exec("INSERT INTO t (a) VALUES (1)"));
  ::umask(usual);
  for (const char* const suffix : {"", "-wal", "-shm"}) {
    const auto rights = std::filesystem::status(path_.string() + suffix).permissions();
    EXPECT_EQ(static_cast<unsigned>(rights), 0600u) << suffix;
  }
}

TEST_F(DatabaseTest, StoresBinaryFractionsExactly) {
  Database database = Make();
  auto insert = database.Prepare("INSERT INTO t (b) VALUES (?1)");
  ASSERT_TRUE(insert);
  for (const double value : {-0.1, 0.0, 1e300}) ASSERT_TRUE(insert->BindDouble(1, value).Run());
  auto query = database.Prepare("SELECT b FROM t ORDER BY rowid");
  ASSERT_TRUE(query);
  for (const double value : {-0.1, 0.0, 1e300}) {
    ASSERT_TRUE(query->Step().value());
    EXPECT_EQ(query->Double(0), value);
  }
}

TEST_F(DatabaseTest, ATransactionThatIsLeftIsRolledBack) {
  Database database = Make();
  {
    auto transaction = Transaction::Begin(database);
    ASSERT_TRUE(transaction && database.Exec("INSERT INTO t VALUES (1, 2)"));
  }
  EXPECT_EQ(Count(database), 0);
  auto transaction = Transaction::Begin(database);
  ASSERT_TRUE(transaction && database.Exec("INSERT INTO t VALUES (1, 2)"));
  ASSERT_TRUE(transaction->Commit());
  EXPECT_EQ(Count(database), 1);
}

TEST_F(DatabaseTest, AMissingFileIsNamedWithWhatHelps) {
  const auto database = Database::Open(path_, OpenMode::kReadWrite);
  ASSERT_FALSE(database);
  EXPECT_NE(database.error().message.find(path_.string()), std::string::npos);
  EXPECT_NE(database.error().message.find("must be there"), std::string::npos);
}

TEST_F(DatabaseTest, WhatIsNoDatabaseIsAnErrorAtTheFirstStatement) {
  std::ofstream(path_) << std::string(5000, 'x');
  auto database = Database::Open(path_, OpenMode::kReadWrite);
  ASSERT_TRUE(database);
  const auto value = database->QueryInt("PRAGMA user_version");
  ASSERT_FALSE(value);
  EXPECT_NE(value.error().message.find("no SQLite database"), std::string::npos);
  EXPECT_TRUE(IsDamage(value.error()));
}

TEST_F(DatabaseTest, AMissingTableIsAnErrorAndNotABug) {
  Database database = Make();
  const auto query = database.Prepare("SELECT * FROM missing");
  ASSERT_FALSE(query);
  EXPECT_NE(query.error().message.find("missing"), std::string::npos);
  EXPECT_FALSE(IsDamage(query.error()));
}

TEST_F(DatabaseTest, ACheckpointBringsTheLogIntoTheFile) {
  Database database = Make();
  ASSERT_TRUE(database.Exec("INSERT INTO t VALUES (1, zeroblob(100000))"));
  EXPECT_GT(database.wal_frames(), 20u);
  const auto state = database.Checkpoint();
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->complete());
  EXPECT_GT(std::filesystem::file_size(path_), 100'000u);
  ASSERT_TRUE(database.Exec("INSERT INTO t VALUES (2, NULL)"));
  EXPECT_LT(database.wal_frames(), 10u);  // begun anew
}

class Faults : public DatabaseTest {
 protected:
  FaultVfs disk_{"database-test"};
  Database database_ = Make(disk_.name());
  base::Result<void> Insert() {
    return database_.Exec("INSERT INTO t VALUES (1, zeroblob(50000))");
  }
};

TEST_F(Faults, AFullDiskSaysSoAndLeavesNothing) {
  disk_.SetFull(true);
  const auto inserted = Insert();
  ASSERT_FALSE(inserted);
  EXPECT_NE(inserted.error().message.find("disk is full"), std::string::npos);
  EXPECT_EQ(Count(database_), 0);
  disk_.SetFull(false);
  EXPECT_TRUE(Insert());
  EXPECT_EQ(Count(database_), 1);
}

TEST_F(Faults, AShortWriteAndAFailedSyncLeaveNothing) {
  disk_.ShortenWrites(1);
  EXPECT_FALSE(Insert());
  EXPECT_EQ(Count(database_), 0);
  disk_.FailSyncs(1);
  EXPECT_FALSE(Insert());
  EXPECT_EQ(Count(database_), 0);
  EXPECT_TRUE(Insert());
}

TEST_F(Faults, AShortWriteCanComeAfterHealthyOnes) {
  disk_.ShortenWrites(1, 4);
  EXPECT_FALSE(Insert());
  EXPECT_EQ(Count(database_), 0);
  EXPECT_TRUE(Insert());
  disk_.ShortenWrites(1, 1000);
  EXPECT_TRUE(Insert());
}

TEST_F(Faults, AFailedTransactionCanBeFollowedByAnother) {
  {
    auto transaction = Transaction::Begin(database_);
    ASSERT_TRUE(transaction && Insert());
    disk_.FailSyncs(1);
    EXPECT_FALSE(transaction->Commit());
  }
  EXPECT_FALSE(database_.in_transaction());
  auto transaction = Transaction::Begin(database_);
  ASSERT_TRUE(transaction && Insert());
  EXPECT_TRUE(transaction->Commit());
  EXPECT_EQ(Count(database_), 1);
}

TEST_F(Faults, AnUnreadableFileSaysSo) {
  ASSERT_TRUE(Insert());
  auto other = Database::Open(path_, OpenMode::kReadOnly, disk_.name());
  ASSERT_TRUE(other);
  disk_.SetUnreadable(true);
  const auto count = other->QueryInt("SELECT count(*) FROM t");
  ASSERT_FALSE(count);
  EXPECT_NE(count.error().message.find("does not read or write"), std::string::npos);
}

TEST_F(DatabaseTest, ALogThatHasGrownIsShortAgainWhenItBeginsAnew) {
  Database database = Make();
  ASSERT_TRUE(database.UseLog(CommitSync::kNormal));
  Database reader = *Database::Open(path_, OpenMode::kReadOnly);
  ASSERT_TRUE(reader.Exec("BEGIN"));
  EXPECT_EQ(Count(reader), 0);  // from here on the log may not begin anew
  for (int i = 0; i < 80; ++i) {
    ASSERT_TRUE(database.Exec("DELETE FROM t; INSERT INTO t VALUES (1, zeroblob(1000000))"));
    ASSERT_TRUE(database.Checkpoint());
  }
  const auto log = path_.string() + "-wal";
  EXPECT_GT(std::filesystem::file_size(log), kLogBytesKept);
  ASSERT_TRUE(reader.Exec("COMMIT"));
  ASSERT_TRUE(database.Checkpoint()->complete());
  ASSERT_TRUE(database.Exec("DELETE FROM t"));
  EXPECT_LE(std::filesystem::file_size(log), kLogBytesKept);
}

}  // namespace
}  // namespace livetape::sqlite
