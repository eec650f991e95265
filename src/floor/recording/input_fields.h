#pragma once

// InputFields: the fields of each FloorInput as a recording has them: one list each for writing and
// for reading (floor/image_bytes.h). Times are written as the distance from the one before.

#include <bit>
#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "floor/image_bytes.h"
#include "floor/image_fields.h"
#include "floor/recording/floor_input.h"

namespace livetape::floor {

template <typename Any, typename Input>
concept Of = std::same_as<std::remove_const_t<Any>, Input>;

// `Image`: ImageWriter with const inputs, or ImageReader. A snapshot is not in these lists.
template <typename Image>
class InputFields {
 public:
  static constexpr bool kWrites = std::same_as<Image, ImageWriter>;
  // `last`: the time before; both outlive it.
  InputFields(Image& image, base::WallTime& last) : image_(image), last_(last) {}

  template <Of<InstrumentAdded> Any>
  void Pass(Any& in) {
    image_.Choice(in.asset_class, 2);
  }
  template <Of<QuoteTold> Any>
  void Pass(Any& in) {
    Time(in.time);
    auto& [instrument, bid, ask, bid_size, ask_size] = in.update;
    image_.All(instrument, bid, ask, bid_size, ask_size);
  }
  template <Of<TradeTold> Any>
  void Pass(Any& in) {
    Time(in.time);
    auto& [instrument, price, size] = in.trade;
    image_.All(instrument, price, size);
  }
  template <Of<VolumeTold> Any>
  void Pass(Any& in) {
    Time(in.time);
    image_.All(in.instrument, in.volume);
  }
  template <Of<BookTold> Any>
  void Pass(Any& in) {
    Time(in.time);
    image_.All(in.update.instrument, in.update.snapshot);
    Levels(in.update.bids);
    Levels(in.update.asks);
  }
  template <Of<BarOpened> Any>
  void Pass(Any& in) {
    Time(in.time);
    image_.All(in.instrument, in.open);
  }
  template <Of<BarEnded> Any>
  void Pass(Any& in) {
    Time(in.time);
    auto& [start, open, high, low, close, volume, trades, synthetic] = in.bar;
    image_.All(in.instrument, start, open, high, low, close, volume, trades, synthetic);
  }
  template <Of<SessionTold> Any>
  void Pass(Any& in) {
    Time(in.time);
    image_.Choice(in.event, 3);
  }
  template <Of<QuoteRestored> Any>
  void Pass(Any& in) {
    image_.All(in.instrument);
    PassQuote(image_, in.quote);
  }
  template <Of<AccountOpened> Any>
  void Pass(Any& in) {
    Time(in.time);
    PassSettings(image_, in.settings);
  }
  template <Of<SettingsChanged> Any>
  void Pass(Any& in) {
    image_.All(in.account);
    PassSettings(image_, in.settings);
  }
  template <Of<StateSet> Any>
  void Pass(Any& in) {
    Time(in.time);
    image_.All(in.account);
    image_.Choice(in.state, kAccountStateNames.size());
  }
  template <Of<AccountReset> Any>
  void Pass(Any& in) {
    Time(in.time);
    image_.All(in.account);
  }
  template <Of<WindowEnded> Any>
  void Pass(Any& in) {
    Time(in.time);
  }
  template <Of<OrderPlaced> Any>
  void Pass(Any& in) {
    Time(in.time);
    image_.All(in.account);
    Request(in.request);
  }
  template <Of<OrderReplaced> Any>
  void Pass(Any& in) {
    Time(in.time);
    auto& [quantity, tif, limit, stop, trail, client_id] = in.change;
    image_.All(in.account, in.order);
    Maybe(quantity);
    MaybeChoice(tif, model::kTimeInForceNames.size());
    Maybe(limit), Maybe(stop), Maybe(trail);
    Name(client_id);
  }
  template <Of<OrderCanceled> Any>
  void Pass(Any& in) {
    Time(in.time);
    image_.All(in.account, in.order);
  }
  template <Of<DayResumed> Any>
  void Pass(Any& in) {
    Time(in.began);
  }
  template <Of<EventReplayed> Any>
  void Pass(Any& in) {
    auto& [kind, reason, time, order, fill] = in.event;
    Time(time);
    image_.Choice(kind, kOrderEventNames.size());
    image_.Choice(reason, static_cast<size_t>(RefusalReason::kNoPosition) + 1);
    image_.All(order.account, order.instrument);
    PassOrder(image_, order);
    Name(order.client_id);
    if (IsFill(kind)) Booked(fill);
  }
  template <Of<NameRestored> Any>
  void Pass(Any& in) {
    image_.All(in.account, in.order);
    Name(in.name);
  }
  template <Of<IdsRestored> Any>
  void Pass(Any& in) {
    image_.All(in.next_order, in.next_fill);
  }
  template <Of<InstrumentNamed> Any>
  void Pass(Any& in) {
    Text(in.symbol);
  }
  template <Of<AccountNamed> Any>
  void Pass(Any& in) {
    Text(in.name);
  }
  template <Of<RestoringEnded> Any>
  void Pass(Any&) {}
  template <Of<RecordingEnded> Any>
  void Pass(Any& in) {
    image_.Choice(in.why, kRecordingEnds);
  }

  template <Of<DailyClosesTold> Any>
  void Pass(Any& in) {
    image_.All(in.instrument);
    Size(in.closes);
    for (auto& [day, close] : in.closes) image_.All(day, close);
  }
  template <Of<RiskRulesSet> Any>
  void Pass(Any& in) {
    Time(in.time);
    auto& [confidence, method, rules, hysteresis] = in.rules;
    image_.All(confidence, hysteresis);
    image_.Choice(method, kVarMethods);
    for (auto& [limit, severity, action] : rules) {
      image_.All(limit);
      image_.Choice(severity, kSeverityNames.size());
      image_.Choice(action, kRiskActionNames.size());
    }
  }
  template <Of<RiskWatched> Any>
  void Pass(Any&) {}
  template <Of<RiskAsked> Any>
  void Pass(Any& in) {
    image_.All(in.account);
  }
  template <Of<RiskRestored> Any>
  void Pass(Any& in) {
    image_.All(in.account, in.state.broken, in.state.exceedances);
    if (!There(in.state.roll_var)) return;
    // As the bits of its IEEE 754 form.
    auto bits = std::bit_cast<uint64_t>(*in.state.roll_var);
    image_.Pass(bits);
    if constexpr (!kWrites) {
      in.state.roll_var = std::bit_cast<std::decay_t<decltype(*in.state.roll_var)>>(bits);
    }
  }

  template <Of<TimeReturned> Any>
  void Pass(Any& in) {
    Time(in.time);
  }

  template <Of<TradedRestored> Any>
  void Pass(Any& in) {
    image_.All(in.instrument, in.traded);
  }

  // Modulo 2^64, so that any two times have a distance.
  template <Of<base::WallTime> Any>
  void Time(Any& time) {
    const auto count = [](base::WallTime of) {
      return static_cast<uint64_t>(of.time_since_epoch().count());
    };
    const auto from = [](uint64_t units) {
      return base::WallTime(std::chrono::nanoseconds(static_cast<int64_t>(units)));
    };
    if constexpr (kWrites) {
      image_.Pass(from(count(time) - count(last_)));
    } else {
      base::WallTime distance;
      image_.Pass(distance);
      time = from(count(last_) + count(distance));
      // The floor adds to times, and has its own meaning for the last one.
      constexpr std::chrono::hours kMargin(24 * 366);
      const bool usual =
          time > base::WallTime::min() + kMargin && time < base::WallTime::max() - kMargin;
      if (!usual) image_.MakeBad();
    }
    last_ = time;
  }
  template <Of<std::string> Any>
  void Text(Any& text) {
    std::string_view view(text);
    image_.Pass(view);
    if constexpr (!kWrites) text = view;
  }

 private:
  template <typename Any>
  void Request(Any& request) {
    image_.All(request.instrument);
    Name(request.client_id);
    image_.Choice(request.side, model::kSideNames.size());
    image_.Choice(request.type, model::kOrderTypeNames.size());
    image_.Choice(request.tif, model::kTimeInForceNames.size());
    image_.Choice(request.order_class, model::kOrderClassNames.size());
    MaybeChoice(request.intent, model::kPositionIntentNames.size());
    image_.All(request.extended_hours);
    Maybe(request.quantity), Maybe(request.notional);
    Maybe(request.limit), Maybe(request.stop);
    Maybe(request.trail_price), Maybe(request.trail_percent);
    Maybe(request.take_profit_limit), Maybe(request.stop_loss_stop), Maybe(request.stop_loss_limit);
  }
  template <typename Any>
  void Booked(Any& fill) {
    auto& [number, quantity, price, fee, realized, model, source_price, slippage, level, fee_rate,
           maker, cash, account_realized, position] = fill;
    image_.All(number, quantity, price, fee, realized);
    image_.Choice(model, kFillModelNames.size());
    image_.All(source_price, slippage, level, fee_rate, maker, cash, account_realized, position);
  }
  template <typename Any>
  void Size(Any& list) {
    if constexpr (kWrites) {
      image_.Count(list.size());
    } else {
      list.resize(image_.Count());
    }
  }
  template <typename Any>
  void Levels(Any& levels) {
    Size(levels);
    for (auto& [price, quantity] : levels) image_.All(price, quantity);
  }
  // Whether it is there, and then it.
  template <typename Any>
  bool There(Any& value) {
    bool there = value.has_value();
    image_.Pass(there);
    if constexpr (!kWrites) {
      if (there) value.emplace();
    }
    return there;
  }
  template <typename Any>
  void Maybe(Any& value) {
    if (There(value)) image_.Pass(*value);
  }
  template <typename Any>
  void MaybeChoice(Any& value, size_t count) {
    if (There(value)) image_.Choice(*value, count);
  }
  template <Of<model::ClientOrderId> Any>
  void Name(Any& name) {
    std::string_view view = name.view();
    image_.Pass(view);
    if constexpr (!kWrites) {
      const auto read = model::ClientOrderId::From(view);
      if (!read) return image_.MakeBad();
      name = *read;
    }
  }

  Image& image_;
  base::WallTime& last_;
};

}  // namespace livetape::floor
