#include "store/store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <future>
#include <limits>

#include "store/testing.h"

namespace livetape::store {
namespace {

using StoreTest = StoreFixture;

mode_t ModeOf(const std::filesystem::path& path) {
  struct stat entry{};
  EXPECT_EQ(::stat(path.c_str(), &entry), 0) << path;
  return entry.st_mode & 0777;
}

TEST_F(StoreTest, ANewOneIsEmptyAndItsOwnersAlone) {
  EXPECT_EQ(store_->through(), 0u);
  EXPECT_EQ(store_->reach(), 0u);
  EXPECT_EQ(store_->epoch(), "");
  EXPECT_EQ(Got(store_->LastOrder()).value(), 0u);
  EXPECT_EQ(Got(store_->LastFill()), 0u);
  EXPECT_TRUE(Got(store_->Accounts()).empty());
  Write({.through = 1, .orders = {SomeOrder(1)}});
  EXPECT_EQ(ModeOf(path_), 0700u);
  for (const char* const name : {"store.db", "store.db-wal", "store.db-shm"}) {
    EXPECT_EQ(ModeOf(path_ / name), 0600u) << name;
  }
}

TEST_F(StoreTest, KeepsEveryFieldOverARestart) {
  OrderRow order = SomeOrder(7);
  order.parent = model::OrderId(6);
  order.side = model::Side::kSell;
  order.open = false;
  order.submitted = base::WallTime(nanoseconds(-5));
  FillRow fill = SomeFill(9);
  fill.side = model::Side::kSell;
  fill.partial = true;
  fill.fee = base::Amount::FromUnits(std::numeric_limits<base::Int128>::max());
  fill.realized = base::Amount::FromUnits(-1);
  fill.leaves = base::Quantity::FromUnits(3);
  fill.cumulative = base::Quantity::FromUnits(std::numeric_limits<int64_t>::max());
  Write({.through = 5,
         .orders = {order},
         .fills = {fill},
         .points = {SomePoint(kNoon, 7)},
         .accounts = {{.account = "a",
                       .number = 3,
                       .through = 4,
                       .time = kNoon,
                       .active = base::WallTime(nanoseconds(-7)),
                       .settings = "{}",
                       .snapshot = std::string("x\0y", 3)}},
         .quotes = {{.symbol = "AAPL",
                     .asset_class = model::AssetClass::kUsEquity,
                     .image = std::string("\0", 1)}}});
  ASSERT_TRUE(store_->SetEpoch("0123abcd"));
  EXPECT_EQ(store_->clock(), "");
  ASSERT_TRUE(store_->SetClock("wall"));
  Reopen();
  EXPECT_EQ(store_->clock(), "wall");
  EXPECT_EQ(store_->through(), 5u);
  EXPECT_EQ(store_->epoch(), "0123abcd");
  const auto read = Got(reader_->Order("a", model::OrderId(7)));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->seq, 7u);
  EXPECT_EQ(read->parent, model::OrderId(6));
  EXPECT_EQ(read->symbol, "BTC");
  EXPECT_EQ(read->side, model::Side::kSell);
  EXPECT_FALSE(read->open);
  EXPECT_EQ(read->submitted, order.submitted);
  EXPECT_EQ(read->client_id, "name-7");
  EXPECT_EQ(read->json, order.json);
  const auto fills = Got(reader_->Fills({.account = "a"}));
  ASSERT_EQ(fills.size(), 1u);
  EXPECT_EQ(fills[0].number, 9u);
  EXPECT_EQ(fills[0].seq, 9u);
  EXPECT_EQ(fills[0].order, model::OrderId(109));
  EXPECT_EQ(fills[0].side, model::Side::kSell);
  EXPECT_EQ(fills[0].time, fill.time);
  EXPECT_EQ(fills[0].quantity, fill.quantity);
  EXPECT_EQ(fills[0].price, fill.price);
  EXPECT_EQ(fills[0].fee, fill.fee);
  EXPECT_EQ(fills[0].realized, fill.realized);
  EXPECT_TRUE(fills[0].partial);
  EXPECT_EQ(fills[0].leaves, fill.leaves);
  EXPECT_EQ(fills[0].cumulative, fill.cumulative);
  EXPECT_EQ(fills[0].explain, "{}");
  const auto point = Got(reader_->FirstEquity("a"));
  ASSERT_TRUE(point);
  EXPECT_EQ(point->equity, base::Amount::FromUnits(7));
  EXPECT_EQ(point->cash, base::Amount::FromUnits(-7));
  EXPECT_EQ(point->drawdown, -0.1 * 7);
  const auto accounts = Got(store_->Accounts());
  ASSERT_EQ(accounts.size(), 1u);
  EXPECT_EQ(accounts[0].number, 3u);
  EXPECT_EQ(accounts[0].through, 4u);
  EXPECT_EQ(accounts[0].time, kNoon);
  EXPECT_EQ(accounts[0].active, base::WallTime(nanoseconds(-7)));
  EXPECT_EQ(accounts[0].settings, "{}");
  EXPECT_EQ(accounts[0].snapshot, std::string("x\0y", 3));
  const auto quotes = Got(store_->Quotes());
  ASSERT_EQ(quotes.size(), 1u);
  EXPECT_EQ(quotes[0].asset_class, model::AssetClass::kUsEquity);
  EXPECT_EQ(quotes[0].image, std::string("\0", 1));
}

TEST_F(StoreTest, QuotesThatAreDroppedAreGone) {
  Write({.quotes = {{.symbol = "AAPL"}, {.symbol = "BTC"}, {.symbol = "MSFT"}}});
  ASSERT_TRUE(store_->DropQuotes(std::vector<std::string>{"MSFT", "AAPL", "ETH"}));
  Reopen();
  ASSERT_EQ(Got(store_->Quotes()).size(), 1u);
  EXPECT_EQ(Got(store_->Quotes())[0].symbol, "BTC");
}

TEST_F(StoreTest, TheLastFormOfAnOrderCounts) {
  OrderRow order = SomeOrder(1);
  OrderRow later = order;
  later.seq = 5;
  later.json = "later";
  Write({.through = 5, .orders = {order, SomeOrder(2), later}});
  EXPECT_EQ(Got(reader_->Order("a", order.id))->json, "later");
  later.seq = 6;
  later.open = false;
  later.json = "closed";
  Write({.through = 6, .orders = {later}});
  // An older form that is written again takes nothing back.
  Write({.through = 6, .orders = {order}});
  EXPECT_EQ(Got(reader_->Order("a", order.id))->json, "closed");
  EXPECT_EQ(Ids({.account = "a", .open = true}), std::vector<uint64_t>{2});
  EXPECT_EQ(Got(store_->LastOrder()).value(), 2u);
}

TEST_F(StoreTest, LegsFollowTheirParentToTheOrderThatReplacesIt) {
  OrderRow leg = SomeOrder(3);
  leg.parent = model::OrderId(1);
  Write({.through = 3, .orders = {SomeOrder(1), leg}});
  leg.seq = 5;
  leg.parent = model::OrderId(4);
  Write({.through = 5, .orders = {SomeOrder(4), leg}});
  EXPECT_TRUE(Got(reader_->Legs({model::OrderId(1)})).empty());
  ASSERT_EQ(Got(reader_->Legs({model::OrderId(4)})).size(), 1u);
}

TEST_F(StoreTest, TheNewestSnapshotOfAnAccountCountsAndTheyComeByNumber) {
  const AccountRow old{.account = "a", .number = 2, .through = 3, .snapshot = "old"};
  AccountRow fresh = old;
  fresh.through = 9;
  fresh.snapshot = "new";
  Write({.through = 9, .accounts = {fresh, {.account = "z", .number = 1, .snapshot = "z"}}});
  Write({.through = 9, .accounts = {old}});
  const auto accounts = Got(store_->Accounts());
  ASSERT_EQ(accounts.size(), 2u);
  EXPECT_EQ(accounts[0].account, "z");
  EXPECT_EQ(accounts[1].snapshot, "new");
}

TEST_F(StoreTest, WritingABatchAgainChangesNothing) {
  const Batch batch{.through = 8,
                    .orders = {SomeOrder(1), SomeOrder(2)},
                    .fills = {SomeFill(1), SomeFill(2)},
                    .points = {SomePoint(kNoon)},
                    .accounts = {{.account = "a", .through = 8}},
                    .quotes = {{.symbol = "BTC"}}};
  Write(batch);
  Write(batch);
  EXPECT_EQ(store_->through(), 8u);
  EXPECT_EQ(Ids({.account = "a"}).size(), 2u);
  EXPECT_EQ(Numbers({.account = "a"}).size(), 2u);
  EXPECT_EQ(Got(reader_->CountFills({.account = "a"})), 2u);
  EXPECT_EQ(Points().size(), 1u);
  EXPECT_EQ(Got(store_->Accounts()).size(), 1u);
  EXPECT_EQ(Got(store_->Quotes()).size(), 1u);
}

TEST_F(StoreTest, ALowerThroughLeavesItAsItIs) {
  Write({.through = 8});
  Write({.through = 3, .orders = {SomeOrder(1)}});
  EXPECT_EQ(store_->through(), 8u);
  Reopen();
  EXPECT_EQ(store_->through(), 8u);
  EXPECT_EQ(Ids({.account = "a"}).size(), 1u);
}

TEST_F(StoreTest, EachClientIdOnceAndNoneOfThoseWithout) {
  OrderRow unnamed = SomeOrder(3);
  unnamed.client_id = "";
  Write({.through = 1, .orders = {SomeOrder(1, "b"), SomeOrder(2), unnamed}});
  std::vector<std::string> seen;
  ASSERT_TRUE(store_->ForEachClientId(
      [&](std::string_view account, std::string_view name, model::OrderId order) {
        seen.push_back(std::string(account) + "/" + std::string(name) + "/" +
                       std::to_string(order.value()));
      }));
  EXPECT_EQ(seen, (std::vector<std::string>{"a/name-2/2", "b/name-1/1"}));
}

TEST_F(StoreTest, CutBackTakesWhatLaterRecordsMade) {
  OrderRow changed = SomeOrder(1), unrecorded = SomeOrder(4);
  changed.seq = 12;
  unrecorded.seq = 0;
  Write({.through = 20,
         .orders = {changed, SomeOrder(2), SomeOrder(15), unrecorded},
         .fills = {SomeFill(3), SomeFill(11)},
         .points = {SomePoint(kNoon)},
         .accounts = {{.account = "a", .through = 10}, {.account = "b", .through = 11}},
         .quotes = {{.symbol = "BTC"}}});
  ASSERT_TRUE(store_->SetEpoch("e"));
  ASSERT_TRUE(store_->CutBack(10));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(store_->through(), 10u);
    EXPECT_EQ(store_->reach(), 10u);
    EXPECT_EQ(store_->epoch(), "e");
    EXPECT_EQ(Ids({.account = "a", .descending = false}), (std::vector<uint64_t>{2, 4}));
    EXPECT_EQ(Numbers({.account = "a"}), (std::vector<uint64_t>{3}));
    EXPECT_EQ(Got(reader_->CountFills({.account = "a"})), 1u);
    EXPECT_EQ(Points().size(), 1u);
    EXPECT_EQ(Got(store_->Quotes()).size(), 1u);
    ASSERT_EQ(Got(store_->Accounts()).size(), 1u);
    EXPECT_EQ(Got(store_->Accounts())[0].account, "a");
    // No number that was given away is given away again.
    EXPECT_EQ(Got(store_->LastOrder()).value(), 15u);
    EXPECT_EQ(Got(store_->LastFill()), 11u);
    Reopen();
  }
}

TEST_F(StoreTest, CutBackLeavesAccountsThatAreAheadAsTheirSnapshotsHaveThem) {
  OrderRow early = SomeOrder(2), within = SomeOrder(12), beyond = SomeOrder(19);
  Write({.through = 20,
         .orders = {early, within, beyond, SomeOrder(13, "b")},
         .fills = {SomeFill(3), SomeFill(11), SomeFill(16), SomeFill(14, "b")},
         .accounts = {{.account = "a", .through = 15, .snapshot = "A"},
                      {.account = "b", .through = 15},
                      {.account = "c", .through = 8}},
         .checkpoint = 15});
  ASSERT_TRUE(store_->CutBack(9, {.accounts = {"a"}, .through = 10}));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(store_->through(), 9u);
    EXPECT_EQ(store_->reach(), 10u);
    EXPECT_EQ(store_->checkpoint(), 0u);
    const auto accounts = Got(store_->Accounts());
    ASSERT_EQ(accounts.size(), 2u);
    EXPECT_EQ(accounts[0].account, "a");
    EXPECT_EQ(accounts[0].through, 10u);
    EXPECT_EQ(accounts[0].snapshot, "A");
    EXPECT_EQ(accounts[1].account, "c");
    EXPECT_EQ(accounts[1].through, 8u);
    // What is later than the snapshot is not in the account either.
    EXPECT_EQ(Ids({.account = "a", .descending = false}), (std::vector<uint64_t>{2, 12}));
    EXPECT_EQ(Numbers({.account = "a", .descending = false}), (std::vector<uint64_t>{3, 11}));
    EXPECT_EQ(Got(reader_->Order("a", model::OrderId(2)))->seq, 2u);
    EXPECT_EQ(Got(reader_->Order("a", model::OrderId(12)))->seq, 10u);
    EXPECT_TRUE(Ids({.account = "b"}).empty());
    EXPECT_TRUE(Numbers({.account = "b"}).empty());
    Reopen();
  }
  // The tape goes back further: the account still stays, and so does all of it.
  ASSERT_TRUE(store_->CutBack(5, {.accounts = {"a"}, .through = 5}));
  EXPECT_EQ(Ids({.account = "a", .descending = false}), (std::vector<uint64_t>{2, 12}));
  EXPECT_EQ(Got(reader_->Order("a", model::OrderId(12)))->seq, 5u);
  EXPECT_EQ(Got(store_->Accounts())[0].through, 5u);
}

TEST_F(StoreTest, CutBackToAPointThatIsNotReachedKeepsThrough) {
  Write({.through = 5, .orders = {SomeOrder(9)}});
  ASSERT_TRUE(store_->CutBack(7));
  EXPECT_EQ(store_->through(), 5u);
  EXPECT_TRUE(Ids({.account = "a"}).empty());
}

TEST_F(StoreTest, CutBackToNothingForgetsAllThatRecordsMade) {
  OrderRow unrecorded = SomeOrder(2);
  unrecorded.seq = 0;
  Write({.through = 5,
         .orders = {SomeOrder(1), unrecorded},
         .fills = {SomeFill(1)},
         .points = {SomePoint(kNoon)},
         .accounts = {{.account = "a", .through = 1}, {.account = "new", .through = 0}}});
  ASSERT_TRUE(store_->CutBack(0));
  EXPECT_EQ(store_->through(), 0u);
  EXPECT_EQ(Ids({.account = "a"}), std::vector<uint64_t>{2});
  EXPECT_EQ(Got(reader_->CountFills({.account = "a"})), 0u);
  EXPECT_EQ(Points().size(), 1u);
  ASSERT_EQ(Got(store_->Accounts()).size(), 1u);
  EXPECT_EQ(Got(store_->Accounts())[0].account, "new");
  EXPECT_EQ(Got(store_->LastOrder()).value(), 2u);
}

TEST_F(StoreTest, ThinningKeepsTheLastPointOfEachMinuteThatIsADayOld) {
  Batch batch;
  for (int second = 0; second < 300; ++second) {
    batch.points.push_back(SomePoint(kNoon + seconds(second)));
  }
  Write(batch);
  EXPECT_FALSE(Got(store_->ThinEquity(kNoon + hours(24))));
  EXPECT_EQ(Points().size(), 300u);
  EXPECT_FALSE(Got(store_->ThinEquity(kNoon + hours(24) + seconds(150))));
  auto points = Points();
  ASSERT_EQ(points.size(), 182u);
  EXPECT_EQ(points[0], 59);
  EXPECT_EQ(points[1], 119);
  EXPECT_EQ(points[2], 120);
  // A point that comes late is thinned as well.
  Write({.points = {SomePoint(kNoon + seconds(30)), SomePoint(kNoon - hours(100))}});
  Reopen();
  EXPECT_FALSE(Got(store_->ThinEquity(kNoon + hours(24) + seconds(300))));
  EXPECT_EQ(Points(), (std::vector<int64_t>{-360'000, 59, 119, 179, 239, 299}));
  EXPECT_FALSE(Got(store_->ThinEquity(kNoon + hours(999))));
  EXPECT_EQ(Points().size(), 6u);
}

TEST_F(StoreTest, ThinningTakesABoundedNumberAtATime) {
  Batch batch;
  // A minute with more points than one call looks at, and several accounts.
  for (int i = 0; i < 2500; ++i) batch.points.push_back(SomePoint(kNoon + nanoseconds(i)));
  for (int i = 0; i < 400; ++i) batch.points.push_back(SomePoint(kNoon + seconds(i), 1, "b"));
  Write(batch);
  int calls = 1;
  while (Got(store_->ThinEquity(kNoon + hours(48)))) {
    ASSERT_LT(++calls, 10);
  }
  EXPECT_GE(calls, 3);
  EXPECT_EQ(Points(nanoseconds(1)).size(), 1u);
  const EquityQuery b{.account = "b", .bucket = seconds(1)};
  EXPECT_EQ(Got(reader_->Equity(b)).size(), 7u);
}

TEST_F(StoreTest, ThinningWorksBeforeTheEpoch) {
  const base::WallTime epoch{};
  Write({.points = {SomePoint(epoch - seconds(61)), SomePoint(epoch - seconds(59)),
                    SomePoint(epoch - seconds(1)), SomePoint(epoch + seconds(1))}});
  EXPECT_FALSE(Got(store_->ThinEquity(epoch + hours(48))));
  EXPECT_EQ(Points().size(), 3u);
}

TEST_F(StoreTest, AFileThatIsNoDatabaseIsRefusedWithWhatHelps) {
  Close();
  std::ofstream(file()) << std::string(5000, 'x');
  const auto opened = TryOpen();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find(file().string()), std::string::npos);
  EXPECT_NE(opened.error().message.find("what the tape still keeps"), std::string::npos)
      << opened.error().message;
  std::filesystem::remove(file());
  Open();
  EXPECT_EQ(store_->through(), 0u);
}

TEST_F(StoreTest, DamageWithinTheFileIsAnErrorWithWhatHelps) {
  Batch batch;
  for (uint64_t id = 1; id <= 400; ++id) batch.orders.push_back(SomeOrder(id));
  Write(batch);
  Close();
  {
    std::fstream damage(file(), std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file()));
    for (std::streamoff page = 2 * 4096; page < size; page += 4096) {
      damage.seekp(page);
      damage << std::string(64, '\xff');
    }
  }
  auto opened = TryOpen();
  base::Error error;
  if (!opened) {
    error = opened.error();
  } else {
    auto connection = OpenToRead(file(), "");
    ASSERT_TRUE(connection);
    auto orders = Reader(*std::move(connection)).Orders({.account = "a"});
    ASSERT_FALSE(orders);
    error = orders.error();
  }
  EXPECT_NE(error.message.find("store.db"), std::string::npos);
  EXPECT_NE(error.message.find("what the tape still keeps"), std::string::npos) << error.message;
}

TEST_F(StoreTest, QueriesRunOnReadingThreadsFromStartToStop) {
  Write({.through = 1, .orders = {SomeOrder(1)}});
  std::promise<size_t> seen;
  auto count = seen.get_future();
  ASSERT_TRUE(store_->Read(
      [&](Reader& reader) { seen.set_value(Got(reader.Orders({.account = "a"})).size()); }));
  store_->Start();
  EXPECT_EQ(count.get(), 1u);
  store_->Stop();
  EXPECT_FALSE(store_->Read([](Reader&) {}));
  Write({.through = 2, .orders = {SomeOrder(2)}});
  EXPECT_EQ(store_->through(), 2u);
}

}  // namespace
}  // namespace livetape::store
