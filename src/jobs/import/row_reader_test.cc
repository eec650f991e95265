#include "jobs/import/row_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "base/time_text.h"

namespace livetape::jobs {
namespace {

using model::AssetClass;

std::string TextOf(const CsvRow& row) {
  const model::Bar& bar = row.bar;
  return fmt::format("{}{}{} {} {} {} {} {}", row.symbol, row.symbol.empty() ? "" : " ",
                     base::FormatRfc3339(bar.start), bar.open.ToString(), bar.high.ToString(),
                     bar.low.ToString(), bar.close.ToString(), bar.volume.ToString());
}

// The bar, or the fault. Both ways must say the same.
std::string Read(RowReader& rows, std::string_view line) {
  CsvRow row, exact;
  const auto problem = rows.Read(line, row), problem_of_exact = rows.ReadExactly(line, exact);
  EXPECT_EQ(problem.has_value(), problem_of_exact.has_value()) << line;
  if (problem) return std::string(Name(problem->fault));
  EXPECT_EQ(TextOf(row), TextOf(exact)) << line;
  return TextOf(row);
}
std::string Read(std::string_view header, std::string_view line) {
  const auto layout = LayoutOf(header, CsvFormat::kAuto, AssetClass::kUsEquity);
  EXPECT_TRUE(layout) << header;
  RowReader rows(*layout, std::nullopt);
  return Read(rows, line);
}

constexpr std::string_view kHeader = "date,open,high,low,close,volume";

TEST(RowReader, ColumnsOfAnyOrder) {
  const std::string bar = "2004-08-19T00:00:00.000000Z 100 104.06 95.96 100.34 22351900";
  EXPECT_EQ(Read(kHeader, "2004-08-19,100.0,104.06,95.96,100.34,22351900"), bar);
  EXPECT_EQ(
      Read("volume,close,low,high,open,date", "22351900,100.34,95.96,104.06,100.0,2004-08-19"),
      bar);
  EXPECT_EQ(Read("Date,Open,High,Low,Close,Adj Close,Volume",
                 "2004-08-19,100.0,104.06,95.96,100.34,50.1,22351900,more"),
            bar);
  EXPECT_EQ(Read("ticker,date,open,high,low,close,volume",
                 "GOOG,20040819,100.0,104.06,95.96,100.34,22351900"),
            "GOOG " + bar);
  EXPECT_EQ(Read(kHeader, " \"2004-08-19\" ,\"100.0\", 104.06 ,95.96,100.34,22351900\r"), bar);
  EXPECT_EQ(Read("x,date,open,high,low,close,volume",
                 "\"a,b\",2004-08-19,100.0,104.06,95.96,100.34,22351900"),
            bar);
}

TEST(RowReader, TimesInTheFormsOfFeeds) {
  const auto start_of = [](std::string_view text) {
    return Read("time,open,high,low,close", std::string(text) + ",1,1,1,1").substr(0, 27);
  };
  EXPECT_EQ(start_of("2004-08-19"), "2004-08-19T00:00:00.000000Z");
  EXPECT_EQ(start_of("20040819"), "2004-08-19T00:00:00.000000Z");
  EXPECT_EQ(start_of("20040819 09:31"), "2004-08-19T09:31:00.000000Z");
  EXPECT_EQ(start_of("2004-08-19 09:31"), "2004-08-19T09:31:00.000000Z");
  EXPECT_EQ(start_of("2004-08-19T09:31:07"), "2004-08-19T09:31:07.000000Z");
  EXPECT_EQ(start_of("2004-08-19 09:31:07Z"), "2004-08-19T09:31:07.000000Z");
  EXPECT_EQ(start_of("2004-08-19T09:31:07.25-04:00"), "2004-08-19T13:31:07.250000Z");
  EXPECT_EQ(start_of("1092907860"), "2004-08-19T09:31:00.000000Z");
  EXPECT_EQ(start_of("1092907860.5"), "2004-08-19T09:31:00.500000Z");
  EXPECT_EQ(start_of("1092907860000"), "2004-08-19T09:31:00.000000Z");
  EXPECT_EQ(start_of("1092907860000000000"), "2004-08-19T09:31:00.000000Z");
  EXPECT_EQ(start_of("Jan 1 2000"), "2000-01-01T00:00:00.000000Z");
  EXPECT_EQ(start_of("\"Mar 31, 2010\""), "2010-03-31T00:00:00.000000Z");
  for (const char* const wrong :
       {"", "yesterday", "2004-13-01", "2004-02-30", "20041301", "1969-12-31", "2201-01-01",
        "2004-08-19 25:00", "2004-08-19 09:60", "2004-08-19T09:31Z", "20040819T09:31", "2004/08/19",
        "2004-08-1", "Jan 32 2000", "Jan 1 1950", "Jan 1 20010", "Jon 1 2000", "-5"}) {
    EXPECT_EQ(start_of(wrong), "bad_time") << wrong;
  }
}

TEST(RowReader, DateAndTimeApart) {
  EXPECT_EQ(Read("date,time,open,high,low,close", "20040819,09:31,1,1,1,1"),
            "2004-08-19T09:31:00.000000Z 1 1 1 1 0");
  for (const std::string time : {"931", "0931", "093100", "93100"}) {
    EXPECT_EQ(Read("date,time,open,high,low,close", "20040819," + time + ",1,1,1,1"),
              "2004-08-19T09:31:00.000000Z 1 1 1 1 0");
  }
  EXPECT_EQ(Read("date,time,open,high,low,close", "2004-08-19,160005,1,1,1,1"),
            "2004-08-19T16:00:05.000000Z 1 1 1 1 0");
  for (const std::string time : {"2460", "9", "12345678"}) {
    EXPECT_EQ(Read("date,time,open,high,low,close", "20040819," + time + ",1,1,1,1"), "bad_time");
  }
  EXPECT_EQ(Read("date,time,open,high,low,close", "20040819,1092907860,1,1,1,1"),
            "2004-08-19T09:31:00.000000Z 1 1 1 1 0");
}

TEST(RowReader, LeansHoursAreNewYorks) {
  EXPECT_EQ(Read("20131007 09:00,1,1,1,1,1", "20131007 09:00,1674100,1674100,1672500,1672700,5"),
            "2013-10-07T13:00:00.000000Z 167.41 167.41 167.25 167.27 5");
  EXPECT_EQ(Read("20131207 09:00,1,1,1,1,1", "20131207 16:00,10000,10000,10000,10000,5"),
            "2013-12-07T21:00:00.000000Z 1 1 1 1 5");
}

TEST(RowReader, OnePriceIsAllFour) {
  EXPECT_EQ(Read("symbol,date,price", "MSFT,Jan 1 2000,39.81"),
            "MSFT 2000-01-01T00:00:00.000000Z 39.81 39.81 39.81 39.81 0");
  EXPECT_EQ(Read("symbol,date,price", "MSFT,2000-01-01,39.81"),
            "MSFT 2000-01-01T00:00:00.000000Z 39.81 39.81 39.81 39.81 0");
}

TEST(RowReader, LeansScaledPrices) {
  EXPECT_EQ(Read("19980102 00:00,1,1,1,1,1", "19980102 00:00,973100,975300,965300,973600,2150000"),
            "1998-01-02T00:00:00.000000Z 97.31 97.53 96.53 97.36 2150000");
  EXPECT_EQ(Read("19980102 00:00,1,1,1,1,1", "19980102 00:00,1,15,1,3,2.5"),
            "1998-01-02T00:00:00.000000Z 0.0001 0.0015 0.0001 0.0003 2.5");
}

TEST(RowReader, LeansMillisecondsOfADayInNewYorkAndInUtc) {
  const market::Day summer{std::chrono::days(15'985)};  // 2013-10-07
  const std::string_view line = "34200000,1674100,1674100,1672500,1672700,3197";
  const auto equity = LayoutOf(line, CsvFormat::kAuto, AssetClass::kUsEquity);
  RowReader shares(*equity, summer);
  EXPECT_EQ(Read(shares, line), "2013-10-07T13:30:00.000000Z 167.41 167.41 167.25 167.27 3197");
  EXPECT_EQ(Read(shares, "86400000,1,1,1,1,1"), "bad_time");
  EXPECT_EQ(Read(shares, "-1,1,1,1,1,1"), "bad_time");
  const auto crypto = LayoutOf("0,1,1,1,1,1", CsvFormat::kAuto, AssetClass::kCrypto);
  RowReader coins(*crypto, summer);
  EXPECT_EQ(Read(coins, "60500,7420,7422,7405,7405,13.35069752"),
            "2013-10-07T00:01:00.500000Z 7420 7422 7405 7405 13.35069752");
}

TEST(RowReader, NumbersAreExact) {
  EXPECT_EQ(Read(kHeader, "2004-08-19,1469.250000,1478.000000,1438.359985,1455.219971,931800000"),
            "2004-08-19T00:00:00.000000Z 1469.25 1478 1438.359985 1455.219971 931800000");
  EXPECT_EQ(Read(kHeader,
                 "2004-08-19,0.000000001,1000000000,0.000000001,999999999.999999999,"
                 "36000000000"),
            "2004-08-19T00:00:00.000000Z 0.000000001 1000000000 0.000000001 999999999.999999999 "
            "36000000000");
  EXPECT_EQ(Read(kHeader, "2004-08-19,42.540000915527344,43,42,42.5,"),
            "2004-08-19T00:00:00.000000Z 42.540000916 43 42 42.5 0");
  EXPECT_EQ(Read(kHeader, "2004-08-19,1e2,100,1.,5,1.1456e+10"),
            "2004-08-19T00:00:00.000000Z 100 100 1 5 11456000000");
}

TEST(RowReader, EachFaultHasItsName) {
  EXPECT_EQ(Read(kHeader, "2004-08-19,1,1,1,1"), "missing_columns");
  EXPECT_EQ(Read(kHeader, ""), "missing_columns");
  EXPECT_EQ(Read(kHeader, "2004-08-19,x,1,1,1,1"), "bad_number");
  EXPECT_EQ(Read(kHeader, "2004-08-19,,1,1,1,1"), "bad_number");
  EXPECT_EQ(Read(kHeader, "2004-08-19,1,1,-1,1,1"), "bad_price");
  EXPECT_EQ(Read(kHeader, "2004-08-19,1,1,0,1,1"), "bad_price");
  EXPECT_EQ(Read(kHeader, "2004-08-19,1,1000000001,1,1,1"), "bad_price");
  EXPECT_EQ(Read(kHeader, "2004-08-19,2,1,3,2,1"), "high_below_low");
  EXPECT_EQ(Read(kHeader, "2004-08-19,5,4,2,3,1"), "outside_range");
  EXPECT_EQ(Read(kHeader, "2004-08-19,3,4,2,1,1"), "outside_range");
  EXPECT_EQ(Read(kHeader, "2004-08-19,3,4,2,3,-1"), "bad_volume");
  EXPECT_EQ(Read(kHeader, "2004-08-19,3,4,2,3,36000000001"), "bad_volume");
  EXPECT_EQ(Read(kHeader, "2004-08-19,3,4,2,3,many"), "bad_volume");
  EXPECT_EQ(Read("date,symbol,price", "2004-08-19,,3"), "bad_symbol");
  EXPECT_EQ(Read("date,symbol,price", "2004-08-19,a b,3"), "bad_symbol");
  EXPECT_EQ(Read(kHeader, "9999999999999999999999,3,4,2,3,1"), "bad_time");
  EXPECT_EQ(Read(kHeader, "2004-08-19,99999999999999999999999,4,2,3,1"), "bad_number");
}

// Rows with any one byte changed, removed or doubled: both ways agree on each.
TEST(RowReader, BothWaysAgreeOnDamagedRows) {
  struct Case {
    std::string_view header, row;
  };
  const Case cases[] = {
      {kHeader, "2004-08-19,100.01,104.06,95.96,100.34,22351900"},
      {"time,symbol,open,high,low,close,x,volume",
       "2004-08-19 09:30:00Z,GOOG,0.5,104.060000001,0.123456789,1,,2.75"},
      {"19980102 00:00,1,1,1,1,1", "19980102 00:00,973100,975300,965300,973600,2150000"},
      {"time,price,symbol", "1092907860000,15,A"},
  };
  base::Random random(7);
  constexpr std::string_view kBytes = "0123456789.,-+eEZT: \"x\r";
  for (const Case& one : cases) {
    const auto layout = LayoutOf(one.header, CsvFormat::kAuto, AssetClass::kUsEquity);
    ASSERT_TRUE(layout) << one.header;
    RowReader rows(*layout, std::nullopt);
    int taken = 0;
    for (int round = 0; round < 20'000; ++round) {
      std::string line(one.row);
      for (uint64_t changes = 1 + random.Below(3); changes > 0; --changes) {
        const size_t at = random.Below(line.size());
        const char byte = kBytes[random.Below(kBytes.size())];
        const uint64_t how = random.Below(3);
        if (how == 0) line[at] = byte;
        if (how == 1) line.erase(at, 1);
        if (how == 2) line.insert(at, 1, byte);
      }
      const std::string read = Read(rows, line);
      taken += read.contains("Z ") ? 1 : 0;
      ASSERT_FALSE(HasFailure()) << "seed 7, round " << round;
    }
    EXPECT_GT(taken, 100) << one.header;
  }
}

}  // namespace
}  // namespace livetape::jobs
