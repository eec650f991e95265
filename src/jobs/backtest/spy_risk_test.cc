// Value at risk of real returns: known answers of 23 years of SPY.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "floor/risk/value_at_risk.h"
#include "jobs/backtest/real_bars.h"

namespace livetape::jobs {
namespace {

std::vector<double> Returns(const std::string& text) {
  std::vector<double> returns;
  double before = 0;
  for (const std::vector<std::string>& row : CsvRows(text)) {
    const double close = std::stod(row.at(4));
    if (before > 0) returns.push_back(close / before - 1);
    before = close;
  }
  return returns;
}

void ExpectNear(double got, double wanted) { EXPECT_NEAR(got, wanted, 1e-9 * std::abs(wanted)); }

TEST(SpyRisk, FiguresOfAllReturnsAndOfTheLastYear) {
  const auto text = LeanSpy("daily/spy.zip", "spy.csv");
  if (!text) GTEST_SKIP() << kNoRealBars;
  std::vector<double> all = Returns(*text);
  ASSERT_EQ(all.size(), 5848U);
  const std::vector<double> last(all.end() - 252, all.end());
  const floor::TailRisk historical = floor::HistoricalRisk(all, 0.95);
  ExpectNear(historical.var, 0.018954570907377382);
  ExpectNear(historical.cvar, 0.029530374467944594);
  const floor::Moments moments = floor::MomentsOf(last);
  ExpectNear(floor::ParametricRisk(moments, 0.99).var, 0.02890664518103501);
  ExpectNear(floor::ParametricRisk(moments, 0.95).var, 0.019912524965691118);
}

}  // namespace
}  // namespace livetape::jobs
