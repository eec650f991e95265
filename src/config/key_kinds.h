#pragma once

// The kinds of key that the tables of keys are made of: integer, number, seconds, text, list of
// texts, choice (config/decimal_kinds.h has the exact ones). Each builds a key from its path, what
// it allows and its field: a function from a Config (or another Root), const or not, to a reference
// into it.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/key_table.h"

namespace livetape::config {

using std::chrono::milliseconds;

// The field at the end of a chain of members: At(&Config::server, &ServerConfig::port).
constexpr auto At(auto... members) {
  return [members...](auto& root) -> auto& { return (root.*....*members); };
}

template <typename Root = Config, typename Field>
KeyOf<Root> PlainKey(std::string path, std::string allowed, std::string meaning, Shape shape,
                     Field field, const auto& assign, const auto& show) {
  KeyOf<Root> key;
  key.path = std::move(path);
  key.allowed = std::move(allowed);
  key.meaning = std::move(meaning);
  key.shape = shape;
  key.assign = [field, assign](Root& root, std::string_view, const Value& value) {
    return assign(field(root), value);
  };
  key.lines = [path = key.path, field, show](const Root& root) {
    return std::vector{std::pair{path, std::string(show(field(root)))}};
  };
  return key;
}

inline void Store(milliseconds& place, int64_t value) { place = milliseconds(value); }
inline void Store(std::chrono::days& place, int64_t value) {
  place = std::chrono::days(static_cast<std::chrono::days::rep>(value));
}
template <std::integral Integer>
void Store(Integer& place, int64_t value) {
  place = static_cast<Integer>(value);
}
inline int64_t Count(milliseconds value) { return value.count(); }
inline int64_t Count(std::chrono::days value) { return value.count(); }
template <std::integral Integer>
int64_t Count(Integer value) {
  return static_cast<int64_t>(value);
}

struct Range {
  int64_t least = 0;
  int64_t most = 0;
  bool Has(int64_t value) const { return least <= value && value <= most; }
};

template <typename Field>
Key IntegerKey(std::string path, Range range, std::string meaning, Field field) {
  return PlainKey(
      std::move(path), fmt::format("an integer from {} to {}", range.least, range.most),
      std::move(meaning), Shape::kNumber, field,
      [range](auto& place, const Value& value) {
        const auto* integer = std::get_if<int64_t>(&value.content);
        if (integer == nullptr || !range.Has(*integer)) return false;
        Store(place, *integer);
        return true;
      },
      [](const auto& place) { return fmt::format("{}", Count(place)); });
}

inline std::optional<double> AsNumber(const Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value.content)) {
    return static_cast<double>(*integer);
  }
  if (const auto* number = std::get_if<double>(&value.content)) return *number;
  return std::nullopt;
}

template <typename Field>
Key NumberKey(std::string path, double least, double most, std::string meaning, Field field) {
  return PlainKey(
      std::move(path), fmt::format("a number from {} to {}", least, most), std::move(meaning),
      Shape::kNumber, field,
      [least, most](double& place, const Value& value) {
        const auto number = AsNumber(value);
        if (!number || !(*number >= least && *number <= most)) return false;
        place = *number;
        return true;
      },
      [](double place) { return fmt::format("{}", place); });
}

// Seconds, to the millisecond.
template <typename Field>
Key SecondsKey(std::string path, double least, double most, std::string meaning, Field field) {
  return PlainKey(
      std::move(path), fmt::format("a number of seconds from {} to {}", least, most),
      std::move(meaning), Shape::kNumber, field,
      [least, most](milliseconds& place, const Value& value) {
        const auto seconds = AsNumber(value);
        if (!seconds || !(*seconds >= least && *seconds <= most)) return false;
        place = milliseconds(std::llround(*seconds * 1000));
        return true;
      },
      [](milliseconds place) {
        return fmt::format("{}", static_cast<double>(place.count()) / 1e3);
      });
}

template <typename Root = Config, typename Field>
KeyOf<Root> TextKey(std::string path, std::string allowed, std::string meaning, Field field,
                    auto fits) {
  return PlainKey<Root>(
      std::move(path), std::move(allowed), std::move(meaning), Shape::kText, field,
      [fits](std::string& place, const Value& value) {
        const auto* text = std::get_if<std::string>(&value.content);
        if (text == nullptr || !fits(*text)) return false;
        place = *text;
        return true;
      },
      [](const std::string& place) { return QuoteToml(place); });
}

// Texts without repetition, at most `most`, each of which `fits`.
template <typename Field>
Key TextListKey(std::string path, std::string allowed, std::string meaning, size_t most,
                Field field, auto fits) {
  return PlainKey(
      std::move(path), std::move(allowed), std::move(meaning), Shape::kTextList, field,
      [most, fits](std::vector<std::string>& place, const Value& value) {
        const auto* list = std::get_if<std::vector<Value>>(&value.content);
        if (list == nullptr || list->size() > most) return false;
        std::vector<std::string> texts;
        std::set<std::string_view> seen;
        for (const Value& item : *list) {
          const auto* text = std::get_if<std::string>(&item.content);
          if (text == nullptr || !fits(*text) || !seen.insert(*text).second) return false;
          texts.push_back(*text);
        }
        place = std::move(texts);
        return true;
      },
      [](const std::vector<std::string>& place) {
        Value list;
        auto& items = list.content.emplace<std::vector<Value>>();
        for (const std::string& text : place) items.push_back({text});
        return ShowValue(list);
      });
}

template <typename Field>
Key BooleanKey(std::string path, std::string meaning, Field field) {
  return PlainKey(
      std::move(path), "true or false", std::move(meaning), Shape::kBoolean, field,
      [](bool& place, const Value& value) {
        const auto* boolean = std::get_if<bool>(&value.content);
        if (boolean == nullptr) return false;
        place = *boolean;
        return true;
      },
      [](bool place) { return place ? "true" : "false"; });
}

template <typename Choice>
using Choices = std::vector<std::pair<std::string_view, Choice>>;

template <typename Choice, typename Field>
Key ChoiceKey(std::string path, const Choices<Choice>& choices, std::string meaning, Field field) {
  std::vector<std::string_view> names;
  for (const auto& [name, choice] : choices) names.push_back(name);
  return PlainKey(
      std::move(path), fmt::format("one of {}", fmt::join(names, ", ")), std::move(meaning),
      Shape::kText, field,
      [choices](Choice& place, const Value& value) {
        const auto* text = std::get_if<std::string>(&value.content);
        for (const auto& [name, choice] : choices) {
          if (text == nullptr || name != *text) continue;
          place = choice;
          return true;
        }
        return false;
      },
      [choices](Choice place) {
        const auto chosen =
            std::ranges::find(choices, place, &std::pair<std::string_view, Choice>::second);
        return QuoteToml(chosen == choices.end() ? "" : chosen->first);
      });
}

}  // namespace livetape::config
