#include "tape/check.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <vector>

#include "sqlite/database.h"
#include "tape/testing.h"
#include "tape/wal_check.h"

namespace livetape::tape {
namespace {

class CheckAndRepair : public TapeFixture {
 protected:
  void SetUp() override {
    Open();
    for (int i = 0; i < 30; ++i) Publish(10);
    old_epoch_ = tape_->epoch();
    Close();
  }
  CheckReport CheckNow() {
    auto report = Check(options_.folder, nullptr);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : CheckReport{};
  }
  RepairReport RepairNow() {
    auto report = Repair(options_.folder, clock_, base::Random(77), nullptr);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : RepairReport{};
  }
  void Change(const std::string& sql) {
    auto database = sqlite::Database::Open(file(), sqlite::OpenMode::kReadWrite);
    ASSERT_TRUE(database && database->Exec(sql));
  }
  // Where `text` stands in the file.
  size_t PlaceOf(const std::string& text) {
    std::ifstream in(file(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    return bytes.find(text);
  }
  void Overwrite(size_t at, const std::string& bytes) {
    std::fstream out(file(), std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(at));
    out << bytes;
  }
  // The tape holds 1 to `head` and goes on after it under a new epoch.
  void ExpectGoodUpTo(uint64_t head) {
    Open();
    EXPECT_EQ(tape_->head(), head);
    EXPECT_NE(tape_->epoch(), old_epoch_);
    EXPECT_EQ(RingTexts().size(), head);
    EXPECT_EQ(tape_->Resolve(old_epoch_ + "-" + std::to_string(head)).gap_reason, "");
    EXPECT_EQ(tape_->Resolve(old_epoch_ + "-" + std::to_string(head + 1)).gap_reason, "future");
    Publish(3);
    EXPECT_EQ(tape_->head(), head + 3);
    Close();
    EXPECT_EQ(CheckNow().damage, std::nullopt);
  }
  std::string old_epoch_;
};

TEST_F(CheckAndRepair, AGoodTapeIsCountedAndLeftAlone) {
  const CheckReport report = CheckNow();
  EXPECT_EQ(report.damage, std::nullopt);
  EXPECT_EQ(report.records, 300u);
  EXPECT_EQ(report.blocks, 30u);
  EXPECT_EQ(report.oldest, 1u);
  EXPECT_EQ(report.head, 300u);
  EXPECT_EQ(report.epoch, old_epoch_);
  EXPECT_TRUE(report.clean);
  EXPECT_TRUE(RepairNow().damaged_file.empty());
  Open();
  EXPECT_EQ(tape_->epoch(), old_epoch_);
}

TEST_F(CheckAndRepair, ARestoredBackupGoesOnUnderANewEpoch) {
  ASSERT_TRUE(MarkRestored(options_.folder));
  ExpectGoodUpTo(300);
  Open();
  const std::string epoch(tape_->epoch());
  Reopen();
  EXPECT_EQ(tape_->epoch(), epoch) << "once";
}

TEST_F(CheckAndRepair, WithoutATapeNothingIsRestored) {
  EXPECT_FALSE(MarkRestored(options_.folder / "nowhere"));
}

TEST_F(CheckAndRepair, CheckReadsATapeThatIsOpen) {
  Open();
  Publish(5);
  const CheckReport report = CheckNow();
  EXPECT_EQ(report.damage, std::nullopt);
  EXPECT_EQ(report.head, 305u);
  EXPECT_FALSE(report.clean);
  EXPECT_FALSE(Repair(options_.folder, clock_, base::Random(1), nullptr));
}

TEST_F(CheckAndRepair, WithoutATapeThereIsNothingToCheck) {
  const auto report = Check(folder_.path() / "elsewhere", nullptr);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("there is no tape"), std::string::npos);
}

TEST_F(CheckAndRepair, AChangedByteEndsWhatIsGood) {
  const size_t place = PlaceOf("t/amessage201");
  ASSERT_NE(place, std::string::npos);
  Overwrite(place + 12, "X");
  const CheckReport checked = CheckNow();
  ASSERT_TRUE(checked.damage);
  EXPECT_NE(checked.damage->find("201 to 210"), std::string::npos) << *checked.damage;
  EXPECT_EQ(checked.head, 200u);
  const RepairReport repaired = RepairNow();
  EXPECT_EQ(repaired.kept.head, 200u);
  EXPECT_EQ(repaired.kept.records, 200u);
  EXPECT_EQ(repaired.lost, 100u);
  EXPECT_TRUE(std::filesystem::exists(repaired.damaged_file));
  ExpectGoodUpTo(200);
}

TEST_F(CheckAndRepair, AHoleEndsWhatIsGood) {
  Change("DELETE FROM blocks WHERE first_seq = 101");
  EXPECT_NE(CheckNow().damage->find("hole: after record 100 comes 111"), std::string::npos);
  EXPECT_EQ(RepairNow().lost, 200u);
  ExpectGoodUpTo(100);
}

TEST_F(CheckAndRepair, AnIndexThatLiesLosesNothing) {
  Change(
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage ="
      " (SELECT rootpage FROM sqlite_schema WHERE name = 'blocks_scan')"
      " WHERE name = 'sqlite_autoindex_epochs_1'");
  ASSERT_TRUE(CheckNow().damage);
  EXPECT_EQ(RepairNow().kept.records, 300u);
  ExpectGoodUpTo(300);
}

TEST_F(CheckAndRepair, AFileThatCannotBeReadAtAllIsMovedAside) {
  Overwrite(0, std::string(8192, 'x'));
  ASSERT_TRUE(CheckNow().damage);
  const RepairReport repaired = RepairNow();
  EXPECT_EQ(repaired.kept.records, 0u);
  EXPECT_EQ(repaired.lost, std::nullopt);
  Open();
  EXPECT_EQ(tape_->head(), 0u);
  Publish(1);
}

TEST_F(CheckAndRepair, ANewerFormatIsNotTouched) {
  Change("PRAGMA user_version = 99");
  EXPECT_FALSE(Check(options_.folder, nullptr));
  EXPECT_FALSE(Repair(options_.folder, clock_, base::Random(1), nullptr));
}

TEST_F(CheckAndRepair, WhatIsOnlyInTheWriteAheadLogIsKept) {
  Open();
  for (int i = 0; i < 5; ++i) Publish(10);
  const auto image = folder_.path() / "image";
  CopyFolder(image);
  Close();
  options_.folder = image;
  Change("DELETE FROM blocks WHERE first_seq = 331");
  EXPECT_EQ(RepairNow().kept.head, 330u);
  ExpectGoodUpTo(330);
}

TEST_F(CheckAndRepair, DamageInsideTheWriteAheadLogIsNotTakenForItsEnd) {
  Open();
  for (int i = 0; i < 20; ++i) Publish(10);
  const auto image = folder_.path() / "image", torn = folder_.path() / "torn";
  CopyFolder(image);
  CopyFolder(torn);
  Close();
  options_.folder = image;
  const auto wal = image / "tape.db-wal";
  {
    std::fstream out(wal, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(std::filesystem::file_size(wal) / 2));
    out << "XXXX";
  }
  const auto opened = TryOpen(image);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("write-ahead log is damaged"), std::string::npos)
      << opened.error().message;
  ASSERT_TRUE(CheckNow().damage);
  const RepairReport repaired = RepairNow();
  EXPECT_GT(repaired.kept.head, 300u);
  EXPECT_LT(repaired.kept.head, 500u);
  EXPECT_EQ(repaired.lost, std::nullopt);
  EXPECT_TRUE(std::filesystem::exists(repaired.damaged_file.string() + "-wal"));
  ExpectGoodUpTo(repaired.kept.head);
  // A last transaction that is cut off is what a crash leaves.
  options_.folder = torn;
  std::filesystem::resize_file(torn / "tape.db-wal",
                               std::filesystem::file_size(torn / "tape.db-wal") - 1000);
  Open();
  EXPECT_EQ(tape_->head(), 490u);
}

TEST_F(CheckAndRepair, DamageOfAnyFrameBeforeTheLastTransactionIsFound) {
  constexpr std::streamoff kHead = 32, kFrameHead = 24, kFrame = kFrameHead + 4096;
  Open();
  for (int i = 0; i < 6; ++i) Publish(10);
  const auto image = folder_.path() / "image";
  CopyFolder(image);
  Close();
  const auto wal = image / "tape.db-wal";
  ASSERT_FALSE(WalFault(wal));
  std::fstream file(wal, std::ios::in | std::ios::out | std::ios::binary);
  const auto flip = [&file](std::streamoff at) {
    file.seekg(at);
    const int byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 1));
    file.flush();
  };
  std::vector<std::streamoff> commits;
  const auto end = static_cast<std::streamoff>(std::filesystem::file_size(wal));
  for (std::streamoff at = kHead; at < end; at += kFrame) {
    file.seekg(at + 4);
    std::array<char, 4> pages{};
    file.read(pages.data(), pages.size());
    if (pages != std::array<char, 4>{}) commits.push_back(at);
  }
  ASSERT_GE(commits.size(), 3u);
  const std::streamoff last_begins = commits[commits.size() - 2] + kFrame;
  for (std::streamoff at = kHead; at < last_begins; at += kFrame) {
    // Number of the page, checksum, and data.
    for (const std::streamoff byte : {std::streamoff{3}, std::streamoff{16}, kFrameHead + 1000}) {
      flip(at + byte);
      EXPECT_TRUE(WalFault(wal)) << "byte " << byte << " of the frame at " << at;
      flip(at + byte);
    }
  }
}

TEST_F(CheckAndRepair, ADamagedHeadOfTheWriteAheadLogIsDamage) {
  Open();
  Publish(10);
  const auto image = folder_.path() / "image";
  CopyFolder(image);
  Close();
  options_.folder = image;
  {
    std::fstream out(image / "tape.db-wal", std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(17);
    out << "XX";
  }
  EXPECT_FALSE(TryOpen(image));
  EXPECT_TRUE(CheckNow().damage);
}

TEST_F(CheckAndRepair, AnInterruptedRepairIsFinishedByTheNextStart) {
  // As a crash leaves it: the new file is whole, the old one and its log still have their names.
  Open();
  Publish(10);
  const auto image = folder_.path() / "image";
  CopyFolder(image);
  Close();
  std::filesystem::copy_file(file(), image / "tape.db.repaired");
  options_.folder = image;
  Open();
  EXPECT_EQ(tape_->head(), 310u);
  EXPECT_FALSE(std::filesystem::exists(image / "tape.db.repaired"));
}

TEST_F(CheckAndRepair, ProgressGrowsToTheEnd) {
  uint64_t last = 0;
  ASSERT_TRUE(Check(options_.folder, [&](uint64_t records, uint64_t of) {
    EXPECT_GE(records, last);
    EXPECT_GE(of, records);
    last = records;
  }));
  EXPECT_EQ(last, 300u);
}

}  // namespace
}  // namespace livetape::tape
