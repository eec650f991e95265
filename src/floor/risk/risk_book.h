#pragma once

// RiskBook: what every account risks, and which of its limits are broken (docs/risk.md). Part of the
// deterministic core; owned by the TradingFloor.
//
// Invariants: (1) a limit that is off is not broken; (2) from one alert of a limit to the next it is
// broken and armed by turns.

#include <optional>
#include <span>
#include <vector>

#include "floor/account.h"
#include "floor/quote_board.h"
#include "floor/risk/close_book.h"
#include "floor/risk/risk_figures.h"
#include "floor/risk/risk_rules.h"
#include "floor/risk/value_at_risk.h"

namespace livetape::floor {

class RiskBook {
 public:
  const RiskRules& rules() const { return rules_; }
  void SetRules(const RiskRules& rules);
  // Some limit is.
  bool on() const { return on_; }
  CloseBook& closes() { return closes_; }

  const RiskState& state(model::AccountId id) const;
  void Restore(model::AccountId id, const RiskState& state) { Of(id).state = state; }
  // Its account begins anew; what is broken is armed by the next Judge.
  void Reset(model::AccountId id);

  // Compares with the limits; `alerts` gets one for each that is crossed. The account has been
  // sampled at these quotes.
  void Judge(model::AccountId id, const Account& account, const QuoteBoard& quotes,
             base::WallTime time, std::vector<RiskAlert>& alerts);
  // The day ends: counts an exceedance, and keeps the value at risk of the next. Likewise sampled,
  // and its new day has not begun.
  void EndDay(model::AccountId id, const Account& account, const QuoteBoard& quotes);
  RiskReport Report(model::AccountId id, const Account& account, const QuoteBoard& quotes);

 private:
  // Returns of an account's covered positions, kept until other ones are held or a day ends.
  struct Portfolio {
    RiskState state;
    std::vector<model::InstrumentId> covered;
    uint64_t generation = 0;  // of the closes
    std::vector<std::vector<double>> returns;
  };
  struct Exposure {
    base::Amount equity, long_value, short_value, gross, net, largest;
    std::optional<model::InstrumentId> largest_position;
  };
  // A value and how it stands to its limit.
  struct Measure {
    bool known = true, beyond = false, recovered = false;
    std::optional<double> value;
  };

  Portfolio& Of(model::AccountId id);
  // What the portfolio would have returned each day, into scratch; or why that cannot be said.
  std::string_view ReturnsOf(model::AccountId id, const Account& account, const QuoteBoard& quotes);
  TailRisk TailOf(VarMethod method, std::span<const double> returns);
  std::optional<TailRisk> TailOf(model::AccountId id, const Account& account,
                                 const QuoteBoard& quotes, VarMethod method);
  static Exposure ExposureOf(const Account& account, const QuoteBoard& quotes);
  Measure ShareOf(base::Amount part, base::Amount whole, RiskMetric metric) const;
  Measure MeasureOf(RiskMetric metric, model::AccountId id, const Account& account,
                    const QuoteBoard& quotes, const Exposure& exposure);

  RiskRules rules_;
  bool on_ = false;
  CloseBook closes_;
  std::vector<Portfolio> portfolios_;       // by account
  std::optional<MonteCarlo> monte_carlo_;   // of the rules' confidence
  std::vector<model::InstrumentId> found_;  // scratch
  std::vector<double> weights_, returns_, sorted_;
  double covered_ = 1;  // share of gross that ReturnsOf has seen
};

}  // namespace livetape::floor
