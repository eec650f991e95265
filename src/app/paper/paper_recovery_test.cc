#include "app/paper/paper_recovery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "app/paper/paper_fixture.h"
#include "store/store_file.h"

namespace livetape::app {
namespace {

using model::Side;
using std::chrono::milliseconds;
using std::chrono::minutes;

class PaperRecoveryTest : public PaperFixture {
 protected:
  std::filesystem::path File(const std::string& name) const {
    return folder_.path() / "data" / name;
  }
  void Delete(const std::string& name) {
    for (const char* const end : {"", "-wal", "-shm"}) std::filesystem::remove(File(name + end));
  }
  // A copy of the tape takes its place.
  void Restore(const std::string& copy) {
    Delete("tape.db");
    std::filesystem::rename(File(copy), File("tape.db"));
  }
  // ann has an order that rests and bought 22 times; the tape has lost the last of them, and all up
  // to some of the others.
  void LoseLastRecordsAndBeginning() {
    Crash();
    config_.tape.keep_records = 4;
    Start();
    clock_.Advance(minutes(10));  // past midnight, where orders of a day end
    Price("AAPL", "100");
    Place(Side::kBuy, "5", "AAPL", "90", "ann");
    for (int i = 0; i < 20; ++i) {
      Place(Side::kBuy, "1", "AAPL", "", "ann");
      PassSecond();
    }
    ASSERT_GT(storage_.tape->oldest(), 3u);
    Crash();
    std::filesystem::copy_file(File("tape.db"), File("backup.db"));
    Start();
    Price("AAPL", "100");
    Place(Side::kBuy, "1", "AAPL", "", "ann");
    Place(Side::kBuy, "1", "AAPL", "", "ann");
    PassSecond();
    Crash();
    Restore("backup.db");
    warnings_.clear();
  }
  store::Reader Books() {
    auto connection = store::OpenToRead(File("store.db"), "");
    EXPECT_TRUE(connection) << connection.error().message;
    return store::Reader(*std::move(connection));
  }
  size_t FillsInStore(const std::string& account) {
    const auto fills = Books().Fills({.account = account, .limit = 1000});
    EXPECT_TRUE(fills) << fills.error().message;
    return fills->size();
  }
  // The quantities of those that the store lists, oldest first.
  std::string OpenInStore(const std::string& account = "paper") {
    const auto orders = Books().Orders({.account = account, .open = true, .descending = false});
    EXPECT_TRUE(orders) << orders.error().message;
    std::string quantities;
    for (const store::OrderRow& row : *orders) {
      EXPECT_TRUE(row.json.contains("\"status\":\"new\"")) << row.json;
      constexpr std::string_view kQuantity = "\"qty\":\"";
      const size_t from = row.json.find(kQuantity) + kQuantity.size();
      quantities +=
          (quantities.empty() ? "" : " ") + row.json.substr(from, row.json.find('"', from) - from);
    }
    return quantities;
  }
  // Until a second has passed, so that there are snapshots.
  void PassSecond() {
    for (int i = 0; i < 24; ++i) Pass(milliseconds(50));
  }
};

TEST_F(PaperRecoveryTest, ADayOrderEndsWithADayThatPassedWhileNothingRan) {
  Price("AAPL", "100");
  Place(Side::kBuy, "5", "AAPL", "90");
  PassSecond();
  Crash();
  clock_.Advance(minutes(10));
  Start();
  EXPECT_EQ(BookOf(), "100000 0 open:5");
  Pass(milliseconds(50));
  EXPECT_EQ(BookOf(), "100000 0");
  EXPECT_EQ(kept_.back().type, "expired");
}

TEST_F(PaperRecoveryTest, ADayThatHasBegunDoesNotBeginAgain) {
  Price("AAPL", "100");
  Place(Side::kBuy, "10", "AAPL");
  Price("AAPL", "110");
  clock_.Advance(minutes(10));
  PassSecond();
  // No quote has come since.
  Place(Side::kBuy, "5", "AAPL", "90");
  Price("AAPL", "120");
  PassSecond();
  const base::Amount day_start = AccountOf().day_start();
  EXPECT_EQ(day_start.ToString(), "100100");
  Crash();
  Start();
  PassSecond();
  EXPECT_EQ(BookOf(), "99000 0 AAPL:10@1000 open:5");
  EXPECT_EQ(AccountOf().day_start(), day_start);
}

TEST_F(PaperRecoveryTest, AnOrderOfTheNewDayOutlivesARollThatIsToldAgain) {
  Price("AAPL", "100");
  Place(Side::kBuy, "5", "AAPL", "80");
  PassSecond();
  projecting_ = false;
  Crash();
  Start();
  // Across midnight; the store hears nothing of it.
  clock_.Advance(minutes(1));
  Work();
  Price("AAPL", "100");
  Place(Side::kBuy, "7", "AAPL", "90");
  EXPECT_EQ(BookOf(), "100000 0 open:7");
  Crash();
  Start();
  Work();
  EXPECT_EQ(BookOf(), "100000 0 open:7");
}

TEST_F(PaperRecoveryTest, ABackupOfTheTapeHasAllItsAccounts) {
  Price("AAPL", "100");
  for (const char* const name : {"ann", "bob", "cid"}) {
    Place(Side::kBuy, "10", "AAPL", "", name);
    PassSecond();
  }
  Crash();
  std::filesystem::copy_file(File("tape.db"), File("backup.db"));
  Start();
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL", "", "bob");
  Place(Side::kBuy, "1", "AAPL", "", "dan");
  PassSecond();
  Crash();
  Restore("backup.db");
  Start();
  for (const char* const name : {"ann", "bob", "cid"}) {
    ASSERT_TRUE(paper_->floor().FindAccount(name)) << name;
    EXPECT_EQ(BookOf(name), "99000 0 AAPL:10@1000");
  }
  EXPECT_FALSE(paper_->floor().FindAccount("dan"));
}

// What the order became after the backup is taken back; what it was is in no other row.
TEST_F(PaperRecoveryTest, AnOrderThatEndedAfterTheBackupIsOpenInTheBooksAgain) {
  clock_.Advance(minutes(10));  // past midnight, where orders of a day end
  Price("AAPL", "100");
  Place(Side::kBuy, "5", "AAPL", "90");
  Place(Side::kBuy, "3", "AAPL", "80");
  PassSecond();
  Crash();
  std::filesystem::copy_file(File("tape.db"), File("backup.db"));
  Start();
  Price("AAPL", "90");
  PassSecond();
  EXPECT_EQ(BookOf(), "99550 0 AAPL:5@450 open:3");
  Crash();
  EXPECT_EQ(OpenInStore(), "3");
  Restore("backup.db");
  projecting_ = false;
  for (int start = 0; start < 2; ++start) {
    Start();
    EXPECT_EQ(storage_.store->through(), storage_.tape->head());
    EXPECT_EQ(BookOf(), "100000 0 open:5 open:3");
    EXPECT_EQ(OpenInStore(), "5 3");
    Crash();
  }
}

// Retention has taken the account's opening and first fills; the newest record is lost, of which the
// store knows.
TEST_F(PaperRecoveryTest, AnAccountThatTheTapeCannotMakeAgainStaysAsTheStoreKnowsIt) {
  LoseLastRecordsAndBeginning();
  Start();
  const std::string ahead = "97800 0 AAPL:22@2200 open:5";
  EXPECT_EQ(BookOf("ann"), ahead);
  EXPECT_EQ(OpenInStore("ann"), "5");
  EXPECT_EQ(FillsInStore("ann"), 22u);
  ASSERT_EQ(warnings_.size(), 2u);
  EXPECT_TRUE(warnings_[0].contains("the store is ahead of the tape")) << warnings_[0];
  EXPECT_TRUE(warnings_[1].contains("cannot be made again from it")) << warnings_[1];
  EXPECT_TRUE(warnings_[1].contains("ann")) << warnings_[1];
  // Before the first checkpoint once more; then it goes on from there.
  Crash();
  Start();
  EXPECT_EQ(BookOf("ann"), ahead);
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL", "", "ann");
  PassSecond();
  Crash();
  Start();
  EXPECT_EQ(BookOf("ann"), "97700 0 AAPL:23@2300 open:5");
  EXPECT_EQ(FillsInStore("ann"), 23u);
  EXPECT_EQ(warnings_.size(), 2u) << warnings_.back();
}

// A backup was restored, the server ran, and an older copy was put in its place: the tape has never
// heard of the epoch that the store knows.
TEST_F(PaperRecoveryTest, AnOlderCopyOfTheTapeIsNotAnotherTape) {
  LoseLastRecordsAndBeginning();
  Start();
  ASSERT_TRUE(storage_.store->SetEpoch("0badcafe"));
  Crash();
  Start();
  EXPECT_EQ(BookOf("ann"), "97800 0 AAPL:22@2200 open:5");
  EXPECT_EQ(OpenInStore("ann"), "5");
  EXPECT_EQ(FillsInStore("ann"), 22u);
}

// Retention has taken the account's opening and first orders, and the store is lost: what can be
// made again is, and the log tells of the rest.
TEST_F(PaperRecoveryTest, WithoutStoreAndBeginningTheRestIsMadeAgain) {
  Crash();
  config_.tape.keep_records = 4;
  Start();
  Price("AAPL", "100");
  Place(Side::kBuy, "5", "AAPL", "90", "ann");
  for (int i = 0; i < 20; ++i) {
    Place(Side::kBuy, "1", "AAPL", "", "ann");
    PassSecond();
  }
  ASSERT_GT(storage_.tape->oldest(), 2u);
  Price("AAPL", "89");
  Crash();
  Delete("store.db");
  Start();
  ASSERT_TRUE(paper_->floor().FindAccount("ann"));
  EXPECT_TRUE(std::ranges::any_of(warnings_, [](const std::string& line) {
    return line.contains("ann is made again without what came before record");
  }));
  Work();
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL", "", "ann");
  EXPECT_EQ(kept_.back().type, "fill");
}

// A checkpoint is cut where it is large. What was written of it is newer than what is missing.
TEST_F(PaperRecoveryTest, AnAccountOutlivesACrashBetweenTwoPartsOfItsFirstCheckpoint) {
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL");
  PassSecond();
  Crash();
  projecting_ = false;
  Start();
  Price("AAPL", "100");
  Place(Side::kBuy, "10", "AAPL", "", "ann");
  store::Store& store = *storage_.store;
  auto rows = store.Accounts();
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1u);
  // The other account's part: nothing has happened to it since.
  rows->front().through = storage_.tape->head();
  ASSERT_TRUE(store.Write({.through = storage_.tape->head(), .accounts = *rows}));
  Crash();
  Start();
  ASSERT_TRUE(paper_->floor().FindAccount("ann"));
  EXPECT_EQ(BookOf("ann"), "99000 0 AAPL:10@1000");
  EXPECT_EQ(BookOf(), "99900 0 AAPL:1@100");
}

// It is in the books, but no snapshot has it yet.
TEST_F(PaperRecoveryTest, WhatWasReplayedIsKeptOnTheTapeUntilASnapshotHasIt) {
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL");
  PassSecond();
  const uint64_t covered = storage_.tape->head();
  Place(Side::kBuy, "10", "AAPL");
  Crash();
  for (int start = 0; start < 2; ++start) {
    Start();
    EXPECT_EQ(BookOf(), "98900 0 AAPL:11@1100");
    EXPECT_EQ(paper_->projector().oldest_needed(), covered + 1);
    Crash();
  }
  Start();
  PassSecond();
  while (paper_->projector().oldest_needed() <= covered + 1) std::this_thread::yield();
}

// More accounts than a second's checkpoint renews without need.
TEST_F(PaperRecoveryTest, AnAccountThatAnothersOpeningTellsOfHasASnapshotToo) {
  clock_.Advance(minutes(10));  // past midnight, which renews them all
  Price("AAPL", "100");
  PassSecond();
  ASSERT_TRUE(kept_.empty()) << "nothing has happened to the default account";
  for (int i = 0; i < 60; ++i) Place(Side::kBuy, "1", "AAPL", "", "u" + std::to_string(i));
  PassSecond();
  Crash();
  Start();
  const auto rows = storage_.store->Accounts();
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 61u);
  EXPECT_EQ(rows->front().account, "paper");
}

TEST_F(PaperRecoveryTest, AnAccountThatWasOpenedTwiceIsOne) {
  Price("AAPL", "100");
  Place(Side::kBuy, "2", "AAPL");
  const auto opening = std::ranges::find_if(kept_, [](const tape::Record& record) {
    return record.kind == tape::RecordKind::kAccountChange;
  });
  ASSERT_NE(opening, kept_.end());
  std::unique_ptr<tape::Submission> again =
      std::make_unique<tape::NotedSubmission>(std::make_shared<tape::Outcome>());
  again->records.push_back(
      {.topic = "", .type = opening->type, .data = opening->data, .kind = opening->kind});
  ASSERT_FALSE(storage_.tape->Submit(again));
  Work();
  Place(Side::kBuy, "1", "AAPL");
  Crash();
  Delete("store.db");
  Start();
  EXPECT_EQ(BookOf(), "99700 0 AAPL:3@300");
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_TRUE(warnings_[0].contains("opened a second time")) << warnings_[0];
}

TEST_F(PaperRecoveryTest, AnotherKindOfClockIsRefused) {
  Crash();
  config_.market.source.kind = config::SourceSpec::Kind::kReplay;
  const std::string fault = TryStart();
  EXPECT_TRUE(fault.contains("was last used with wall time")) << fault;
  Crash();
  config_.market.source.kind = config::SourceSpec::Kind::kNone;
  Start();
}

TEST_F(PaperRecoveryTest, ActivityAndTheCashItBeganWithSurvive) {
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL", "", "ann");
  PassSecond();
  PassSecond();
  storage_.tape->DoWork();
  const auto before = paper_->directory().Find("ann");
  ASSERT_TRUE(before);
  Crash();
  config_.paper.cash = base::Amount::From(*base::Decimal::Parse("50000"));
  Start();
  const auto after = paper_->directory().Find("ann");
  ASSERT_TRUE(after);
  EXPECT_EQ(after->active, before->active);
  EXPECT_EQ(after->start.ToString(), "100000");
}

TEST_F(PaperRecoveryTest, AResetEndsWhatRuinHaltedAndNoHaltByHand) {
  const auto reset = [](api::Desk& desk) -> api::DeskAnswer {
    desk.Reset();
    return http::Response();
  };
  Price("AAPL", "100");
  Place(Side::kBuy, "1500", "AAPL");
  Price("AAPL", "1");
  Pass(milliseconds(50));
  ASSERT_EQ(AccountOf().state(), floor::AccountState::kHalted);
  Ask(reset);
  EXPECT_EQ(AccountOf().state(), floor::AccountState::kActive);
  Ask([](api::Desk& desk) -> api::DeskAnswer {
    desk.SetState(floor::AccountState::kHalted);
    return http::Response();
  });
  Ask(reset);
  Crash();
  Start();
  EXPECT_EQ(AccountOf().state(), floor::AccountState::kHalted);
}

}  // namespace
}  // namespace livetape::app
