#include "sqlite/copy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "base/temporary_folder.h"

namespace livetape::sqlite {
namespace {

base::Result<bool> Copy(const std::filesystem::path& from, const std::filesystem::path& to,
                        const CopyProgress& progress) {
  auto snapshot = ReadSnapshot::Take(from);
  if (!snapshot) return std::unexpected(std::move(snapshot.error()));
  return snapshot->CopyTo(to, progress);
}

class CopyTest : public testing::Test {
 protected:
  CopyTest() : from_(folder_.path() / "from.db"), to_(folder_.path() / "to.db") {
    EXPECT_TRUE(Write("PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER, b TEXT)"));
  }
  bool Write(const std::string& sql) {
    if (!writer_) {
      auto opened = Database::Open(from_, OpenMode::kCreate);
      EXPECT_TRUE(opened);
      writer_ = std::make_unique<Database>(*std::move(opened));
    }
    return writer_->Exec(sql).has_value();
  }
  void Fill(int rows) {
    ASSERT_TRUE(Write("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                      std::to_string(rows) +
                      ") INSERT INTO t SELECT i, hex(randomblob(500)) FROM n"));
  }
  int64_t CountOfCopy() {
    auto copy = Database::Open(to_, OpenMode::kReadOnly);
    EXPECT_TRUE(copy);
    return *copy->QueryInt("SELECT count(*) FROM t");
  }

  const base::TemporaryFolder folder_;
  const std::filesystem::path from_, to_;
  std::unique_ptr<Database> writer_;
};

TEST_F(CopyTest, IsOfOneMomentWhileOthersWrite) {
  Fill(5000);
  int told = 0;
  const auto copied = Copy(from_, to_, [&](uint64_t pages, uint64_t of) {
    EXPECT_LE(pages, of);
    ++told;
    EXPECT_TRUE(Write("INSERT INTO t VALUES (0, 'later')"));
    return true;
  });
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_TRUE(*copied);
  EXPECT_GT(told, 3);
  EXPECT_EQ(CountOfCopy(), 5000);
  struct stat status{};
  ASSERT_EQ(::stat(to_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(CopyTest, IsOfTheMomentAtWhichTheSnapshotWasTaken) {
  Fill(10);
  auto snapshot = ReadSnapshot::Take(from_);
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  ASSERT_TRUE(Write("DELETE FROM t"));
  EXPECT_TRUE(*snapshot->CopyTo(to_, [](uint64_t, uint64_t) { return true; }));
  EXPECT_EQ(CountOfCopy(), 10);
}

TEST_F(CopyTest, OfAFileThatNobodyUses) {
  Fill(10);
  writer_.reset();
  EXPECT_TRUE(*Copy(from_, to_, [](uint64_t, uint64_t) { return true; }));
  EXPECT_EQ(CountOfCopy(), 10);
}

TEST_F(CopyTest, StopsWhenItIsTold) {
  Fill(5000);
  const auto copied = Copy(from_, to_, [](uint64_t, uint64_t) { return false; });
  ASSERT_TRUE(copied);
  EXPECT_FALSE(*copied);
}

TEST_F(CopyTest, ReplacesNothing) {
  std::ofstream(to_) << "mine";
  const auto copied = Copy(from_, to_, [](uint64_t, uint64_t) { return true; });
  ASSERT_FALSE(copied);
  EXPECT_TRUE(copied.error().message.ends_with("to.db is there already")) << copied.error().message;
}

TEST_F(CopyTest, OfNothingIsAnError) {
  const auto copied =
      Copy(folder_.path() / "none.db", to_, [](uint64_t, uint64_t) { return true; });
  ASSERT_FALSE(copied);
  EXPECT_NE(copied.error().message.find("none.db"), std::string::npos) << copied.error().message;
}

TEST_F(CopyTest, DamageIsAnError) {
  Fill(500);
  writer_.reset();
  std::fstream file(from_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096 * 3);
  file << std::string(4096 * 20, '\x55');
  file.close();
  const auto copied = Copy(from_, to_, [](uint64_t, uint64_t) { return true; });
  ASSERT_FALSE(copied);
  EXPECT_NE(copied.error().message.find("to.db"), std::string::npos) << copied.error().message;
}

}  // namespace
}  // namespace livetape::sqlite
