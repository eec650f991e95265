#pragma once

// The kinds of key whose numbers are exact: decimals, amounts of money, and integers of which only
// a few will do. As in config/key_kinds.h.

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/amount_text.h"
#include "base/decimal.h"
#include "config/key_kinds.h"

namespace livetape::config {

// Between whole numbers, which are allowed themselves unless `above` the least or `below` the most.
struct DecimalRange {
  int64_t least = 0;
  int64_t most = 0;
  bool below = false;
  bool above = false;
  // In units of 10^-9.
  bool Has(base::Int128 units) const {
    const base::Int128 bottom = base::Int128{least} * base::kDecimalScale;
    const base::Int128 top = base::Int128{most} * base::kDecimalScale;
    return (above ? units > bottom : units >= bottom) && (below ? units < top : units <= top);
  }
  std::string Text() const {
    return fmt::format(
        "a number {} {} {} {} with at most {} decimals, in quotes if it has more "
        "than 15 digits",
        above ? "above" : "from", least, below ? "to under" : "to", most, base::kDecimalPlaces);
  }
};

// As TOML that is read back exactly.
inline std::string ShowDecimal(const std::string& text) {
  constexpr size_t kDigitsOfDouble = 15;
  const bool integer = text.find('.') == std::string::npos;
  return integer || text.size() - 1 <= kDigitsOfDouble ? text : QuoteToml(text);
}

// A base::Decimal, Price or Quantity.
template <typename Root = Config, typename Field>
KeyOf<Root> DecimalKey(std::string path, DecimalRange range, std::string meaning, Field field) {
  return PlainKey<Root>(
      std::move(path), range.Text(), std::move(meaning), Shape::kDecimal, field,
      [range](auto& place, const Value& value) {
        const auto text = DecimalText(value);
        if (!text) return false;
        const auto number = std::remove_reference_t<decltype(place)>::Parse(*text);
        if (!number || !range.Has(number->units())) return false;
        place = *number;
        return true;
      },
      [](const auto& place) { return ShowDecimal(place.ToString()); });
}

// Money, to 10^-9.
template <typename Root = Config, typename Field>
KeyOf<Root> AmountKey(std::string path, DecimalRange range, std::string meaning, Field field) {
  return PlainKey<Root>(
      std::move(path), range.Text(), std::move(meaning), Shape::kDecimal, field,
      [range](base::Amount& place, const Value& value) {
        const auto text = DecimalText(value);
        if (!text) return false;
        const auto amount = base::ParseAmount(*text);
        if (!amount || amount->units() % base::kDecimalScale != 0) return false;
        if (!range.Has(amount->units() / base::kDecimalScale)) return false;
        place = *amount;
        return true;
      },
      [](const base::Amount& place) { return ShowDecimal(place.ToString()); });
}

template <typename Root = Config, typename Field>
KeyOf<Root> OneOfKey(std::string path, std::vector<int64_t> choices, std::string meaning,
                     Field field) {
  return PlainKey<Root>(
      std::move(path), fmt::format("one of {}", fmt::join(choices, ", ")), std::move(meaning),
      Shape::kNumber, field,
      [choices](auto& place, const Value& value) {
        const auto* integer = std::get_if<int64_t>(&value.content);
        if (integer == nullptr || std::ranges::find(choices, *integer) == choices.end()) {
          return false;
        }
        Store(place, *integer);
        return true;
      },
      [](const auto& place) { return fmt::format("{}", place); });
}

}  // namespace livetape::config
