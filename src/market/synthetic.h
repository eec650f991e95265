#pragma once

// SyntheticSource: a made-up but believable market, the same for the same options on every
// machine. Endless. One thread owns it.
//
// Order: InstrumentListed for every symbol; per symbol its made history, 400 daily bars and then
// 5 days of minutes (market/made_history.h); then live updates, each a QuoteUpdate and a TradeTick
// at its bid or ask. The first of each symbol comes at the start, the k-th of all the others at
// start + k / (rate x symbols), counting those of the start, symbols in turn.

#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "market/source.h"
#include "market/symbol_spec.h"
#include "market/walk.h"

namespace livetape::market {

inline constexpr double kSyntheticRateMax = 100'000;  // updates per second of all symbols

struct SyntheticOptions {
  std::vector<SymbolSpec> symbols;
  uint64_t seed = 1;
  double rate = 5;  // updates per second and symbol
  base::WallTime start;
};

class SyntheticSource final : public Source {
 public:
  // The error says which option is wrong and what is allowed.
  static base::Result<std::unique_ptr<SyntheticSource>> Open(SyntheticOptions options);

  base::Result<bool> Next(model::MarketEvent& event) override;

 private:
  struct Live {
    Walk walk;
    int64_t tick_units;
    double spread;         // as a share of the price
    double size_mean;      // of trades, in units of the instrument
    int64_t size_quantum;  // sizes are multiples of this, in units of Quantity
  };

  explicit SyntheticSource(SyntheticOptions options);
  void List(model::MarketEvent& event);
  void History(model::MarketEvent& event);
  void Quote(model::MarketEvent& event);
  base::Quantity Size(Live& live);

  enum class Phase { kListing, kHistory, kQuote, kTrade };

  const SyntheticOptions options_;
  const double step_ns_;     // between two updates
  const double root_years_;  // sqrt of the years between two updates of one symbol
  std::vector<Live> live_;
  Phase phase_ = Phase::kListing;
  size_t symbol_ = 0;  // whose turn it is
  uint64_t update_ = 0;
  model::BarHistory minutes_;  // of the symbol whose daily bars have just been sent
  bool minutes_next_ = false;
  base::WallTime time_;     // of the current update
  model::TradeTick trade_;  // follows the quote just sent
};

}  // namespace livetape::market
