#include "jobs/backtest/sweep.h"

#include <functional>

#include "base/random.h"
#include "jobs/backtest/scripted_fixture.h"

namespace livetape::jobs {
namespace {

class SweepTest : public ScriptedFixture, public SweepSink {
 protected:
  SweepTest() {
    base::Random random(5);
    symbols_.push_back({"A", model::AssetClass::kUsEquity, {}});
    int64_t price = 100;
    for (int i = 0; i < 400; ++i) {
      model::Bar& bar = symbols_.front().bars.emplace_back();
      bar.start = T("2020-01-01") + std::chrono::days(i);
      price = std::max<int64_t>(20, price + static_cast<int64_t>(random.Below(9)) - 4);
      bar.open = bar.high = bar.low = bar.close =
          base::Price::FromUnits(price * base::kDecimalScale);
    }
    spec_.cash = A("10000");
  }

  static std::vector<SweepCandidate> Pairs(int64_t most) {
    std::vector<SweepCandidate> all;
    for (int64_t fast = 1; fast < most; ++fast) {
      for (int64_t slow = fast + 1; slow <= most; ++slow) {
        const ParameterValues values = {{"fast", fast}, {"slow", slow}, {"short", true}};
        all.push_back({values, *PlanStrategy("sma_cross", values)});
      }
    }
    return all;
  }
  base::Result<SweepResult> Sweep(const std::vector<SweepCandidate>& candidates, size_t threads,
                                  std::string_view rank_by = "sharpe_ratio") {
    return RunSweep(spec_, candidates, symbols_, rank_by,
                    {.clock = clock_,
                     .sink = this,
                     .interval = std::chrono::milliseconds(0),
                     .stop = stop_,
                     .threads = threads});
  }
  void OnProgress(const SweepProgress& progress) override {
    EXPECT_LE(last_.done, progress.done) << "it never goes back";
    EXPECT_LE(last_.runs, progress.runs);
    EXPECT_LE(progress.done, progress.total);
    last_ = progress;
    if (on_progress_) on_progress_();
  }
  static std::string TextOf(const SweepResult& result) {
    std::string text;
    for (const SweepRow& row : result.rows) {
      text += Text(row.values) + " " + row.figures.final_equity.ToString() + "\n";
    }
    return text;
  }

  std::vector<LoadedSymbol> symbols_;
  SweepProgress last_;
  std::function<void()> on_progress_;
};

TEST_F(SweepTest, EachRowIsWhatTheRunAloneGives) {
  const auto candidates = Pairs(8);
  const auto result = Sweep(candidates, 2);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_FALSE(result->stopped);
  ASSERT_EQ(result->rows.size(), candidates.size());
  spec_.keeps_curve = true;
  for (const SweepRow& row : result->rows) {
    const BacktestResult alone = Run(*PlanStrategy("sma_cross", row.values), symbols_[0].bars);
    for (const FigureInfo& figure : FigureList()) {
      EXPECT_EQ(FigureOf(row.figures, figure.name), FigureOf(alone.figures, figure.name))
          << Text(row.values) << " " << figure.name;
    }
    EXPECT_EQ(result->data_hash, alone.data_hash);
    EXPECT_EQ(result->last, alone.last);
  }
  EXPECT_EQ(last_.runs, candidates.size()) << "the last progress has all";
  EXPECT_EQ(last_.done, last_.total);
  EXPECT_EQ(last_.total, 400 * candidates.size());
}

TEST_F(SweepTest, ThreadsChangeNothing) {
  const auto candidates = Pairs(12);
  const std::string one = TextOf(*Sweep(candidates, 1));
  last_ = {};
  EXPECT_EQ(TextOf(*Sweep(candidates, 4)), one);
}

TEST_F(SweepTest, TheBestComesFirstAndNothingLast) {
  auto candidates = Pairs(8);
  // One that never trades, first: it has no Sharpe ratio.
  const ParameterValues never = {{"fast", int64_t{1}}, {"slow", int64_t{5000}}, {"short", false}};
  candidates.insert(candidates.begin(), {never, *PlanStrategy("sma_cross", never)});
  for (const std::string_view rank_by : {"sharpe_ratio", "final_equity", "max_drawdown"}) {
    last_ = {};
    const auto result = Sweep(candidates, 2, rank_by);
    for (size_t i = 1; i < result->rows.size(); ++i) {
      EXPECT_GE(FigureOf(result->rows[i - 1].figures, rank_by),
                FigureOf(result->rows[i].figures, rank_by));
    }
    if (rank_by == "sharpe_ratio") {
      EXPECT_EQ(Text(result->rows.back().values), Text(never));
    }
  }
}

TEST_F(SweepTest, StopsWithTheRowsThatAreDone) {
  std::stop_source source;
  stop_ = source.get_token();
  on_progress_ = [&] {
    if (last_.runs >= 3) source.request_stop();
  };
  const auto result = Sweep(Pairs(12), 2);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->stopped);
  EXPECT_GE(result->rows.size(), 3);
  EXPECT_LE(result->rows.size(), 8) << "two threads, each in a run, of 66";
}

TEST_F(SweepTest, AFaultyBarEndsAllWithOneError) {
  symbols_.front().bars[200].low = {};
  const auto result = Sweep(Pairs(8), 2);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().message.starts_with("the bar of A at 2020-07-19"))
      << result.error().message;
}

TEST_F(SweepTest, LoadsWhatIsInTheRange) {
  BarsInMemory reader(symbols_.front().bars);
  const BacktestSymbol symbol{"A", model::AssetClass::kUsEquity, &reader};
  const auto loaded =
      LoadSymbols({&symbol, 1}, {.from = T("2020-01-03"), .to = T("2020-01-05")}, {});
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->front().bars.size(), 3);
  EXPECT_EQ(loaded->front().bars.front().start, T("2020-01-03"));
}

TEST_F(SweepTest, LoadsNoMoreThanMemoryHas) {
  // The same bars again and again: too many before anything else is looked at.
  class Endless final : public BarReader {
   public:
    base::Result<std::span<const model::Bar>> Next() override { return std::span(bars_); }

   private:
    const std::vector<model::Bar> bars_ = std::vector<model::Bar>(100'000);
  } reader;
  const BacktestSymbol symbol{"A", model::AssetClass::kUsEquity, &reader};
  const auto loaded = LoadSymbols({&symbol, 1}, {}, {});
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("5000000"), std::string::npos) << loaded.error().message;
}

}  // namespace
}  // namespace livetape::jobs
