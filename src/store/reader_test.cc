#include "store/reader.h"

#include <gtest/gtest.h>

#include "store/testing.h"

namespace livetape::store {
namespace {

using List = std::vector<uint64_t>;

class ReaderTest : public StoreFixture {
 protected:
  // Orders 1 to 6 of account "a", a second apart but for 3 and 4, and one of another account.
  //   1 BTC buy open    2 ETH sell closed   3 BTC sell open   4 ETH buy closed, parent 3
  //   5 BTC buy closed, parent 3            6 SOL buy open
  void SetUp() override {
    Batch batch{.through = 10};
    for (uint64_t id = 1; id <= 6; ++id) batch.orders.push_back(SomeOrder(id));
    batch.orders[3].submitted = batch.orders[2].submitted;
    for (const size_t i : {1u, 3u}) batch.orders[i].symbol = "ETH";
    batch.orders[5].symbol = "SOL";
    for (const size_t i : {1u, 2u}) batch.orders[i].side = model::Side::kSell;
    for (const size_t i : {1u, 3u, 4u}) batch.orders[i].open = false;
    for (const size_t i : {3u, 4u}) batch.orders[i].parent = model::OrderId(3);
    batch.orders[5].client_id = "";
    batch.orders.push_back(SomeOrder(7, "b"));
    for (uint64_t number = 1; number <= 6; ++number) batch.fills.push_back(SomeFill(number));
    batch.fills[1].symbol = "ETH";
    batch.fills[4].symbol = "ETH";
    batch.fills.push_back(SomeFill(7, "b"));
    Write(batch);
  }
  static model::OrderId Id(uint64_t id) { return model::OrderId(id); }
  static base::WallTime At(int64_t second) { return kNoon + seconds(second); }
};

TEST_F(ReaderTest, OrdersComeBySubmissionThenId) {
  EXPECT_EQ(Ids({.account = "a"}), (List{6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(Ids({.account = "a", .descending = false}), (List{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(Ids({.account = "a", .limit = 2}), (List{6, 5}));
  EXPECT_EQ(Ids({.account = "a", .limit = 0}), List{});
  EXPECT_EQ(Ids({.account = "b"}), List{7});
  EXPECT_EQ(Ids({.account = "none"}), List{});
}

TEST_F(ReaderTest, OrdersByStateSymbolSideAndLegs) {
  EXPECT_EQ(Ids({.account = "a", .open = true}), (List{6, 3, 1}));
  EXPECT_EQ(Ids({.account = "a", .open = false}), (List{5, 4, 2}));
  EXPECT_EQ(Ids({.account = "a", .symbols = {"ETH"}}), (List{4, 2}));
  EXPECT_EQ(Ids({.account = "a", .symbols = {"SOL", "ETH", "ETH", "X"}, .limit = 2}), (List{6, 4}));
  EXPECT_EQ(Ids({.account = "a", .open = true, .symbols = {"BTC"}}), (List{3, 1}));
  EXPECT_EQ(Ids({.account = "a", .side = model::Side::kSell}), (List{3, 2}));
  EXPECT_EQ(Ids({.account = "a", .open = true, .side = model::Side::kBuy}), (List{6, 1}));
  EXPECT_EQ(Ids({.account = "a", .with_legs = false}), (List{6, 3, 2, 1}));
}

TEST_F(ReaderTest, TimesOfSubmissionAreExclusive) {
  EXPECT_EQ(Ids({.account = "a", .after = At(3)}), (List{6, 5}));
  EXPECT_EQ(Ids({.account = "a", .until = At(3)}), (List{2, 1}));
  EXPECT_EQ(Ids({.account = "a", .after = At(1), .until = At(5)}), (List{4, 3, 2}));
  EXPECT_EQ(Ids({.account = "a", .after = At(5), .until = At(1)}), List{});
}

TEST_F(ReaderTest, APageBeginsBehindAnOrderOfTheSameTime) {
  EXPECT_EQ(Ids({.account = "a", .before_order = Id(4), .limit = 2}), (List{3, 2}));
  EXPECT_EQ(Ids({.account = "a", .after_order = Id(3), .descending = false}), (List{4, 5, 6}));
  EXPECT_EQ(Ids({.account = "a", .after_order = Id(3), .limit = 2}), (List{6, 5}));
  EXPECT_EQ(Ids({.account = "a", .after_order = Id(1), .before_order = Id(4)}), (List{3, 2}));
  EXPECT_EQ(Ids({.account = "a", .after = At(4), .before_order = Id(6)}), (List{5}));
}

TEST_F(ReaderTest, NothingComesBehindAnOrderThatIsNotTheAccounts) {
  EXPECT_EQ(Ids({.account = "a", .before_order = Id(7)}), List{});
  EXPECT_EQ(Ids({.account = "a", .after_order = Id(99)}), List{});
}

TEST_F(ReaderTest, LegsOfSomeParentsById) {
  const auto legs = Got(reader_->Legs({Id(3), Id(1), Id(3), Id(0)}));
  ASSERT_EQ(legs.size(), 2u);
  EXPECT_EQ(legs[0].id, Id(4));
  EXPECT_EQ(legs[1].id, Id(5));
  EXPECT_TRUE(Got(reader_->Legs({})).empty());
}

TEST_F(ReaderTest, OneOrderByIdOrClientIdOfItsOwnAccountOnly) {
  EXPECT_EQ(Got(reader_->Order("a", Id(2)))->symbol, "ETH");
  EXPECT_FALSE(Got(reader_->Order("b", Id(2))));
  EXPECT_EQ(Got(reader_->OrderByClientId("a", "name-2"))->id, Id(2));
  EXPECT_FALSE(Got(reader_->OrderByClientId("b", "name-2")));
  EXPECT_FALSE(Got(reader_->OrderByClientId("a", "")));
}

TEST_F(ReaderTest, FillsByNumberWithSymbolTimeAndPage) {
  EXPECT_EQ(Numbers({.account = "a"}), (List{6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(Numbers({.account = "a", .descending = false, .limit = 2, .offset = 1}), (List{2, 3}));
  EXPECT_EQ(Numbers({.account = "a", .symbol = "ETH"}), (List{5, 2}));
  EXPECT_EQ(Numbers({.account = "a", .from = At(2), .to = At(4)}), (List{4, 3, 2}));
  EXPECT_EQ(Numbers({.account = "a", .from = At(4), .to = At(2)}), List{});
  EXPECT_EQ(Numbers({.account = "a", .after_number = 4}), (List{3, 2, 1}));
  EXPECT_EQ(Numbers({.account = "a", .after_number = 4, .descending = false}), (List{5, 6}));
  EXPECT_EQ(Numbers({.account = "a", .limit = 3, .offset = 4}), (List{2, 1}));
}

TEST_F(ReaderTest, ACountOfFillsLooksAtNoPage) {
  EXPECT_EQ(Got(reader_->CountFills({.account = "a", .limit = 1, .offset = 5})), 6u);
  EXPECT_EQ(Got(reader_->CountFills({.account = "a", .symbol = "ETH"})), 2u);
  EXPECT_EQ(Got(reader_->CountFills({.account = "a", .from = At(2), .to = At(4)})), 3u);
  EXPECT_EQ(Got(reader_->CountFills({.account = "a", .after_number = 4})), 3u);
  EXPECT_EQ(Got(reader_->CountFills({.account = "none"})), 0u);
}

TEST_F(ReaderTest, EquityIsTheLastPointOfEachBucketOldestFirst) {
  Batch batch;
  for (const int64_t second : {0, 5, 9, 10, 35, 39, 61}) {
    batch.points.push_back(SomePoint(At(second)));
  }
  batch.points.push_back(SomePoint(At(1000), 1, "b"));
  Write(batch);
  EXPECT_EQ(Points(seconds(10)), (std::vector<int64_t>{9, 10, 39, 61}));
  const auto times = [&](EquityQuery query) {
    std::vector<int64_t> found;
    for (const auto& point : Got(reader_->Equity(query))) {
      found.push_back((point.time - kNoon) / seconds(1));
    }
    return found;
  };
  EquityQuery query{.account = "a", .bucket = seconds(10), .limit = 2};
  EXPECT_EQ(times(query), (std::vector<int64_t>{39, 61}));
  query = {.account = "a", .from = At(5), .to = At(38), .bucket = seconds(10)};
  EXPECT_EQ(times(query), (std::vector<int64_t>{9, 10, 35}));
  query = {.account = "a", .from = At(6), .to = At(8), .bucket = seconds(10)};
  EXPECT_TRUE(times(query).empty());
}

TEST_F(ReaderTest, BucketsBeforeTheEpochAreAlignedToItToo) {
  const base::WallTime epoch{};
  Write({.points = {SomePoint(epoch - seconds(11)), SomePoint(epoch - seconds(10)),
                    SomePoint(epoch - seconds(1)), SomePoint(epoch), SomePoint(epoch + seconds(9)),
                    SomePoint(base::WallTime::min())}});
  std::vector<base::WallTime> times;
  for (const auto& point : Got(reader_->Equity({.account = "a", .bucket = seconds(10)}))) {
    times.push_back(point.time);
  }
  EXPECT_EQ(times, (std::vector<base::WallTime>{base::WallTime::min(), epoch - seconds(11),
                                                epoch - seconds(1), epoch + seconds(9)}));
}

TEST_F(ReaderTest, EquityAtATimeIsThePointBeforeIt) {
  Write({.points = {SomePoint(At(0), 1), SomePoint(At(10), 2)}});
  EXPECT_FALSE(Got(reader_->EquityAt("a", At(-1))));
  EXPECT_EQ(Got(reader_->EquityAt("a", At(0)))->equity, base::Amount::FromUnits(1));
  EXPECT_EQ(Got(reader_->EquityAt("a", At(9)))->equity, base::Amount::FromUnits(1));
  EXPECT_EQ(Got(reader_->EquityAt("a", At(99)))->equity, base::Amount::FromUnits(2));
  EXPECT_EQ(Got(reader_->FirstEquity("a"))->time, At(0));
  EXPECT_FALSE(Got(reader_->FirstEquity("b")));
}

TEST_F(ReaderTest, AnAmountThatIsNoneIsDamage) {
  auto other = sqlite::Database::Open(file(), sqlite::OpenMode::kReadWrite);
  ASSERT_TRUE(other && other->Exec("UPDATE fills SET fee = 'ten' WHERE number = 6"));
  const auto fills = reader_->Fills({.account = "a", .limit = 1});
  ASSERT_FALSE(fills);
  EXPECT_NE(fills.error().message.find("'ten'"), std::string::npos);
  EXPECT_NE(fills.error().message.find("move store.db"), std::string::npos);
}

}  // namespace
}  // namespace livetape::store
