#include "market/csv_columns.h"

#include <gtest/gtest.h>

#include <string>

namespace livetape::market {
namespace {

std::vector<std::string> Split(std::string_view line) {
  std::vector<std::string_view> fields;
  SplitCsvRow(line, fields);
  return {fields.begin(), fields.end()};
}

using Strings = std::vector<std::string>;

TEST(CsvColumns, RowsSplitAtCommasOutsideQuotes) {
  EXPECT_EQ(Split("a, b ,\"c\",,e\r"), (Strings{"a", "b", "c", "", "e"}));
  EXPECT_EQ(Split("\"1,234.5\",2"), (Strings{"1,234.5", "2"}));
  EXPECT_EQ(Split(""), (Strings{""}));
  EXPECT_EQ(Split("\"open"), (Strings{"\"open"}));
  EXPECT_EQ(Split(std::string(1000, ',')).size(), kCsvColumnsMax);
}

TEST(CsvColumns, HeaderNamesMayHaveAnyOrderAndCase) {
  const CsvColumns columns = CsvColumns::Parse(
      "\xef\xbb\xbf"
      "Close,\"Adj Close\",LOW,High,Open,Volume,Date");
  EXPECT_TRUE(columns.MakesBars());
  EXPECT_FALSE(columns.MakesTicks());
  EXPECT_EQ(columns.close, 0U);
  EXPECT_EQ(columns.low, 2U);
  EXPECT_EQ(columns.date, 6U);
}

TEST(CsvColumns, TicksNeedATimeAndAPriceOrAQuote) {
  EXPECT_TRUE(CsvColumns::Parse("time,price,size").MakesTicks());
  EXPECT_TRUE(CsvColumns::Parse("timestamp,bid,ask").MakesTicks());
  EXPECT_FALSE(CsvColumns::Parse("timestamp,bid").MakesTicks());
  EXPECT_FALSE(CsvColumns::Parse("price,size").MakesTicks());
  EXPECT_EQ(CsvColumns::Parse("ts,last,vol").size, 2U);
  EXPECT_EQ(CsvColumns::Parse("Time,Bid_Size,ask size,bid,ask").ask_size, 2U);
}

TEST(CsvColumns, AnythingElseIsNoHeader) {
  for (const char* line : {"", "2004-08-19,100.0,104.06", "{\"stream\":1}", ",,,,"}) {
    const CsvColumns columns = CsvColumns::Parse(line);
    EXPECT_FALSE(columns.MakesBars() || columns.MakesTicks()) << line;
  }
}

}  // namespace
}  // namespace livetape::market
