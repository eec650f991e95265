#include "jobs/import/csv_layout.h"

#include <gtest/gtest.h>

namespace livetape::jobs {
namespace {

using model::AssetClass;

base::Result<CsvLayout> Layout(std::string_view line, CsvFormat format = CsvFormat::kAuto,
                               AssetClass asset_class = AssetClass::kUsEquity) {
  return LayoutOf(line, format, asset_class);
}
std::string Refusal(std::string_view line, CsvFormat format = CsvFormat::kAuto) {
  const auto layout = Layout(line, format);
  EXPECT_FALSE(layout) << line;
  return layout ? "" : layout.error().message;
}

TEST(CsvLayout, HeadersOfAnyOrderAndSpelling) {
  for (const char* const header :
       {"date,open,high,low,close,volume,adj_close", "Date,Open,High,Low,Close,Adj Close,Volume",
        "\xef\xbb\xbf\"Timestamp\", \"OPEN\", \"High\", \"Low\", \"Close\"",
        "ticker,vol,close,low,high,open,date,time"}) {
    const auto layout = Layout(header);
    ASSERT_TRUE(layout) << header;
    EXPECT_TRUE(layout->header);
    EXPECT_FALSE(layout->one_price);
    EXPECT_EQ(layout->price_divisor, 1);
    EXPECT_FALSE(layout->NeedsDay());
  }
  // The last column that counts is the fifth: a sixth may be missing.
  EXPECT_EQ(Layout("date,open,high,low,close,adj")->columns_min, 5u);
  EXPECT_EQ(Layout("date,open,high,low,close,adj,volume")->columns_min, 7u);
}

TEST(CsvLayout, OnePriceIsABarWithoutRange) {
  const auto layout = Layout("symbol,date,price");
  ASSERT_TRUE(layout);
  EXPECT_TRUE(layout->one_price);
  EXPECT_EQ(layout->columns.close, 2u);
  EXPECT_EQ(layout->columns.symbol, 0u);
}

TEST(CsvLayout, LeansRowsByTimeAndClass) {
  const auto day = Layout("19980102 00:00,973100,975300,965300,973600,2150000");
  ASSERT_TRUE(day) << day.error().message;
  EXPECT_FALSE(day->header);
  EXPECT_EQ(day->price_divisor, 10'000);
  EXPECT_EQ(day->time_form, CsvLayout::TimeForm::kNewYorkText);
  const auto minute = Layout("14400000,1674100,1674100,1672500,1672700,3197");
  ASSERT_TRUE(minute);
  EXPECT_EQ(minute->time_form, CsvLayout::TimeForm::kNewYorkMilliseconds);
  const auto coin =
      Layout("0,7424.91,7424.91,7422,7422,7.1", CsvFormat::kAuto, AssetClass::kCrypto);
  ASSERT_TRUE(coin);
  EXPECT_EQ(coin->price_divisor, 1);
  EXPECT_EQ(coin->time_form, CsvLayout::TimeForm::kUtcMilliseconds);
}

TEST(CsvLayout, WhatCannotBeImportedIsSaid) {
  EXPECT_NE(Refusal("date,open,high,low").find("does not name"), std::string::npos);
  EXPECT_NE(Refusal("open,high,low,close").find("does not name"), std::string::npos);
  EXPECT_NE(Refusal("time,bid,ask").find("does not name"), std::string::npos);
  EXPECT_NE(Refusal("2004-08-19,1,2,3,4,5").find("neither a header"), std::string::npos);
  EXPECT_NE(Refusal("{}").find("does not name"), std::string::npos);
  EXPECT_NE(Refusal("14400000,1,1,1,1,1,1,1,1,1,1").find("quotes"), std::string::npos);
  // A tick of Lean's: price, size, exchange, condition, suspicious.
  EXPECT_NE(Refusal("14400120,494500,200,P,00000008,0").find("bars of trades"), std::string::npos);
  EXPECT_NE(Refusal("date,open,high,low,close", CsvFormat::kLean).find("neither a header"),
            std::string::npos);
  EXPECT_NE(Refusal("19980102 00:00,1,1,1,1,1", CsvFormat::kHeader).find("does not name"),
            std::string::npos);
}

TEST(CsvLayout, FormatsByName) {
  for (const CsvFormat format : {CsvFormat::kAuto, CsvFormat::kHeader, CsvFormat::kLean}) {
    EXPECT_EQ(ParseCsvFormat(Name(format)), format);
  }
  EXPECT_FALSE(ParseCsvFormat("xml"));
}

}  // namespace
}  // namespace livetape::jobs
