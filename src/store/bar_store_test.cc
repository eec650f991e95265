// Bars in the store: what is written is read, block by block.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "store/bar_testing.h"

namespace livetape::store {
namespace {

using model::Timeframe;

class BarStore : public StoreFixture {
 protected:
  BarQuery Minutes(const std::string& symbol = "GOOG") const {
    return {.symbol = symbol, .timeframe = Timeframe::k1m, .limit = 1'000'000};
  }
  std::vector<std::string> Read(const BarQuery& query) { return Texts(Got(reader_->Bars(query))); }
  // Minutes from noon.
  std::vector<int64_t> Starts(const BarQuery& query) {
    std::vector<int64_t> starts;
    for (const model::Bar& bar : Got(reader_->Bars(query))) {
      starts.push_back((bar.start - kNoon) / minutes(1));
    }
    return starts;
  }
  int64_t Ask(const std::string& sql) {
    auto connection = OpenToRead(file(), "");
    EXPECT_TRUE(connection);
    return Got(connection->QueryInt(sql));
  }
  void Change(const std::string& sql) {
    auto connection = sqlite::Database::Open(file(), sqlite::OpenMode::kReadWrite);
    ASSERT_TRUE(connection);
    const auto changed = connection->Exec(sql);
    ASSERT_TRUE(changed) << changed.error().message;
  }
  void ExpectDamage(const base::Error& error) {
    EXPECT_TRUE(error.message.contains("the file is damaged")) << error.message;
    EXPECT_TRUE(error.message.contains("move store.db")) << error.message;
  }
};

TEST_F(BarStore, WhatIsWrittenIsReadAndStaysOverARestart) {
  const BarRows minutes_of = SomeBars("GOOG", 0, 1300);
  BarRows days{.symbol = "BTC", .asset_class = model::AssetClass::kCrypto};
  days.bars = {SomeBar(kNoon, 3), SomeBar(kNoon + hours(24), 5)};
  Write({.bars = {minutes_of, days}});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Read(Minutes()), Texts(minutes_of.bars));
    EXPECT_EQ(Read({.symbol = "BTC"}), Texts(days.bars));
    const auto all = Got(reader_->AllBarSeries());
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].symbol, "BTC");
    EXPECT_EQ(all[0].timeframe, Timeframe::k1d);
    EXPECT_EQ(all[0].asset_class, model::AssetClass::kCrypto);
    EXPECT_EQ(all[1].symbol, "GOOG");
    EXPECT_EQ(all[1].bars, 1300u);
    EXPECT_EQ(all[1].first, kNoon);
    EXPECT_EQ(all[1].last, kNoon + minutes(1299));
    Reopen();
  }
  EXPECT_EQ(Ask("SELECT count(*) FROM bar_blocks"), 4);
  EXPECT_EQ(store_->through(), 0u);
}

TEST_F(BarStore, RangesAndLimits) {
  Write({.bars = {SomeBars("GOOG", 0, 1100), SomeBars("GOOG", 2000, 10)}});
  BarQuery query = Minutes();
  query.limit = 3;
  EXPECT_EQ(Starts(query), (std::vector<int64_t>{2007, 2008, 2009}));
  query.newest = false;
  EXPECT_EQ(Starts(query), (std::vector<int64_t>{0, 1, 2}));
  query.from = kNoon + minutes(511);
  EXPECT_EQ(Starts(query), (std::vector<int64_t>{511, 512, 513}));
  query.to = kNoon + minutes(512);
  EXPECT_EQ(Starts(query), (std::vector<int64_t>{511, 512}));
  EXPECT_EQ(Got(reader_->CountBars(query)), 2u);
  query.from = kNoon + minutes(1099) + seconds(1);
  query.to = kNoon + minutes(2000);
  EXPECT_EQ(Starts(query), std::vector<int64_t>{2000});
  query.to = kNoon + minutes(1999);
  EXPECT_TRUE(Starts(query).empty());
  EXPECT_EQ(Got(reader_->CountBars(query)), 0u);
  query.from = kNoon + minutes(2010);
  query.to = {};
  EXPECT_TRUE(Starts(query).empty());
  query.from = {};
  query.to = kNoon - seconds(1);
  EXPECT_TRUE(Starts(query).empty());
  EXPECT_EQ(Got(reader_->CountBars(query)), 0u);
  EXPECT_EQ(Got(reader_->CountBars(Minutes())), 1110u);
  EXPECT_TRUE(Starts(Minutes("NONE")).empty());
  EXPECT_TRUE(Starts({.symbol = "GOOG"}).empty());
  EXPECT_FALSE(Got(reader_->OneBarSeries("GOOG", Timeframe::k1d)));
  EXPECT_EQ(Got(reader_->OneBarSeries("GOOG", Timeframe::k1m))->bars, 1110u);
}

TEST_F(BarStore, TheSameAgainChangesNothingInTheFile) {
  const Batch batch{.bars = {SomeBars("GOOG", 0, 1100), SomeBars("MSFT", 0, 5)}};
  Write(batch);
  const auto total = [&] {
    return Ask(
        "SELECT sum(length(bytes)) + 1000 * count(*) + sum(first % 1000003) FROM bar_blocks");
  };
  const int64_t before = total();
  const uint64_t writes = disk_.writes();
  Write(batch);
  Write({.bars = {SomeBars("GOOG", 500, 100)}});
  EXPECT_EQ(disk_.writes(), writes);
  EXPECT_EQ(total(), before);
  EXPECT_EQ(Got(reader_->CountBars(Minutes())), 1100u);
}

TEST_F(BarStore, AChangedBarTakesThePlaceOfTheOldOne) {
  Write({.bars = {SomeBars("GOOG", 0, 1100)}});
  BarRows expected = SomeBars("GOOG", 0, 1100), changed = SomeBars("GOOG", 510, 4, 9);
  std::copy(changed.bars.begin(), changed.bars.end(), expected.bars.begin() + 510);
  Write({.bars = {changed}});
  EXPECT_EQ(Read(Minutes()), Texts(expected.bars));
  EXPECT_EQ(Got(reader_->OneBarSeries("GOOG", Timeframe::k1m))->bars, 1100u);
  EXPECT_EQ(Ask("SELECT count(*) FROM bar_blocks"), 3);
}

TEST_F(BarStore, BarByBarMakesFullBlocks) {
  for (int i = 0; i < 1030; ++i) Write({.bars = {SomeBars("GOOG", i, 1)}});
  EXPECT_EQ(Starts(Minutes()).size(), 1030u);
  EXPECT_EQ(Ask("SELECT count(*) FROM bar_blocks"), 3);
  EXPECT_EQ(Ask("SELECT max(bars) FROM bar_blocks"), 512);
}

TEST_F(BarStore, NewestFirstMakesFullBlocksToo) {
  for (int i = 2047; i >= 0; --i) Write({.bars = {SomeBars("GOOG", i, 1)}});
  EXPECT_EQ(Starts(Minutes()).size(), 2048u);
  EXPECT_EQ(Ask("SELECT count(*) FROM bar_blocks"), 4);
}

TEST_F(BarStore, TheAssetClassLastWrittenCounts) {
  BarRows rows = SomeBars("X", 0, 1);
  Write({.bars = {rows}});
  rows.asset_class = model::AssetClass::kCrypto;
  Write({.bars = {rows}});
  const auto all = Got(reader_->AllBarSeries("X"));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].asset_class, model::AssetClass::kCrypto);
  EXPECT_EQ(all[0].bars, 1u);
}

TEST_F(BarStore, ACutBackOfTheTapeLeavesBarsAlone) {
  Write({.through = 9, .fills = {SomeFill(9)}, .bars = {SomeBars("GOOG", 0, 3)}});
  ASSERT_TRUE(store_->CutBack(0));
  EXPECT_EQ(Starts(Minutes()).size(), 3u);
}

TEST_F(BarStore, AStoreOfTheFirstVersionGetsThem) {
  Write({.through = 3, .fills = {SomeFill(1)}});
  Close();
  Change(
      "DROP TABLE bar_blocks; DROP TABLE bar_series; DELETE FROM meta WHERE key IN ('checkpoint', "
      "'origin');"
      " PRAGMA user_version = 1");
  Open();
  EXPECT_EQ(store_->through(), 3u);
  Write({.bars = {SomeBars("GOOG", 0, 3)}});
  EXPECT_EQ(Starts(Minutes()).size(), 3u);
}

TEST_F(BarStore, DamagedBytesAreAnErrorOfWhoReadsAndOfWhoAddsToThem) {
  Write({.bars = {SomeBars("GOOG", 0, 600), SomeBars("MSFT", 0, 5)}});
  Change(
      "UPDATE bar_blocks SET bytes = substr(bytes, 1, 100) || x'00' || substr(bytes, 102)"
      " WHERE id = 1");
  const auto bars = reader_->Bars(Minutes());
  ASSERT_FALSE(bars);
  ExpectDamage(bars.error());
  BarQuery later = Minutes();
  later.from = kNoon + minutes(512);
  EXPECT_EQ(Starts(later).size(), 88u);
  EXPECT_EQ(Starts(Minutes("MSFT")).size(), 5u);
  const auto written = store_->Write({.bars = {SomeBars("GOOG", 5, 1, 9)}});
  ASSERT_FALSE(written);
  ExpectDamage(written.error());
  Write({.bars = {SomeBars("GOOG", 600, 5)}});
}

TEST_F(BarStore, ARowThatSaysAnotherTimeThanItsBytesIsDamage) {
  Write({.bars = {SomeBars("GOOG", 0, 10)}});
  Change("UPDATE bar_blocks SET bars = 11");
  const auto written = store_->Write({.bars = {SomeBars("GOOG", 5, 1, 9)}});
  ASSERT_FALSE(written);
  ExpectDamage(written.error());
  Change("UPDATE bar_series SET timeframe = 61");
  const auto all = reader_->AllBarSeries();
  ASSERT_FALSE(all);
  ExpectDamage(all.error());
}

TEST_F(BarStore, ADiskThatFailsInTheMiddleLeavesWholeBlocksAndTheSameAgainCompletesThem) {
  // Many transactions; the n-th attempt fails later than the one before.
  BarRows rows = SomeBars("GOOG", 0, 250'000);
  for (size_t i = 0; i < rows.bars.size(); ++i) {
    rows.bars[i].volume = base::Amount::FromUnits(static_cast<base::Int128>(i * i) * 1'000'003);
  }
  Write({.bars = {SomeBars("GOOG", 100, 1, 77)}});
  int failures = 0;
  for (bool failed = true; failed; failures += failed ? 1 : 0) {
    disk_.ShortenWrites(1, 150 * failures);
    failed = !store_->Write({.bars = {rows}});
    disk_.ShortenWrites(0);
    Crash();
    const auto series = Got(reader_->OneBarSeries("GOOG", Timeframe::k1m));
    ASSERT_TRUE(series);
    EXPECT_EQ(series->bars, Starts(Minutes()).size());
    EXPECT_EQ(Ask("SELECT sum(bars) FROM bar_blocks"), static_cast<int64_t>(series->bars));
  }
  EXPECT_GT(failures, 3);
  EXPECT_EQ(Read(Minutes()), Texts(rows.bars));
}

// Random writes, crashes and queries against a map.
class BarModel : public BarStore, public testing::WithParamInterface<uint64_t> {
 protected:
  using Map = std::map<base::WallTime, model::Bar>;

  BarRows NextRows(base::Random& random) {
    BarRows rows{.symbol = std::string(1, "AB"[random.Below(2)]),
                 .timeframe = random.Below(2) == 0 ? Timeframe::k1m : Timeframe::k1d};
    auto start = kNoon + model::Length(rows.timeframe) * static_cast<int64_t>(random.Below(6000));
    const uint64_t most = random.Below(8) == 0 ? 6000 : random.Below(3) == 0 ? 700 : 4;
    const uint64_t gap = random.Below(3) == 0 ? 5 : 1;
    const auto value = static_cast<int64_t>(random.Below(20));
    for (uint64_t i = 1 + random.Below(most); i > 0; --i) {
      rows.bars.push_back(SomeBar(start, value));
      start += model::Length(rows.timeframe) * static_cast<int64_t>(1 + random.Below(gap));
    }
    Map& map = maps_[{rows.symbol, rows.timeframe}];
    for (const model::Bar& bar : rows.bars) map[bar.start] = bar;
    return rows;
  }

  void Compare(base::Random& random) {
    for (const auto& [key, map] : maps_) {
      BarQuery query{.symbol = key.first, .timeframe = key.second};
      const auto some = [&] {
        return kNoon + model::Length(key.second) * static_cast<int64_t>(random.Below(9000));
      };
      if (random.Below(2) == 0) query.from = some();
      if (random.Below(2) == 0) query.to = some();
      query.newest = random.Below(2) == 0;
      query.limit = random.Below(2) == 0 ? 1'000'000 : random.Below(1500);
      std::vector<model::Bar> expected;
      for (const auto& [start, bar] : map) {
        if ((!query.from || start >= *query.from) && (!query.to || start <= *query.to)) {
          expected.push_back(bar);
        }
      }
      ASSERT_EQ(Got(reader_->CountBars(query)), expected.size());
      if (expected.size() > query.limit) {
        const auto over = static_cast<long>(expected.size() - query.limit);
        if (query.newest) {
          expected.erase(expected.begin(), expected.begin() + over);
        } else {
          expected.erase(expected.end() - over, expected.end());
        }
      }
      ASSERT_EQ(Read(query), Texts(expected));
    }
    std::map<std::pair<std::string, Timeframe>, uint64_t> counts, expected;
    for (const BarSeries& series : Got(reader_->AllBarSeries())) {
      counts[{series.symbol, series.timeframe}] = series.bars;
      const Map& map = maps_.at({series.symbol, series.timeframe});
      ASSERT_EQ(series.first, map.begin()->first);
      ASSERT_EQ(series.last, map.rbegin()->first);
    }
    for (const auto& [key, map] : maps_) expected[key] = map.size();
    ASSERT_EQ(counts, expected);
    // The invariants of bar_writer.h.
    ASSERT_EQ(Ask("SELECT count(*) FROM bar_blocks WHERE bars > 512 OR bars < 1"), 0);
    ASSERT_EQ(Ask("SELECT count(*) FROM bar_blocks a JOIN bar_blocks b ON a.series = b.series"
                  " AND a.id <> b.id AND a.first <= b.last AND b.first <= a.last"),
              0);
  }

  std::map<std::pair<std::string, Timeframe>, Map> maps_;
};

TEST_P(BarModel, SaysWhatAMapSays) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  base::Random random(GetParam());
  for (int step = 0; step < 120; ++step) {
    Batch batch;
    for (uint64_t i = random.Below(4); i > 0; --i) batch.bars.push_back(NextRows(random));
    Write(batch);
    if (random.Below(4) == 0) Write(batch);
    if (random.Below(8) == 0) Crash();
    if (random.Below(6) == 0) Compare(random);
    ASSERT_FALSE(HasFatalFailure()) << "step " << step;
  }
  Compare(random);
}

INSTANTIATE_TEST_SUITE_P(Seeds, BarModel, testing::Range(uint64_t{1}, uint64_t{6}));

}  // namespace
}  // namespace livetape::store
