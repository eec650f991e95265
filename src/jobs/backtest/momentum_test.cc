#include "jobs/backtest/momentum.h"

#include "jobs/backtest/scripted_fixture.h"

namespace livetape::jobs {
namespace {

class MomentumTest : public ScriptedFixture {
 protected:
  MomentumTest() { spec_.close_at_end = CloseAtEnd::kNone; }
  static StrategyPlan Plan(size_t lookback, uint32_t top, uint64_t every) {
    return {.portfolio = true, .warm_up = lookback + 1, .make = [=](size_t symbols) {
              return std::make_unique<Momentum>(symbols, lookback, top, every);
            }};
  }
  // With the symbol: "0 buy 10@5".
  static std::string Told(const BacktestResult& result) {
    std::string text;
    for (const RunFill& f : result.fills) {
      text.append(text.empty() ? "" : "; ") +=
          std::to_string(f.symbol.value()) + " " + TextOf(std::vector{f});
    }
    return text;
  }
};

TEST_F(MomentumTest, HoldsTheBestForEqualPartsOfTheCash) {
  const auto result =
      Run(Plan(2, 2, 100), {Flat({"10", "10", "11", "10"}), Flat({"10", "10", "13", "10"}),
                            Flat({"10", "10", "12", "10"})});
  EXPECT_EQ(Told(result), "1 buy 50@10; 2 buy 50@10");
}

TEST_F(MomentumTest, HoldsNothingThatHasNotRisen) {
  const auto result = Run(Plan(1, 2, 100), {Flat({"10", "10", "10"}), Flat({"10", "9", "10"}),
                                            Flat({"10", "11", "10"})});
  EXPECT_EQ(Told(result), "2 buy 50@10") << "the other half stays cash";
}

TEST_F(MomentumTest, ChangesWhatIsNotAmongTheBestAnyMore) {
  const auto result =
      Run(Plan(1, 2, 1), {Flat({"10", "11", "12", "13"}), Flat({"10", "11", "10", "10"}),
                          Flat({"10", "10", "12", "14"})});
  // First 0 and 1 have risen, by the same: in the order of symbols. Then 2 and 0: 0 is kept.
  EXPECT_EQ(Told(result), "0 buy 41@12; 1 buy 50@10; 1 sell 50@10; 2 buy 36@14");
}

TEST_F(MomentumTest, RanksOnlyEverySoOften) {
  const auto one = Flat({"10", "11", "12", "13", "14", "13", "13"});
  const auto other = Flat({"10", "10", "13", "15", "17", "20", "20"});
  // Ranked at moments 1 and 4; at 4 the other has risen more.
  const auto result = Run(Plan(1, 1, 3), {one, other});
  EXPECT_EQ(Told(result), "0 buy 83@12; 0 sell 83@13; 1 buy 54@20");
}

// 0 is the best on the 5th and has no bar again before the 8th; on the 6th 1 is the best.
TEST_F(MomentumTest, GivesUpWhatCouldNotBeBoughtBeforeTheNextRanking) {
  auto gone = Flat({"10", "12", "12", "12"});
  gone[2].start = T("2024-01-08");
  gone[3].start = T("2024-01-09");
  auto other = Flat({"10", "10", "11", "12", "13"});
  other[3].start = T("2024-01-08");
  other[4].start = T("2024-01-09");
  EXPECT_EQ(Told(Run(Plan(1, 1, 1), {gone, other})), "1 buy 83@12");
}

TEST_F(MomentumTest, WaitsForSymbolsThatBeginLater) {
  const auto early = Flat({"10", "10", "10", "10", "10", "10"});
  auto late = Flat({"10", "11", "12"}, "2024-01-07");
  const auto result = Run(Plan(1, 1, 1), {early, late});
  EXPECT_EQ(Told(result), "1 buy 83@12");
}

}  // namespace
}  // namespace livetape::jobs
