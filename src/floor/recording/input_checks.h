#pragma once

// InputChecks: whether a floor may be told what a recording says: its calls trust their callers, a
// file is trusted with nothing. Owned by who reads the recording.

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "floor/recording/floor_input.h"

namespace livetape::floor {

class InputChecks {
 public:
  // An error says what is wrong with it; what is right has counted from then on. Each input of a
  // recording once, in order.
  base::Result<void> Check(const FloorInput& input);
  // The id of the next one.
  model::AccountId next_account() const { return model::AccountId(accounts_); }

 private:
  bool Known(model::InstrumentId id) const { return id.value() < instruments_; }
  bool Known(model::AccountId id) const { return id.value() < accounts_; }
  bool Known(const AccountSnapshot& snapshot) const;

  bool Right(const InstrumentAdded&) { return ++instruments_ <= kInstrumentsMax; }
  bool Right(const QuoteTold& in) const;
  bool Right(const TradeTold& in) const;
  bool Right(const VolumeTold& in) const;
  bool Right(const BookTold& in) const;
  bool Right(const BarOpened& in) const { return Known(in.instrument) && in.open.positive(); }
  bool Right(const BarEnded& in) const;
  bool Right(const SessionTold&) const { return true; }
  bool Right(const QuoteRestored& in) const;
  bool Right(const AccountOpened& in);
  bool Right(const SettingsChanged& in) const;
  bool Right(const StateSet& in) const { return Known(in.account); }
  bool Right(const AccountReset& in) const { return Known(in.account); }
  bool Right(const WindowEnded&) const { return true; }
  bool Right(const OrderPlaced& in) const {
    return Known(in.account) && Known(in.request.instrument);
  }
  bool Right(const OrderReplaced& in) const { return Known(in.account); }
  bool Right(const OrderCanceled& in) const { return Known(in.account); }
  bool Right(const AccountRestored& in);
  bool Right(const DayResumed&) const { return true; }
  bool Right(const EventReplayed& in) const;
  bool Right(const NameRestored& in) const { return Known(in.account) && in.order.value() != 0; }
  bool Right(const IdsRestored& in) const;
  bool Right(const InstrumentNamed& in) {
    return ++named_instruments_ <= instruments_ && Fits(in.symbol);
  }
  bool Right(const AccountNamed& in) { return ++named_accounts_ <= accounts_ && Fits(in.name); }
  bool Right(const DailyClosesTold& in) const;
  bool Right(const RiskRulesSet& in) const;
  bool Right(const RiskWatched&) const { return true; }
  bool Right(const TimeReturned&) const { return true; }
  bool Right(const TradedRestored& in) const { return Known(in.instrument); }
  bool Right(const RiskAsked& in) const { return Known(in.account); }
  bool Right(const RiskRestored& in) const;
  bool Right(const RestoringEnded&) const { return true; }
  bool Right(const RecordingEnded&) const { return true; }
  static bool Fits(std::string_view name) { return !name.empty() && name.size() <= kNameBytesMax; }

  static constexpr uint32_t kInstrumentsMax = 1'000'000;
  static constexpr uint32_t kAccountsMax = 1'000'000;
  static constexpr size_t kNameBytesMax = 255;
  uint32_t instruments_ = 0, accounts_ = 0, named_instruments_ = 0, named_accounts_ = 0;
};

}  // namespace livetape::floor
