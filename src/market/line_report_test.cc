#include "market/line_report.h"

#include <gtest/gtest.h>

#include <vector>

namespace livetape::market {
namespace {

class LineReportTest : public testing::Test {
 protected:
  std::vector<std::string> said_;
  base::Log log_{base::LogLevel::kDebug,
                 [this](base::LogLevel, std::string_view text) { said_.emplace_back(text); }};
  LineReport report_{"feed.csv", &log_};
};

TEST_F(LineReportTest, NamesFileLineAndReason) {
  report_.Skipped(17, "price is missing");
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_EQ(said_[0], "feed.csv:17: skipped: price is missing");
  report_.Finish();
  EXPECT_EQ(said_.back(), "feed.csv: 1 malformed line skipped");
}

TEST_F(LineReportTest, AfterTwentyLinesOnlyCountsAndTellsTheTotal) {
  for (uint64_t line = 1; line <= 1000; ++line) report_.Skipped(line, "bad");
  ASSERT_EQ(said_.size(), kReportedLinesMax + 1);
  EXPECT_EQ(said_[19], "feed.csv:20: skipped: bad");
  EXPECT_EQ(said_[20], "feed.csv: further malformed lines are only counted");
  report_.Finish();
  EXPECT_EQ(said_.back(), "feed.csv: 1000 malformed lines skipped");
  EXPECT_EQ(report_.skipped(), 1000U);
}

TEST_F(LineReportTest, IsSilentWhenAllIsWellAndAfterTheEnd) {
  report_.Finish();
  report_.Skipped(1, "bad");
  report_.Noticed(1, "odd");
  report_.Finish();
  EXPECT_TRUE(said_.empty());
  EXPECT_EQ(report_.skipped(), 0U);
}

TEST_F(LineReportTest, NoticesAreNotSkippedLines) {
  report_.Noticed(3, "a hole");
  EXPECT_EQ(said_.at(0), "feed.csv:3: a hole");
  EXPECT_EQ(report_.skipped(), 0U);
}

TEST(LineReport, CountsWithoutALog) {
  LineReport report("x", nullptr);
  report.Skipped(1, "bad");
  report.Finish();
  EXPECT_EQ(report.skipped(), 1U);
}

}  // namespace
}  // namespace livetape::market
