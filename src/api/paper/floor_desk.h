#pragma once

// FloorDesk: where requests reach the trading floor. Implemented by the floor's agent. Thread-safe.
//
// What a request does runs on the floor's thread, whole, between two ticks; its answer leaves when
// every record that it and all before it have caused is durable. Reading is done the same way, so a
// reader never sees what a crash could still undo.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "api/paper/account_change.h"
#include "api/risk/risk_settings.h"
#include "base/clock.h"
#include "floor/order_event.h"
#include "floor/trading_floor.h"
#include "http/router.h"
#include "model/instrument.h"
#include "model/order.h"

namespace livetape::api {

// What a request sees of the floor; the floor's thread.
class Desk {
 public:
  virtual ~Desk() = default;
  virtual floor::TradingFloor& floor() = 0;
  virtual base::WallTime now() const = 0;  // floor time
  virtual model::AccountId account() const = 0;
  virtual const std::string& account_name() const = 0;
  // By any spelling; nothing: there is none.
  virtual std::optional<model::InstrumentId> FindInstrument(std::string_view symbol) const = 0;
  virtual const model::Instrument& instrument(model::InstrumentId id) const = 0;
  // What this request has caused so far, in order.
  virtual std::span<const floor::OrderEvent> events() const = 0;

  // What changes accounts other than by orders goes by these, so that it is on the tape too.
  virtual std::optional<AccountProfile> Profile(std::string_view account) const = 0;
  enum class Opened { kDone, kNameTaken, kKeyTaken, kTooMany };
  virtual Opened OpenAccount(const AccountProfile& profile) = 0;
  // Of this request's account. kHalted cancels its open orders.
  virtual void SetState(floor::AccountState state) = 0;
  virtual void Reset() = 0;
  // `profile` has this account's name.
  virtual void ChangeProfile(const AccountProfile& profile) = 0;

  // The limits of risk, of all accounts: as they are, and what of them requests have changed.
  virtual RiskSettings risk_settings() const = 0;
  virtual const RiskOverrides& risk_overrides() const = 0;
  virtual void ChangeRisk(RiskOverrides overrides) = 0;
};

// The answer, or what makes it on the request's loop after the commit.
using DeskAnswer = std::variant<http::Response, std::function<void(http::Responder)>>;
using DeskWork = std::move_only_function<DeskAnswer(Desk&)>;

class FloorDesk {
 public:
  virtual ~FloorDesk() = default;
  // `account` is the name of one that exists, or that may be made by asking for it (create). 404 when
  // it does not exist, 403 when there are too many; 503 with Retry-After when the floor is busy or
  // the tape takes nothing.
  virtual http::Reply Ask(size_t loop, std::string account, bool create, DeskWork work) = 0;
};

}  // namespace livetape::api
