#include "jobs/backtest/result_json.h"

#include <limits>

#include "jobs/backtest/scripted_fixture.h"

namespace livetape::jobs {
namespace {

class ResultJsonTest : public ScriptedFixture {
 protected:
  template <typename... Values>
  static std::string TextBy(void (*append)(std::string&, Values...), auto&&... values) {
    std::string text;
    append(text, values...);
    return text;
  }
  const std::vector<std::string> names_ = {"A\"1", "B"};
};

TEST_F(ResultJsonTest, FiguresHaveAllNamesAndNullsWhereNothingIs) {
  BacktestFigures figures;
  figures.final_equity = A("53310.62");
  figures.total_return = 4.331062;
  figures.trades = 31;
  EXPECT_EQ(TextBy(&AppendFigures, figures),
            R"({"final_equity":53310.62,"total_return":4.331062,"annual_return":null,)"
            R"("volatility":null,"sharpe_ratio":null,"sortino_ratio":null,"calmar_ratio":null,)"
            R"("max_drawdown":0,"trades":31,"win_rate":null,"profit_factor":null,"sqn":null,)"
            R"("exposure":0,"fees":0,"buy_and_hold_return":null})");
}

TEST_F(ResultJsonTest, TradesAndFillsNameTheirSymbol) {
  const BacktestResult result =
      Run(Wanting({{0, Stance::kLong}, {1, Stance::kFlat}}), Flat({"10", "10", "12.5"}));
  EXPECT_EQ(TextBy(&AppendTrade, result.trades.at(0), names_),
            R"({"symbol":"A\"1","side":"long","opened":"2024-01-05T00:00:00.000000Z",)"
            R"("closed":"2024-01-06T00:00:00.000000Z","quantity":100,"entry_price":10,)"
            R"("exit_price":12.5,"profit":250,"fees":0,"return":0.25})");
  EXPECT_EQ(TextBy(&AppendFill, result.fills.at(1), names_),
            R"({"time":"2024-01-06T00:00:00.000000Z","symbol":"A\"1","side":"sell",)"
            R"("type":"market","liquidity":"taker","quantity":100,"price":12.5,)"
            R"("source_price":12.5,"fee":0,"realized_pnl":250,"position_qty":0,"cash":1250})");
  EXPECT_EQ(TextBy(&AppendEquity, result.curve),
            R"([{"time":"2024-01-04T00:00:00.000000Z","equity":1000},)"
            R"({"time":"2024-01-05T00:00:00.000000Z","equity":1000},)"
            R"({"time":"2024-01-06T00:00:00.000000Z","equity":1250}])");
  EXPECT_EQ(TextBy(&AppendMonths, result.months), R"([{"month":"2024-01","return":0.25}])");
}

TEST_F(ResultJsonTest, TheRequestIsWrittenAsItIsSent) {
  BacktestRequest request;
  request.strategy = "sma_cross";
  request.symbols = {"GOOG", "SPY"};
  request.params = {{"fast", {int64_t{5}, int64_t{10}}}, {"short", {true}}};
  request.spec.range.from = T("2024-01-04");
  request.spec.fees.rate = D("0.002");
  EXPECT_EQ(TextBy(&AppendRequest, request),
            R"({"strategy":"sma_cross","params":{"fast":[5,10],"short":true},)"
            R"("symbols":["GOOG","SPY"],"from":"2024-01-04T00:00:00.000000Z","timeframe":"1d",)"
            R"("cash":100000,"fee":0.002,"slippage_bps":0,"fee_per_share":0,"fee_min":0,)"
            R"("close_at_end":"close","fractional":false,"rank_by":"sharpe_ratio"})");
}

TEST_F(ResultJsonTest, NumbersAreNeverAnythingElse) {
  EXPECT_EQ(TextBy(&AppendNumber, std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(TextBy(&AppendNumber, std::nullopt), "null");
  EXPECT_EQ(TextBy(&AppendNumber, 0.1), "0.1");
  EXPECT_EQ(HashText(255), "00000000000000ff");
}

}  // namespace
}  // namespace livetape::jobs
