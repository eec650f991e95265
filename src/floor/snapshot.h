#pragma once

// AccountSnapshot: all that one account is, as bytes that outlast the process: docs/formats/
// account-snapshot.md. Instruments are written by symbol, since their ids are those of one process.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "floor/account.h"
#include "floor/risk/risk_figures.h"
#include "model/instrument.h"
#include "model/order.h"

namespace livetape::floor {

struct AccountSnapshot {
  Account account;
  std::vector<model::Order> orders;  // open ones, legs too, by id
  RiskState risk{};
};

// `instrument_of` tells the symbol and class of an id.
std::string EncodeSnapshot(
    const Account& account, const std::vector<const model::Order*>& orders,
    const std::function<const model::Instrument&(model::InstrumentId)>& instrument_of,
    const RiskState& risk = {});

// `id_of` tells the id of an instrument, which it makes if it is new. An error says that the bytes
// are damaged or of a newer version; older
// ones are read.
base::Result<AccountSnapshot> DecodeSnapshot(
    std::string_view bytes, model::AccountId account,
    const std::function<model::InstrumentId(const model::Instrument&)>& id_of);

// What the market said of an instrument last.
struct LastQuote {
  model::Quote quote;
  bool traded = false;  // its price is a trade's; until the first one each quote makes it
};

// For the next start: bytes that DecodeQuoteImage reads.
std::string EncodeQuoteImage(const LastQuote& last);
base::Result<LastQuote> DecodeQuoteImage(std::string_view bytes);

}  // namespace livetape::floor
