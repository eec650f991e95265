// Opening after a clean stop, a crash, damage, and by a second process.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "sqlite/database.h"
#include "tape/testing.h"

namespace livetape::tape {
namespace {

class Recovery : public TapeFixture {
 protected:
  std::string OpenError() {
    const auto opened = TryOpen(options_.folder);
    return opened ? "" : opened.error().message;
  }
  static void Overwrite(const std::filesystem::path& path, size_t at, const std::string& bytes) {
    std::fstream out(path, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(at));
    out << bytes;
  }
};

TEST_F(Recovery, AfterACleanStopAllIsThereUnderTheSameEpoch) {
  Open();
  const std::string epoch(tape_->epoch());
  Publish(100);
  Reopen();
  EXPECT_EQ(tape_->epoch(), epoch);
  EXPECT_EQ(tape_->head(), 100u);
  EXPECT_EQ(RingTexts().size(), 100u);
  Publish(1);
  EXPECT_EQ(tape_->head(), 101u);
}

TEST_F(Recovery, AfterACrashAllThatWasAcknowledgedIsThere) {
  Open();
  const std::string epoch(tape_->epoch());
  for (int i = 0; i < 20; ++i) {
    Publish(50);
    Crash();
    ASSERT_EQ(tape_->head(), 50u * static_cast<unsigned>(i + 1));
  }
  EXPECT_EQ(tape_->epoch(), epoch);
}

TEST_F(Recovery, AfterACrashWithLessThanFullSyncANewEpochBegins) {
  options_.sync = Sync::kNormal;
  Open();
  const std::string epoch(tape_->epoch());
  Publish(10);
  Crash();
  EXPECT_NE(tape_->epoch(), epoch);
  EXPECT_EQ(tape_->Resolve(epoch + "-7").after, 7u);
  EXPECT_EQ(tape_->Resolve(epoch + "-7").gap_reason, "");
  EXPECT_EQ(tape_->Resolve(epoch + "-11").gap_reason, "future");
  const std::string second(tape_->epoch());
  Reopen();
  EXPECT_EQ(tape_->epoch(), second);
}

TEST_F(Recovery, ACrashBeforeTheFirstRecordBeginsNoEpoch) {
  options_.sync = Sync::kNormal;
  Open();
  Publish(10);
  Crash();
  const std::string epoch(tape_->epoch());
  for (int i = 0; i < 3; ++i) {
    Crash();
    EXPECT_EQ(tape_->epoch(), epoch);
  }
  Publish(1);
  Crash();
  EXPECT_NE(tape_->epoch(), epoch);
  EXPECT_EQ(tape_->Resolve(epoch + "-11").gap_reason, "");
}

TEST_F(Recovery, ATapeKeepsItsNameHoweverManyEpochsFollow) {
  options_.sync = Sync::kNormal;
  Open();
  Publish(10);
  const std::string origin(tape_->epoch());
  Crash();
  const std::string second(tape_->epoch());
  Publish(10);
  Close();
  {
    auto database = sqlite::Database::Open(file(), sqlite::OpenMode::kReadWrite);
    ASSERT_TRUE(database &&
                database->Exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                               " WHERE i < 2000) INSERT INTO epochs SELECT 21, 'e' || i FROM n"));
  }
  Open();
  EXPECT_EQ(tape_->origin(), origin);
  EXPECT_EQ(tape_->epoch(), "e2000");
  EXPECT_EQ(tape_->LastOf(origin), 10u);
  EXPECT_EQ(tape_->LastOf(second), 20u);
  EXPECT_EQ(tape_->LastOf("e1"), 20u);
  EXPECT_EQ(tape_->LastOf("e2001"), std::nullopt);
  EXPECT_EQ(tape_->Resolve("e1001-20").gap_reason, "");
  EXPECT_EQ(tape_->Resolve("e1000-20").gap_reason, "unknown_epoch");
}

TEST_F(Recovery, AnotherProgramThatReadsKeepsNoTapeFromOpening) {
  Open();
  const std::string epoch(tape_->epoch());
  Publish(10);
  auto reader = sqlite::Database::Open(file(), sqlite::OpenMode::kReadOnly);
  ASSERT_TRUE(reader && reader->Exec("BEGIN") && reader->QueryInt("SELECT count(*) FROM blocks"));
  for (const uint64_t head : {uint64_t{20}, uint64_t{30}}) {
    Publish(10);
    Reopen();
    EXPECT_EQ(tape_->head(), head);
    EXPECT_EQ(tape_->epoch(), epoch);
  }
  EXPECT_TRUE(std::ranges::any_of(
      said_, [](const std::string& line) { return line.contains("another program reads"); }));
  ASSERT_TRUE(reader->Exec("COMMIT"));
  Publish(10);
  // What was left in the log has been copied since: the main file says alone that it is in use.
  const auto image = folder_.path() / "image";
  CopyFolder(image);
  Close();
  std::filesystem::remove(image / "tape.db-wal");
  options_.folder = image;
  Open();
  EXPECT_NE(tape_->epoch(), epoch);
}

TEST_F(Recovery, ACrashThatLostTheWriteAheadLogBeginsANewEpoch) {
  Open();
  const std::string epoch(tape_->epoch());
  Publish(1);  // copied, with the mark that the tape is in use
  Publish(9);
  const auto image = folder_.path() / "image";
  CopyFolder(image);
  Close();
  std::filesystem::remove(image / "tape.db-wal");
  options_.folder = image;
  Open();
  EXPECT_LT(tape_->head(), 10u);
  EXPECT_NE(tape_->epoch(), epoch);
  EXPECT_EQ(tape_->Resolve(epoch + "-10").gap_reason, "future");
}

TEST_F(Recovery, TheRingHoldsTheNewestByCountAndByBytes) {
  options_.ring_records = 25;
  Open();
  for (int i = 0; i < 10; ++i) Publish(10);
  Reopen();
  EXPECT_EQ(tape_->ring().head(), 100u);
  EXPECT_EQ(tape_->ring().oldest(), 81u);
  options_.ring_bytes = 500;
  Reopen();
  EXPECT_EQ(tape_->ring().head(), 100u);
  EXPECT_GT(tape_->ring().oldest(), 90u);
  EXPECT_EQ(tape_->oldest(), 1u);
}

TEST_F(Recovery, ASecondProcessIsToldWhoHoldsTheFolder) {
  Open();
  const std::string error = OpenError();
  EXPECT_NE(error.find(options_.folder.string()), std::string::npos) << error;
  EXPECT_NE(error.find(std::to_string(::getpid())), std::string::npos) << error;
  Close();
  Open();
}

TEST_F(Recovery, TheFolderIsItsOwnersAlone) {
  Open();
  const auto permissions = std::filesystem::status(options_.folder).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_all);
}

TEST_F(Recovery, DamageIsRefusedWithTheCommandsThatHelp) {
  Open();
  for (int i = 0; i < 50; ++i) Publish(100);
  Close();
  Overwrite(file(), std::filesystem::file_size(file()) / 2, std::string(4096, 'x'));
  const std::string error = OpenError();
  EXPECT_NE(error.find("livetape tape check --data-dir"), std::string::npos) << error;
  EXPECT_NE(error.find("livetape tape repair --data-dir"), std::string::npos) << error;
}

TEST_F(Recovery, AFileThatIsCutOffIsRefused) {
  Open();
  for (int i = 0; i < 50; ++i) Publish(100);
  Close();
  const auto size = std::filesystem::file_size(file());
  for (const auto left : {size - 4096, size / 2, uintmax_t{4096}, uintmax_t{100}, uintmax_t{0}}) {
    std::filesystem::resize_file(file(), left);
    EXPECT_NE(OpenError(), "") << left;
  }
}

TEST_F(Recovery, AWriteAheadLogWithoutItsFileIsRefused) {
  Open();
  Publish(5);
  const auto image = folder_.path() / "image";
  CopyFolder(image);
  std::filesystem::remove(image / "tape.db");
  options_.folder = image;
  EXPECT_NE(OpenError().find("put the file back"), std::string::npos);
}

TEST_F(Recovery, AFileOfSomebodyElseOrOfANewerFormatIsRefused) {
  Open();
  Close();
  {
    auto database = sqlite::Database::Open(file(), sqlite::OpenMode::kReadWrite);
    ASSERT_TRUE(database && database->Exec("PRAGMA user_version = 99"));
  }
  EXPECT_NE(OpenError().find("format 99"), std::string::npos) << OpenError();
  EXPECT_EQ(OpenError().find("tape repair"), std::string::npos) << "which refuses it too";
  {
    auto database = sqlite::Database::Open(file(), sqlite::OpenMode::kReadWrite);
    ASSERT_TRUE(database && database->Exec("PRAGMA application_id = 7"));
  }
  EXPECT_NE(OpenError().find("is not a tape"), std::string::npos) << OpenError();
  EXPECT_NE(OpenError().find("move it away"), std::string::npos) << OpenError();
  EXPECT_EQ(OpenError().find("tape repair"), std::string::npos) << "which refuses it too";
}

TEST_F(Recovery, AHoleInTheSequenceIsRefused) {
  Open();
  for (int i = 0; i < 10; ++i) Publish(10);
  Close();
  {
    auto database = sqlite::Database::Open(file(), sqlite::OpenMode::kReadWrite);
    ASSERT_TRUE(database && database->Exec("DELETE FROM blocks WHERE first_seq = 41"));
  }
  EXPECT_NE(OpenError().find("hole: after record 40"), std::string::npos) << OpenError();
}

// A process that publishes, tells each acknowledged number through a pipe, and is killed.
[[noreturn]] void PublishUntilKilled(const std::filesystem::path& folder, int out) {
  const base::RealClock clock;
  metrics::Registry metrics;
  base::Log log(base::LogLevel::kError, [](base::LogLevel, std::string_view) {});
  Tape::Options options;
  options.folder = folder;
  options.keep_records = 2000;
  auto tape = Tape::Open(options, clock, base::Random(1), metrics, log);
  if (!tape) ::_exit(1);
  (*tape)->Start();
  class Telling : public Submission {
   public:
    Telling(int fd, size_t count) : fd_(fd), count_(count) {}
    void OnCommitted(uint64_t first_seq, base::WallTime) override {
      const uint64_t last = first_seq + count_ - 1;
      if (::write(fd_, &last, sizeof(last)) != sizeof(last)) ::_exit(1);
    }
    void OnRefused(Refusal) override {}

   private:
    int fd_;
    size_t count_;
  };
  for (size_t i = 0;; ++i) {
    const size_t count = i % 7 + 1;
    std::unique_ptr<Submission> submission = std::make_unique<Telling>(out, count);
    for (size_t j = 0; j < count; ++j) {
      submission->records.push_back(Message(std::string(i % 300, 'x')));
    }
    (void)(*tape)->Submit(submission);  // when the queue is full, the next one
  }
}

TEST_F(Recovery, KilledInTheMiddleOfWritingLosesNothingAcknowledged) {
  uint64_t last = 0;
  for (uint64_t round = 1; round <= 8; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      PublishUntilKilled(options_.folder, pipe[1]);
    }
    ::close(pipe[1]);
    uint64_t told = 0, seq = 0;
    for (uint64_t i = 0; i < 97 * round; ++i) {
      if (::read(pipe[0], &seq, sizeof(seq)) != sizeof(seq)) break;
      told = seq;
    }
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &seq, sizeof(seq)) == sizeof(seq)) told = seq;
    ::close(pipe[0]);
    ::waitpid(child, nullptr, 0);
    ASSERT_GT(told, last);
    Open();
    EXPECT_GE(tape_->head(), told);
    std::vector<RecordRef> records;
    EXPECT_TRUE(tape_->ring().Read(tape_->ring().oldest() - 1, 1 << 20, records));
    EXPECT_EQ(records.back()->seq, tape_->head());
    last = tape_->head();
    Close();
  }
}

}  // namespace
}  // namespace livetape::tape
