#pragma once

// FloorInput: one call that changes a TradingFloor, as a value, so that it can be kept and made again
// (docs/recording.md). Plain values of any thread.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "floor/trading_floor.h"

namespace livetape::floor {

// --- the floor's own calls, by their names there

struct InstrumentAdded {
  model::AssetClass asset_class = model::AssetClass::kCrypto;
};
struct QuoteTold {
  base::WallTime time;
  model::QuoteUpdate update;
};
struct TradeTold {
  base::WallTime time;
  model::TradeTick trade;
};
struct VolumeTold {
  base::WallTime time;
  model::InstrumentId instrument;
  base::Quantity volume;
};
struct BookTold {
  base::WallTime time;
  model::BookUpdate update;
};
struct BarOpened {
  base::WallTime time;
  model::InstrumentId instrument;
  base::Price open;
};
struct BarEnded {
  base::WallTime time;
  model::InstrumentId instrument;
  model::Bar bar;
};
struct SessionTold {
  base::WallTime time;
  SessionEvent event = SessionEvent::kOpen;
};
struct QuoteRestored {
  model::InstrumentId instrument;
  model::Quote quote;
};

struct AccountOpened {
  base::WallTime time;
  AccountSettings settings;
};
struct SettingsChanged {
  model::AccountId account;
  AccountSettings settings;
};
struct StateSet {
  base::WallTime time;
  model::AccountId account;
  AccountState state = AccountState::kActive;
};
struct AccountReset {
  base::WallTime time;
  model::AccountId account;
};
// TakeChanged.
struct WindowEnded {
  base::WallTime time;
};

struct OrderPlaced {
  base::WallTime time;
  model::AccountId account;
  OrderRequest request;
};
struct OrderReplaced {
  base::WallTime time;
  model::AccountId account;
  model::OrderId order;
  OrderChange change;
};
struct OrderCanceled {
  base::WallTime time;
  model::AccountId account;
  model::OrderId order;
};

struct AccountRestored {
  AccountSnapshot snapshot = {.account = Account(AccountSettings(), base::WallTime()),
                              .orders = {}};
  base::WallTime time;
};
struct DayResumed {
  base::WallTime began;
};
struct EventReplayed {
  OrderEvent event;
};
struct NameRestored {
  model::AccountId account;
  model::ClientOrderId name;
  model::OrderId order;
};
struct IdsRestored {
  model::OrderId next_order;
  uint64_t next_fill = 0;
};

struct DailyClosesTold {
  model::InstrumentId instrument;
  std::vector<DailyClose> closes;
};
struct RiskRulesSet {
  base::WallTime time;
  RiskRules rules;
};
struct RiskWatched {};
// Risk: it samples the account, so that it may see a peak.
struct RiskAsked {
  model::AccountId account;
};
struct RiskRestored {
  model::AccountId account;
  RiskState state;
};
// ReturnTo.
struct TimeReturned {
  base::WallTime time;
};

struct TradedRestored {
  model::InstrumentId instrument;
  bool traded = false;
};

// --- what a recording says besides: the floor knows nothing of it

// Of the next instrument or account that has no name yet, in order of ids.
struct InstrumentNamed {
  std::string symbol;
};
struct AccountNamed {
  std::string name;
};
// What was known from before has been restored; what happens from here on was told.
struct RestoringEnded {};
enum class RecordingEnd : uint8_t {
  kStop,    // with the server
  kLimit,   // the file would have become too large
  kBehind,  // the disk did not keep up
};
inline constexpr size_t kRecordingEnds = 3;
struct RecordingEnded {
  RecordingEnd why = RecordingEnd::kStop;
};

// The position of a type is its number in the file: new ones come last, none goes.
using FloorInput =
    std::variant<InstrumentAdded, QuoteTold, TradeTold, VolumeTold, BookTold, BarOpened, BarEnded,
                 SessionTold, QuoteRestored, AccountOpened, SettingsChanged, StateSet, AccountReset,
                 WindowEnded, OrderPlaced, OrderReplaced, OrderCanceled, AccountRestored,
                 DayResumed, EventReplayed, NameRestored, IdsRestored, InstrumentNamed,
                 AccountNamed, RestoringEnded, RecordingEnded, DailyClosesTold, RiskRulesSet,
                 RiskWatched, RiskAsked, RiskRestored, TimeReturned, TradedRestored>;

// Who is told of each call before it is made, on the floor's thread. It must not call the floor.
class InputListener {
 public:
  virtual ~InputListener() = default;
  virtual void OnInput(const FloorInput& input) = 0;
};

}  // namespace livetape::floor
