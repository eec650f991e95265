#include "market/file_format.h"

#include <gtest/gtest.h>

#include "market/temporary_file.h"

namespace livetape::market {
namespace {

TEST(FileFormat, IsToldByTheFirstLineThatSaysSomething) {
  EXPECT_EQ(*DetectFormat(TemporaryFile("garbage\n\n12 {\"stream\":1}\n").path()),
            FileFormat::kBinance);
  EXPECT_EQ(*DetectFormat(TemporaryFile("Date,Open,High,Low,Close\n").path()),
            FileFormat::kOhlcvCsv);
  EXPECT_EQ(*DetectFormat(TemporaryFile(Gzip("time,price,size\n")).path()), FileFormat::kTickCsv);
}

TEST(FileFormat, TheNameOfTheFileSaysNothing) {
  EXPECT_EQ(*DetectFormat(TemporaryFile("time,price\n", "feed.gz").path()), FileFormat::kTickCsv);
}

TEST(FileFormat, RowsWithoutAHeaderSayNothing) {
  EXPECT_FALSE(FormatOfLine("2004-08-19,100,104,95,100,22351900"));
  EXPECT_FALSE(FormatOfLine("1723161253937085768"));
  EXPECT_FALSE(FormatOfLine("{\"stream\":1}"));
}

TEST(FileFormat, ErrorsNameTheFile) {
  const TemporaryFile file("nothing\nhere\n");
  const auto format = DetectFormat(file.path());
  ASSERT_FALSE(format);
  EXPECT_TRUE(format.error().message.starts_with(file.path() + ": no valid line"));
  EXPECT_FALSE(DetectFormat(TemporaryFile("").path()));
  const std::string gzip = Gzip("time,price\n");
  const auto cut = DetectFormat(TemporaryFile(gzip.substr(0, 12)).path());
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message.find("truncated"), std::string::npos) << cut.error().message;
}

}  // namespace
}  // namespace livetape::market
