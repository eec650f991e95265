#pragma once

// The words of a scenario as the settings, orders and changes that they mean (src/floor/scenarios/README.md). For tests. Pure functions, no threads.

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/amount_text.h"
#include "floor/account.h"
#include "floor/account_settings.h"
#include "floor/order_event.h"
#include "floor/order_request.h"
#include "floor/scenario_happening.h"

namespace livetape::floor {

// A line that cannot be understood. Tests only: the stage catches it and fails the scenario.
struct BadLine : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The words of a command, one after the other.
class WordReader {
 public:
  explicit WordReader(const Words& words, size_t at = 0) : words_(words), at_(at) {}
  bool done() const { return at_ == words_.size(); }
  const std::string& Next() {
    if (done()) throw BadLine("a word is missing at the end");
    return words_[at_++];
  }
  template <typename Fixed>
  Fixed Number() {
    return NumberOf<Fixed>(Next());
  }
  template <typename Fixed>
  static Fixed NumberOf(const std::string& text) {
    const auto number = Fixed::Parse(text);
    if (!number) throw BadLine(text + ": " + number.error().message);
    return *number;
  }
  base::Amount Money() { return MoneyOf(Next()); }
  static base::Amount MoneyOf(const std::string& text) {
    const auto money = base::ParseAmount(text);
    if (!money) throw BadLine(text + ": " + money.error().message);
    return *money;
  }

 private:
  const Words& words_;
  size_t at_;
};

template <typename Enum, size_t N>
bool Take(const std::array<std::string_view, N>& names, const std::string& word, Enum& value) {
  const auto found = model::ParseName<Enum>(names, word);
  if (found) value = *found;
  return found.has_value();
}

// "cash 5000 fee 0.001 no_shorting yes": changes what is named.
inline void ReadSettings(AccountSettings& s, WordReader words) {
  while (!words.done()) {
    const std::string& key = words.Next();
    RiskLimits& limits = s.limits;
    if (key == "cash") {
      s.cash = words.Money();
    } else if (key == "fee") {
      s.fees.rate = words.Number<base::Decimal>();
    } else if (key == "fee_per_share") {
      s.fees.per_share = words.Number<base::Decimal>();
    } else if (key == "fee_min") {
      s.fees.minimum = words.Number<base::Decimal>();
    } else if (key == "slippage_bps") {
      s.slippage_bps = words.Number<base::Decimal>();
    } else if (key == "multiplier") {
      s.multiplier = std::stoi(words.Next());
    } else if (key == "max_order_value") {
      limits.max_order_value = words.Money();
    } else if (key == "max_order_qty") {
      limits.max_order_quantity = words.Number<base::Quantity>();
    } else if (key == "price_collar") {
      limits.price_collar = words.Number<base::Decimal>();
    } else if (key == "max_orders_per_s") {
      limits.max_orders_per_s = static_cast<uint32_t>(std::stoul(words.Next()));
    } else if (key == "gross_limit") {
      limits.gross = words.Number<base::Decimal>();
    } else if (key == "net_limit") {
      limits.net = words.Number<base::Decimal>();
    } else if (key == "concentration_limit") {
      limits.concentration = words.Number<base::Decimal>();
    } else if (key == "crypto_short" || key == "no_shorting" || key == "suspended") {
      const bool on = words.Next() == "yes";
      (key == "suspended"     ? s.trading_suspended
       : key == "no_shorting" ? s.no_shorting
                              : s.crypto_short) = on;
    } else {
      throw BadLine("no setting " + key);
    }
  }
  if (!WithinLimits(s)) throw BadLine("settings beyond their limits");
}

struct Placing {
  OrderRequest request;
  std::string label;  // "as x"
};

// "10" is a quantity, "$500" a notional, "10&$500" both, "nothing" neither.
inline void ReadSize(OrderRequest& request, const std::string& word) {
  if (word == "nothing") return;
  const size_t dollar = word.find('$');
  const std::string quantity = word.substr(0, word.find('&') < dollar ? word.find('&') : dollar);
  if (!quantity.empty()) request.quantity = WordReader::NumberOf<base::Quantity>(quantity);
  if (dollar != std::string::npos) {
    request.notional = WordReader::MoneyOf(word.substr(dollar + 1));
  }
}

inline void ReadTrail(OrderRequest& request, const std::string& word) {
  request.type = model::OrderType::kTrailingStop;
  if (word.back() == '%') {
    request.trail_percent = WordReader::NumberOf<base::Decimal>(word.substr(0, word.size() - 1));
  } else {
    request.trail_price = WordReader::NumberOf<base::Price>(word);
  }
}

// The type follows from the prices, unless `type` says another.
inline void ReadTerm(WordReader& words, const std::string& word, Placing& placing, bool& typed) {
  using model::OrderType;
  OrderRequest& r = placing.request;
  const auto becomes = [&](OrderType type) {
    if (!typed) r.type = type;
  };
  if (Take(model::kTimeInForceNames, word, r.tif)) return;
  if (Take(model::kOrderClassNames, word, r.order_class)) {
    if (word == "oco") becomes(OrderType::kLimit);
  } else if (word == "limit") {
    r.limit = words.Number<base::Price>();
    becomes(r.stop ? OrderType::kStopLimit : OrderType::kLimit);
  } else if (word == "stop") {
    r.stop = words.Number<base::Price>();
    becomes(r.limit ? OrderType::kStopLimit : OrderType::kStop);
  } else if (word == "trail") {
    const OrderType before = r.type;
    ReadTrail(r, words.Next());
    if (typed) r.type = before;
  } else if (word == "type") {
    typed = true;
    if (!Take(model::kOrderTypeNames, words.Next(), r.type)) throw BadLine("no such type");
  } else if (word == "take") {
    r.take_profit_limit = words.Number<base::Price>();
  } else if (word == "loss") {
    r.stop_loss_stop = words.Number<base::Price>();
  } else if (word == "loss_limit") {
    r.stop_loss_limit = words.Number<base::Price>();
  } else if (word == "extended") {
    r.extended_hours = true;
  } else if (word == "intent") {
    model::PositionIntent intent{};
    if (!Take(model::kPositionIntentNames, words.Next(), intent)) throw BadLine("no such intent");
    r.intent = intent;
  } else if (word == "id") {
    r.client_id = model::ClientOrderId::From(words.Next()).value();
  } else if (word == "as") {
    placing.label = words.Next();
  } else if (word != "market") {
    throw BadLine("\"" + word + "\" is not understood");
  }
}

// "buy 10 AAPL limit 101.25 gtc as a".
inline Placing ReadPlacing(
    WordReader words, const std::function<model::InstrumentId(const std::string&)>& instrument) {
  Placing placing;
  if (!Take(model::kSideNames, words.Next(), placing.request.side)) throw BadLine("no such side");
  ReadSize(placing.request, words.Next());
  placing.request.instrument = instrument(words.Next());
  bool typed = false;
  while (!words.done()) ReadTerm(words, words.Next(), placing, typed);
  return placing;
}

struct Replacing {
  OrderChange change;
  std::string label;
};

inline Replacing ReadReplacing(WordReader words) {
  Replacing replacing;
  OrderChange& change = replacing.change;
  while (!words.done()) {
    const std::string& word = words.Next();
    model::TimeInForce tif{};
    if (Take(model::kTimeInForceNames, word, tif)) {
      change.tif = tif;
    } else if (word == "qty") {
      change.quantity = words.Number<base::Quantity>();
    } else if (word == "limit") {
      change.limit = words.Number<base::Price>();
    } else if (word == "stop") {
      change.stop = words.Number<base::Price>();
    } else if (word == "trail") {
      change.trail = words.Number<base::Decimal>();
    } else if (word == "id") {
      change.client_id = model::ClientOrderId::From(words.Next()).value();
    } else if (word == "as") {
      replacing.label = words.Next();
    } else {
      throw BadLine("\"" + word + "\" is not understood");
    }
  }
  return replacing;
}

}  // namespace livetape::floor
