#include "jobs/backtest/backtest_run.h"

#include <functional>

#include "jobs/backtest/scripted_fixture.h"

namespace livetape::jobs {
namespace {

using BacktestRunTest = ScriptedFixture;

TEST_F(BacktestRunTest, OnlyBarsOfTheRangeAreSeen) {
  spec_.range = {.from = T("2024-01-05"), .to = T("2024-01-07")};
  const BacktestResult result = Run(Wanting({}), Flat({"1", "2", "3", "4", "5"}));
  EXPECT_EQ(result.bars, 3) << "both ends are in it";
  EXPECT_EQ(result.first, T("2024-01-05"));
  EXPECT_EQ(result.last, T("2024-01-07"));
}

TEST_F(BacktestRunTest, WithoutBarsThereIsAnError) {
  spec_.range = {.from = T("2025-01-01"), .to = std::nullopt};
  const auto result = Try(Wanting({}), {Flat({"1", "2"})});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "A has no bars from 2025-01-01T00:00:00.000000Z to the end");
}

TEST_F(BacktestRunTest, BarsThatAreNoneAreAnError) {
  auto twice = Flat({"1", "2", "3"});
  twice[2].start = twice[1].start;
  EXPECT_EQ(Try(Wanting({}), {twice}).error().message,
            "the bar of A at 2024-01-05T00:00:00.000000Z does not come after the one before it");
  for (const Row& row :
       {Row{"0", "1", "0", "1"}, Row{"2", "1", "1", "1"}, Row{"2", "3", "2.5", "3"}}) {
    EXPECT_FALSE(Try(Wanting({}), {Days({{"1", "1", "1", "1"}, row})}));
  }
}

TEST_F(BacktestRunTest, SettingsBeyondTheLimitsAreAnError) {
  spec_.cash = {};
  EXPECT_FALSE(Try(Wanting({}), {Flat({"1", "2"})}));
  spec_.cash = A("1000");
  spec_.fees.rate = D("1.1");
  EXPECT_FALSE(Try(Wanting({}), {Flat({"1", "2"})}));
}

TEST_F(BacktestRunTest, WeekendsMakeAYearOfAllDays) {
  EXPECT_EQ(Run(Wanting({}), Flat({"1", "1"})).days_per_year, 252) << "Thursday and Friday";
  EXPECT_EQ(Run(Wanting({}), Flat({"1", "1", "1"})).days_per_year, 365) << "and Saturday";
}

TEST_F(BacktestRunTest, WithTheExchangesHoursItsWeekendsCount) {
  // Friday evening in New York is Saturday in UTC; Sunday evening there is Monday.
  auto hours = Flat({"1", "1"});
  hours[1].start = T("2024-01-06T00:30:00Z");
  EXPECT_EQ(Run(Wanting({}), hours).days_per_year, 365);
  spec_.hours = market::Hours::kExchange;
  EXPECT_EQ(Run(Wanting({}), hours).days_per_year, 252);
  hours[1].start = T("2024-01-08T00:30:00Z");
  EXPECT_EQ(Run(Wanting({}), hours).days_per_year, 365);
  spec_.daily_bars = true;
  hours[1].start = T("2024-01-08");
  EXPECT_EQ(Run(Wanting({}), hours).days_per_year, 252) << "a day is UTC's";
}

TEST_F(BacktestRunTest, WhoIsRuinedIsToldOfAllBars) {
  std::vector<std::string_view> prices(5'000, "10");
  prices[2] = "30";
  auto bars = Flat(prices);
  for (size_t i = 0; i < bars.size(); ++i)
    bars[i].start = T("2024-01-05") + std::chrono::seconds(i);
  bars.back().start = T("2024-01-06");
  const BacktestResult idle = Run(Wanting({}), bars);
  const BacktestResult ruined = Run(Wanting({{0, Stance::kShort}}), bars);
  ASSERT_TRUE(ruined.ruined);
  EXPECT_EQ(ruined.bars, 3);
  EXPECT_EQ(ruined.data_hash, idle.data_hash);
  EXPECT_EQ(ruined.days_per_year, 365) << "as with the others: the last bar is of a Saturday";
  bars.back().start = bars.front().start;
  EXPECT_FALSE(Try(Wanting({{0, Stance::kShort}}), {bars})) << "as without a ruin";
}

TEST_F(BacktestRunTest, IntradayEquityIsTakenAtTheEndOfEachDay) {
  auto hours = Flat({"10", "10", "20", "10", "40", "20", "10", "30"});
  for (size_t i = 0; i < hours.size(); ++i) {
    hours[i].start = T("2024-01-04T20:30:00Z") + std::chrono::hours(i);
  }
  spec_.close_at_end = CloseAtEnd::kNone;
  const StrategyPlan plan = Wanting({{0, Stance::kLong}});
  // UTC: 20:30 to 23:30 is one day, the other four the next.
  const BacktestResult utc = Run(plan, hours);
  EXPECT_EQ(TextOf(utc.curve), "1000 1000 2000 1000 4000 2000 1000 3000");
  EXPECT_FALSE(utc.figures.annual_return) << "two days, one return";
  EXPECT_EQ(utc.figures.max_drawdown, -0.75) << "of all hours";
  // New York's day ends at 16:00, which is 21:00 UTC: 20:30 is a day of its own.
  spec_.hours = market::Hours::kExchange;
  auto three = hours;
  three.back().start = T("2024-01-05T21:30:00Z");
  EXPECT_TRUE(Run(plan, three).figures.annual_return) << "three days, two returns";
}

TEST_F(BacktestRunTest, ABarOfADayIsADayOfTheFiguresWhateverTheHours) {
  const auto days = Flat({"10", "10", "20", "10", "40", "20", "10", "30"});  // with a weekend
  spec_.close_at_end = CloseAtEnd::kNone;
  spec_.daily_bars = true;
  const StrategyPlan plan = Wanting({{0, Stance::kLong}});
  const auto always = Run(plan, days).figures;
  spec_.hours = market::Hours::kExchange;
  const auto exchange = Run(plan, days).figures;
  EXPECT_EQ(exchange.annual_return, always.annual_return);
  EXPECT_EQ(exchange.volatility, always.volatility);
  EXPECT_EQ(exchange.sharpe_ratio, always.sharpe_ratio);
}

TEST_F(BacktestRunTest, MonthsFollowFromTheirLastDays) {
  auto bars = Flat({"10", "10", "20", "15", "30"});
  bars[2].start = T("2024-01-31");
  bars[3].start = T("2024-02-10");
  bars[4].start = T("2024-04-01");
  const BacktestResult result = Run(Wanting({{0, Stance::kLong}}), bars);
  ASSERT_EQ(result.months.size(), 3);
  EXPECT_EQ(result.months[0].month, std::chrono::year(2024) / 1);
  EXPECT_DOUBLE_EQ(result.months[0].fraction, 1);
  EXPECT_DOUBLE_EQ(result.months[1].fraction, -0.25);
  EXPECT_EQ(result.months[2].month, std::chrono::year(2024) / 4);
  EXPECT_DOUBLE_EQ(result.months[2].fraction, 1);
}

TEST_F(BacktestRunTest, TheHashTellsOtherBarsApart) {
  const auto bars = Flat({"10", "11", "12"});
  auto other = bars;
  other[1].volume = A("1");
  const uint64_t hash = Run(Wanting({}), bars).data_hash;
  EXPECT_EQ(Run(Wanting({{0, Stance::kLong}}), bars).data_hash, hash);
  EXPECT_NE(Run(Wanting({}), other).data_hash, hash);
  EXPECT_NE(Run(Wanting({}), {bars, bars}).data_hash, hash);
}

class Recorder final : public ProgressSink {
 public:
  void OnProgress(const BacktestProgress& progress) override {
    EXPECT_LE(seen_, progress.done) << "it never goes back";
    EXPECT_EQ(progress.curve.times.size(), progress.done);
    seen_ = progress.done;
    total_ = progress.total;
    ++calls_;
    if (on_progress_) on_progress_();
  }
  uint64_t seen_ = 0, calls_ = 0;
  std::optional<uint64_t> total_;
  std::function<void()> on_progress_;
};

TEST_F(BacktestRunTest, SaysHowFarItIsAtMostSoOften) {
  std::vector<std::string_view> prices(10'000, "10");
  Recorder recorder;
  sink_ = &recorder;
  const auto bars = Flat(prices);
  static_cast<void>(Run(Wanting({}), bars));
  EXPECT_EQ(recorder.calls_, 1) << "no time has passed: only the end is told";
  EXPECT_EQ(recorder.seen_, 10'000);
  EXPECT_EQ(recorder.total_, 10'000);

  recorder = Recorder();
  static_cast<void>(Run(Scripted([this](size_t, const Holdings&, std::vector<Intent>&) {
                          clock_.Advance(std::chrono::milliseconds(1));
                        }),
                        bars));
  EXPECT_GE(recorder.calls_, 10'000 / 164);
  EXPECT_LE(recorder.calls_, 10'000 / 100 + 1);
}

TEST_F(BacktestRunTest, StopsAtTheBarAtWhichItIsAskedTo) {
  std::stop_source source;
  stop_ = source.get_token();
  const StrategyPlan plan =
      Scripted([&source](size_t moment, const Holdings&, std::vector<Intent>& intents) {
        if (moment == 0) intents.emplace_back(Target{kA, Stance::kLong});
        if (moment == 2) source.request_stop();
      });
  const BacktestResult result = Run(plan, Flat({"10", "10", "10", "70", "70"}));
  EXPECT_TRUE(result.stopped);
  EXPECT_EQ(result.bars, 3);
  EXPECT_EQ(TextOf(result.fills), "buy 100@10");
  EXPECT_EQ(result.figures.buy_and_hold_return, 0) << "the bars that it has not seen do not count";
}

}  // namespace
}  // namespace livetape::jobs
