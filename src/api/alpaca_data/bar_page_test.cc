#include "api/alpaca_data/bar_page.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

using base::WallTime;
using std::chrono::minutes;

WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }
base::Price Price(std::string_view text) { return *base::Price::Parse(text); }
base::Quantity Size(std::string_view text) { return *base::Quantity::Parse(text); }

constexpr model::InstrumentId kA{0}, kB{1}, kC{2};
const std::vector<AskedSymbol> kAll = {{"C", kC}, {"A", kA}, {"B", kB}};

class BarPages : public testing::Test {
 protected:
  void Trade(model::InstrumentId id, std::string_view time, std::string_view price,
             std::string_view size = "1") {
    bars_.AddTrade(id, At(time), Price(price), Size(size));
  }
  // One bar for each of `count` minutes from 12:00.
  void Minutes(model::InstrumentId id, int count) {
    for (int i = 0; i < count; ++i) {
      bars_.AddTrade(id, At("2024-05-15T12:00:00Z") + minutes(i), Price("10"), Size("1"));
    }
  }
  BarQuery Query(std::string_view frame, size_t limit, bool newest_first = false) {
    BarQuery query;
    query.frame = *ParseBarFrame(frame);
    query.start = kBarsFrom;
    query.end = kBarsTo;
    query.limit = limit;
    query.newest_first = newest_first;
    return query;
  }
  // "A:12:00,12:01 B:12:00"
  static std::string Told(const BarPage& page) {
    std::string text;
    for (const BarPage::Row& row : page.rows) {
      text += (text.empty() ? "" : " ") + row.spelling + ':';
      for (const model::Bar& bar : row.bars) {
        if (text.back() != ':') text += ',';
        text += base::FormatRfc3339(bar.start).substr(11, 5);
      }
    }
    return text;
  }
  // All pages, each as a line; every token goes through its text.
  std::vector<std::string> Pages(BarQuery query, const std::vector<AskedSymbol>& symbols = kAll) {
    std::vector<std::string> lines;
    while (lines.size() < 100) {
      const BarPage page = *ReadPage(BarSource(bars_), symbols, query);
      lines.push_back(Told(page));
      if (!page.next) return lines;
      query.after = DecodePageToken(EncodePageToken(*page.next));
    }
    return lines;
  }

  market::BarHistory bars_;
};

using Lines = std::vector<std::string>;

TEST_F(BarPages, SymbolsComeByNameAndBarsByTime) {
  Minutes(kA, 2);
  Minutes(kB, 1);
  Minutes(kC, 2);
  EXPECT_EQ(Pages(Query("1Min", 1000)), (Lines{"A:12:00,12:01 B:12:00 C:12:00,12:01"}));
  EXPECT_EQ(Pages(Query("1Min", 1000, true)), (Lines{"A:12:01,12:00 B:12:00 C:12:01,12:00"}));
}

TEST_F(BarPages, TheLimitCountsAllSymbolsTogether) {
  Minutes(kA, 3);
  Minutes(kB, 3);
  EXPECT_EQ(Pages(Query("1Min", 2)), (Lines{"A:12:00,12:01", "A:12:02 B:12:00", "B:12:01,12:02"}));
  EXPECT_EQ(Pages(Query("1Min", 2, true)),
            (Lines{"A:12:02,12:01", "A:12:00 B:12:02", "B:12:01,12:00"}));
}

TEST_F(BarPages, ThereIsATokenOnlyIfSomethingIsLeft) {
  Minutes(kA, 3);
  Minutes(kC, 1);
  EXPECT_EQ(Pages(Query("1Min", 3)), (Lines{"A:12:00,12:01,12:02", "C:12:00"}));
  EXPECT_EQ(Pages(Query("1Min", 4)), (Lines{"A:12:00,12:01,12:02 C:12:00"}));
  EXPECT_EQ(Pages(Query("1Min", 3), {{"A", kA}, {"B", kB}}), (Lines{"A:12:00,12:01,12:02"}));
}

TEST_F(BarPages, NobodyHasBarsYet) { EXPECT_EQ(Pages(Query("1Min", 10)), Lines{""}); }

TEST_F(BarPages, OneInstrumentMayGoByTwoNames) {
  Minutes(kA, 2);
  EXPECT_EQ(Pages(Query("1Min", 3), {{"BTC/USD", kA}, {"BTC", kA}}),
            (Lines{"BTC:12:00,12:01 BTC/USD:12:00", "BTC/USD:12:01"}));
}

TEST_F(BarPages, StartAndEndAreInside) {
  Minutes(kA, 5);
  BarQuery query = Query("1Min", 10);
  query.start = At("2024-05-15T12:01:00Z");
  query.end = At("2024-05-15T12:03:00Z");
  EXPECT_EQ(Pages(query), Lines{"A:12:01,12:02,12:03"});
  query.start += std::chrono::nanoseconds(1);
  query.end -= std::chrono::nanoseconds(1);
  EXPECT_EQ(Pages(query), Lines{"A:12:02"});
}

TEST_F(BarPages, LongerBarsAreMadeOfShorterOnes) {
  Trade(kA, "2024-05-15T12:00:00Z", "10", "1");
  Trade(kA, "2024-05-15T12:16:00Z", "14", "2");
  Trade(kA, "2024-05-15T12:17:00Z", "9", "3");
  Trade(kA, "2024-05-15T12:29:59Z", "11", "4");
  Trade(kA, "2024-05-15T13:00:00Z", "12", "5");
  const auto bars = *ReadBars(BarSource(bars_), {"A", kA}, *ParseBarFrame("30Min"), kBarsFrom,
                              kBarsTo, true, kBarsPerPageMax);
  ASSERT_EQ(bars.size(), 2u) << "nothing was traded from 12:30 to 13:00";
  EXPECT_EQ(bars[0].start, At("2024-05-15T12:00:00Z"));
  EXPECT_EQ(bars[0].open, Price("10"));
  EXPECT_EQ(bars[0].high, Price("14"));
  EXPECT_EQ(bars[0].low, Price("9"));
  EXPECT_EQ(bars[0].close, Price("11"));
  EXPECT_EQ(bars[0].volume.ToString(), "10");
  EXPECT_EQ(bars[0].trades, 4u);
  EXPECT_EQ(bars[1].start, At("2024-05-15T13:00:00Z"));
}

TEST_F(BarPages, ABarMadeOfOthersIsWholeOrNotThere) {
  for (const char* time : {"2024-05-15T12:05:00Z", "2024-05-15T12:25:00Z", "2024-05-15T12:35:00Z",
                           "2024-05-15T12:55:00Z", "2024-05-15T13:05:00Z"}) {
    Trade(kA, time, "10", "1");
  }
  const auto volumes = [&](std::string_view from, std::string_view to) {
    std::string text;
    const auto bars = ReadBars(BarSource(bars_), {"A", kA}, *ParseBarFrame("30Min"), At(from),
                               At(to), true, kBarsPerPageMax);
    for (const model::Bar& bar : *bars) {
      text += base::FormatRfc3339(bar.start).substr(11, 5) + '=' + bar.volume.ToString() + ' ';
    }
    return text;
  };
  EXPECT_EQ(volumes("2024-05-15T12:00:00Z", "2024-05-15T13:00:00Z"), "12:00=2 12:30=2 13:00=1 ");
  EXPECT_EQ(volumes("2024-05-15T12:01:00Z", "2024-05-15T12:30:00Z"), "12:30=2 ")
      << "the first began before, the second begins at the end";
}

TEST_F(BarPages, TokensAreTextAndBack) {
  const PageEnd end{"BTC|/USD", At("2024-05-15T12:00:00.000000001Z")};
  const auto back = DecodePageToken(EncodePageToken(end));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->symbol, end.symbol);
  EXPECT_EQ(back->bar, end.bar);
}

TEST_F(BarPages, OtherTokensAreNone) {
  // The last four are base64url of "A|", "A|x", "A|9223372036854775807" and "A".
  for (const char* token : {"", "?", "AAPL", "QXw", "QXx4", "QXw5MjIzMzcyMDM2ODU0Nzc1ODA3", "QQ"}) {
    EXPECT_FALSE(DecodePageToken(token)) << token;
  }
}

// Whatever the pages' size and direction, together they are the whole.
TEST_F(BarPages, PagesTogetherAreTheWhole) {
  const uint64_t seed = 20240515;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  WallTime time = At("2024-05-13T00:00:00Z");
  for (int i = 0; i < 2000; ++i) {
    time += minutes(static_cast<int>(random.Below(9)));
    bars_.AddTrade(model::InstrumentId(static_cast<uint32_t>(random.Below(3))), time, Price("10"),
                   Size("1"));
  }
  for (const char* frame : {"1Min", "5Min", "7Min", "30Min", "1Hour", "5Hour", "1Day"}) {
    for (const bool newest_first : {false, true}) {
      const std::string whole = Pages(Query(frame, 10'000, newest_first)).at(0);
      for (const size_t limit : {1u, 7u, 100u, 999u}) {
        BarQuery query = Query(frame, limit, newest_first);
        std::vector<BarPage::Row> rows;
        for (int page_number = 0; page_number < 10'000; ++page_number) {
          const BarPage page = *ReadPage(BarSource(bars_), kAll, query);
          size_t count = 0;
          for (const BarPage::Row& row : page.rows) {
            count += row.bars.size();
            if (rows.empty() || rows.back().spelling != row.spelling)
              rows.push_back({row.spelling, {}});
            rows.back().bars.insert(rows.back().bars.end(), row.bars.begin(), row.bars.end());
          }
          ASSERT_LE(count, limit);
          if (!page.next) break;
          ASSERT_EQ(count, limit);
          query.after = page.next;
        }
        ASSERT_EQ(Told({rows, {}}), whole) << frame << " by " << limit;
      }
    }
  }
}

}  // namespace
}  // namespace livetape::api
