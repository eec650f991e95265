#include "jobs/import/csv_import.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "base/time_text.h"
#include "jobs/import/bar_gatherer.h"
#include "jobs/import/testing.h"

namespace livetape::jobs {
namespace {

using Outcome = ImportReport::Outcome;
using model::Timeframe;

constexpr std::string_view kHeader = "date,open,high,low,close,volume\n";

// Keeps what comes as a store would, and checks that it comes as promised.
class KeepingSink final : public BarSink {
 public:
  base::Result<void> Take(BarBatch batch) override {
    ++batches;
    if (batches == fail_at) return base::Fail("the disk is full");
    EXPECT_FALSE(batch.bars.empty());
    EXPECT_LE(batch.bars.size(), kSinkBarsMax);
    for (size_t i = 0; i < batch.bars.size(); ++i) {
      const auto start = batch.bars[i].start.time_since_epoch();
      EXPECT_EQ(start % model::Length(batch.timeframe), std::chrono::nanoseconds(0));
      if (i > 0) {
        EXPECT_LT(batch.bars[i - 1].start, batch.bars[i].start);
      }
      series[batch.symbol][batch.bars[i].start] = batch.bars[i];
    }
    asset_class = batch.asset_class;
    return {};
  }
  size_t count(const std::string& symbol) const {
    const auto found = series.find(symbol);
    return found == series.end() ? 0 : found->second.size();
  }

  std::map<std::string, std::map<base::WallTime, model::Bar>> series;
  model::AssetClass asset_class{};
  uint64_t batches = 0, fail_at = 0;
};

class CsvImport : public testing::Test {
 protected:
  ImportReport Import(std::string text, size_t chunk = 1 << 20) {
    MemoryBytes bytes(std::move(text), chunk);
    return ImportCsv(options_, bytes, sink_, hooks_);
  }
  static uint64_t Count(const ImportReport& report, RowFault fault) {
    return report.faults[static_cast<size_t>(fault)];
  }
  static std::string Row(int64_t minute, int price = 5) {
    const auto time = base::WallTime(std::chrono::hours(300'000) + std::chrono::minutes(minute));
    return fmt::format("{},{},9,1,{},10\n", base::FormatRfc3339(time), price, price);
  }

  ImportOptions options_{.symbol = "GOOG"};
  ImportHooks hooks_;
  KeepingSink sink_;
};

TEST_F(CsvImport, GoodRowsGoToTheSink) {
  const std::string text = std::string(kHeader) +
                           "2004-08-19,100.0,104.06,95.96,100.34,22351900\n\n"
                           "2004-08-20,101.01,109.08,100.5,108.31,11428600";
  for (const size_t chunk : {1u, 7u, 1000u}) {
    sink_ = {};
    const ImportReport report = Import(text, chunk);
    EXPECT_EQ(report.outcome, Outcome::kCompleted) << report.error;
    EXPECT_EQ(report.read.rows, 2u);
    EXPECT_EQ(report.imported, 2u);
    EXPECT_EQ(report.bad(), 0u);
    EXPECT_EQ(report.read.bytes, text.size());
    EXPECT_EQ(report.symbols, 1u);
    EXPECT_EQ(base::FormatRfc3339(*report.first), "2004-08-19T00:00:00.000000Z");
    EXPECT_EQ(base::FormatRfc3339(*report.last), "2004-08-20T00:00:00.000000Z");
    ASSERT_EQ(sink_.count("GOOG"), 2u);
    EXPECT_EQ(sink_.series["GOOG"].begin()->second.close.ToString(), "100.34");
  }
}

TEST_F(CsvImport, BadRowsAreCountedByReasonAndListedWithTheirLines) {
  const ImportReport report = Import(std::string(kHeader) +
                                     "2004-08-19,5,6,4,5,1\n"    // 2
                                     "2004-08-20,5,6,4\n"        // 3
                                     "\n"                        // 4
                                     "2004-13-20,5,6,4,5,1\n"    // 5
                                     "2004-08-20,-5,6,4,5,1\n"   // 6
                                     "2004-08-20,5,4,6,5,1\n"    // 7
                                     "2004-08-19,7,8,6,7,1\n"    // 8: the day of line 2
                                     "2004-08-18,7,8,6,7,1\n"    // 9: before line 2
                                     "2004-08-20,x,6,4,5,1\n" +  // 10
                                     std::string(kHeader));      // 11
  EXPECT_EQ(report.outcome, Outcome::kCompleted);
  EXPECT_EQ(report.read.rows, 9u);
  EXPECT_EQ(report.imported, 2u);
  EXPECT_EQ(report.unsorted, 1u);
  EXPECT_EQ(report.bad(), 7u);
  std::string listed;
  for (const BadRow& row : report.listed)
    listed += fmt::format("{} {};", row.line, Name(row.fault));
  EXPECT_EQ(listed,
            "3 missing_columns;5 bad_time;6 bad_price;7 high_below_low;8 duplicate;10 bad_number;"
            "11 bad_time;");
  EXPECT_EQ(report.listed[2].detail, "open must be above 0 and at most 1000000000, got -5");
  EXPECT_EQ(Count(report, RowFault::kBadTime), 2u);
  // Of the two rows of a day the first stands.
  EXPECT_EQ(sink_.series["GOOG"].rbegin()->second.open.ToString(), "5");
}

TEST_F(CsvImport, AFirstLineThatIsTooLongIsNoHeader) {
  const std::string rows = "2004-08-19,5,6,4,5,1\n2004-08-20,5,6,4,5,1\n";
  for (const size_t blank_lines : {0, 2}) {
    const ImportReport report =
        Import(std::string(blank_lines, '\n') + "open," + std::string(70'000, 'x') + "\n" + rows);
    EXPECT_EQ(report.outcome, Outcome::kFailed);
    EXPECT_EQ(
        report.error,
        fmt::format(
            "line {}, the first that is not blank, has more than 65536 bytes: it should be the "
            "header, or a row",
            blank_lines + 1));
    EXPECT_EQ(report.imported, 0u);
  }
}

TEST_F(CsvImport, AHundredBadRowsAreListedAndAllAreCounted) {
  std::string text(kHeader);
  for (int i = 0; i < 1000; ++i) text += "never,1,1,1,1,1\n";
  const ImportReport report = Import(text + "2004-08-19,5,6,4,5,1\n");
  EXPECT_EQ(report.outcome, Outcome::kCompleted);
  EXPECT_EQ(Count(report, RowFault::kBadTime), 1000u);
  ASSERT_EQ(report.listed.size(), 100u);
  EXPECT_EQ(report.listed.back().line, 101u);
}

TEST_F(CsvImport, NothingValidIsAFailureThatSaysWhy) {
  EXPECT_EQ(Import("").error, "there are no rows");
  EXPECT_EQ(Import("\n \n").error, "there are no rows");
  EXPECT_EQ(Import(std::string(kHeader)).error, "there are no rows");
  const ImportReport report = Import(std::string(kHeader) + "2004-08-19,1\n2004-08-20,2\n");
  EXPECT_EQ(report.outcome, Outcome::kFailed);
  EXPECT_EQ(report.error, "none of the 2 rows can be used; line 2: has 2 columns, not 6");
  EXPECT_EQ(report.bad(), 2u);
  EXPECT_EQ(report.listed.size(), 2u);
  EXPECT_EQ(Import("<html>\n<body>\n").outcome, Outcome::kFailed);
}

TEST_F(CsvImport, WhatMustBeGivenIsSaid) {
  options_.symbol = "";
  EXPECT_NE(Import(std::string(kHeader) + "2004-08-19,5,6,4,5,1\n").error.find("must be given"),
            std::string::npos);
  EXPECT_EQ(Import("symbol,date,price\nA,2004-08-19,5\n").outcome, Outcome::kCompleted);
  options_.symbol = "two words";
  EXPECT_NE(Import(std::string(kHeader)).error.find("'two words' is not a symbol"),
            std::string::npos);
  options_.symbol = "SPY";
  EXPECT_NE(Import("14400000,1674100,1674100,1672500,1672700,3197\n").error.find("no day"),
            std::string::npos);
}

TEST_F(CsvImport, TheFirstLineOfAFileWithoutHeaderIsARow) {
  options_.timeframe = Timeframe::k1m;
  options_.day = market::Day(std::chrono::days(15'985));
  const ImportReport report = Import(
      "14400000,1674100,1674100,1672500,1672700,3197\n14460000,1672500,1672500,1672500,1672500,"
      "1\n");
  EXPECT_EQ(report.imported, 2u);
  EXPECT_EQ(base::FormatRfc3339(*report.first), "2013-10-07T08:00:00.000000Z");
}

TEST_F(CsvImport, SymbolsOfAColumnAreSeriesOfTheirOwn) {
  options_.asset_class = model::AssetClass::kCrypto;
  const ImportReport report =
      Import("symbol,date,price\nA,2004-08-19,5\nB,2004-08-19,6\nA,2004-08-20,7\nA,2004-08-19,8\n");
  EXPECT_EQ(report.imported, 3u);
  EXPECT_EQ(report.symbols, 2u);
  EXPECT_EQ(Count(report, RowFault::kDuplicate), 1u);
  EXPECT_EQ(sink_.count("A"), 2u);
  EXPECT_EQ(sink_.count("B"), 1u);
  EXPECT_EQ(sink_.asset_class, model::AssetClass::kCrypto);
}

TEST_F(CsvImport, TimesInsideOfABucketBelongToIt) {
  options_.timeframe = Timeframe::k1h;
  const ImportReport report = Import(
      "time,price\n2004-08-19T09:30:00Z,5\n2004-08-19T09:59:00Z,6\n2004-08-19T10:00:00Z,7\n");
  EXPECT_EQ(report.imported, 2u);
  EXPECT_EQ(Count(report, RowFault::kDuplicate), 1u);
  EXPECT_EQ(base::FormatRfc3339(*report.first), "2004-08-19T09:00:00.000000Z");
}

// In whatever order rows come, the sink ends up with the same, and memory stays bounded.
TEST_F(CsvImport, AnyOrderGivesTheSameBars) {
  options_.timeframe = Timeframe::k1m;
  constexpr int kRows = 300'000;
  static_assert(kRows > BarGatherer::kBarsMax);
  std::vector<int> order(kRows);
  std::vector<std::string> row_of(kRows);
  for (int i = 0; i < kRows; ++i) {
    order[static_cast<size_t>(i)] = i;
    row_of[static_cast<size_t>(i)] = Row(i, 1 + i % 9);
  }
  const auto text = [&] {
    std::string rows = "time,open,high,low,close,volume\n";
    for (const int minute : order) rows += row_of[static_cast<size_t>(minute)];
    rows += Row(order.front(), 3);  // of a row that was long ago
    return rows;
  };
  const ImportReport sorted = Import(text());
  const auto expected = std::move(sink_.series);
  EXPECT_EQ(sorted.unsorted, 0u);
  EXPECT_EQ(sorted.imported, uint64_t{kRows});
  EXPECT_EQ(Count(sorted, RowFault::kDuplicate), 1u);
  EXPECT_EQ(sink_.batches, (kRows + kSinkBarsMax - 1) / kSinkBarsMax);
  const auto same = [&] {
    const auto& found = sink_.series["GOOG"];
    ASSERT_EQ(found.size(), size_t{kRows});
    for (const auto& [start, bar] : expected.at("GOOG")) {
      ASSERT_EQ(found.at(start).open, bar.open) << base::FormatRfc3339(start);
    }
  };
  std::reverse(order.begin(), order.end());
  sink_ = {};
  const ImportReport backwards = Import(text());
  EXPECT_EQ(backwards.unsorted, uint64_t{kRows - 1});
  EXPECT_EQ(Count(backwards, RowFault::kDuplicate), 1u);
  same();
  base::Random random(3);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
  sink_ = {};
  const ImportReport shuffled = Import(text());
  EXPECT_EQ(shuffled.imported, uint64_t{kRows});
  EXPECT_EQ(Count(shuffled, RowFault::kDuplicate), 1u);
  same();
}

TEST_F(CsvImport, ManySymbolsDayByDayAndOneTooMany) {
  std::string text = "date,symbol,price\n";
  constexpr int kDays = 30;
  for (int day = 1; day <= kDays; ++day) {
    for (size_t i = 0; i <= BarGatherer::kSymbolsMax; ++i) {
      text += fmt::format("200404{:02},S{},{}\n", day, i, i + 1);
    }
  }
  const ImportReport report = Import(text);
  EXPECT_EQ(report.outcome, Outcome::kCompleted) << report.error;
  EXPECT_EQ(report.imported, BarGatherer::kSymbolsMax * kDays);
  EXPECT_EQ(report.symbols, BarGatherer::kSymbolsMax);
  EXPECT_EQ(Count(report, RowFault::kTooManySymbols), uint64_t{kDays});
  EXPECT_EQ(sink_.series.size(), BarGatherer::kSymbolsMax);
  EXPECT_EQ(sink_.count("S77"), size_t{kDays});
}

TEST_F(CsvImport, GzipIsReadAsItComes) {
  std::string text = "time,open,high,low,close,volume\n";
  for (int i = 0; i < 20'000; ++i) text += Row(i);
  options_.timeframe = Timeframe::k1m;
  const std::string zipped = GzipOf(text);
  const ImportReport report = Import(zipped, 1000);
  EXPECT_EQ(report.outcome, Outcome::kCompleted) << report.error;
  EXPECT_EQ(report.imported, 20'000u);
  EXPECT_EQ(report.read.bytes, zipped.size());
  // What comes before a fault is kept, and the fault told.
  const ImportReport cut = Import(zipped.substr(0, zipped.size() / 2));
  EXPECT_EQ(cut.outcome, Outcome::kFailed);
  EXPECT_NE(cut.error.find("truncated"), std::string::npos);
  EXPECT_GT(cut.imported, 0u);
}

TEST_F(CsvImport, ProgressRisesAndEndsWithAll) {
  std::string text = "time,open,high,low,close,volume\n";
  for (int i = 0; i < 40'000; ++i) text += Row(i);
  options_.timeframe = Timeframe::k1m;
  std::vector<ImportProgress> told;
  hooks_.progress = [&](const ImportProgress& progress) { told.push_back(progress); };
  Import(text);
  ASSERT_GT(told.size(), 5u);
  for (size_t i = 1; i < told.size(); ++i) {
    EXPECT_GE(told[i].bytes, told[i - 1].bytes);
    EXPECT_GE(told[i].rows, told[i - 1].rows);
  }
  EXPECT_EQ(told.back().bytes, text.size());
  EXPECT_EQ(told.back().rows, 40'000u);
}

TEST_F(CsvImport, CancelledInTheMiddleItStops) {
  std::string text = "time,open,high,low,close,volume\n";
  for (int i = 0; i < 100'000; ++i) text += Row(i);
  options_.timeframe = Timeframe::k1m;
  std::atomic<bool> cancelled = false;
  hooks_.cancelled = &cancelled;
  hooks_.progress = [&](const ImportProgress& progress) { cancelled = progress.rows > 10'000; };
  const ImportReport report = Import(text);
  EXPECT_EQ(report.outcome, Outcome::kCancelled);
  EXPECT_GT(report.read.rows, 10'000u);
  EXPECT_LT(report.read.rows, 30'000u);
}

TEST_F(CsvImport, CancelledInALineWithoutEndItStops) {
  uint64_t bytes = 0;
  std::atomic<bool> cancelled = false;
  hooks_.cancelled = &cancelled;
  hooks_.progress = [&](const ImportProgress& progress) {
    bytes = progress.bytes;
    cancelled = bytes > 1 << 20;
  };
  EXPECT_EQ(Import(std::string(16 << 20, 'x')).outcome, Outcome::kCancelled);
  EXPECT_LT(bytes, 4u << 20);
}

TEST_F(CsvImport, AFaultOfTheSinkEndsIt) {
  std::string text = "time,open,high,low,close,volume\n";
  for (int i = 0; i < 40'000; ++i) text += Row(i);
  options_.timeframe = Timeframe::k1m;
  sink_.fail_at = 3;
  const ImportReport report = Import(text);
  EXPECT_EQ(report.outcome, Outcome::kFailed);
  EXPECT_EQ(report.error, "the disk is full");
  EXPECT_EQ(sink_.batches, 3u);
  EXPECT_EQ(sink_.count("GOOG"), 2 * kSinkBarsMax);
}

}  // namespace
}  // namespace livetape::jobs
