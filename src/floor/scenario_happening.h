#pragma once

// Happening: what a scenario's line has made happen, as words and fields to compare with what it
// expects (src/floor/scenarios/README.md). For tests. Pure functions, no threads.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "base/amount_text.h"
#include "floor/order_event.h"
#include "floor/refusal.h"
#include "floor/scenario_script.h"

namespace livetape::floor {

using Fields = std::map<std::string, std::string, std::less<>>;

struct Happening {
  std::string who;     // the order's label, the account's name
  std::string what;    // "new", "fill", "refused", "ruined"
  std::string reason;  // a refusal's code; empty: none
  std::string fill;    // "10@101.25"
  Fields fields;

  std::string Text() const {
    std::string text = who + " " + what;
    if (!reason.empty()) text += " " + reason;
    if (!fill.empty()) text += " " + fill;
    return text;
  }
  std::string FullText() const {
    std::string text = Text();
    for (const auto& [name, value] : fields) text += fmt::format("  {}={}", name, value);
    return text;
  }
};

// "1.50" and "1.5" are the same number.
inline std::string Canonical(const std::string& text) {
  const auto number = base::ParseAmount(text);
  return number ? number->ToString() : text;
}

inline bool IsReason(std::string_view word) {
  for (size_t i = 1;; ++i) {
    const std::string_view code = Code(static_cast<RefusalReason>(i));
    if (code.empty() || code == word) return !code.empty();
  }
}

inline bool IsHappening(std::string_view word) {
  return word == "refused" || word == "ruined" ||
         std::find(kOrderEventNames.begin(), kOrderEventNames.end(), word) !=
             kOrderEventNames.end();
}

inline bool IsFillText(std::string_view word) { return word.find('@') != std::string_view::npos; }

inline std::string CanonicalFill(const std::string& text) {
  const size_t at = text.find('@');
  return Canonical(text.substr(0, at)) + "@" + Canonical(text.substr(at + 1));
}

// "" if it is as expected, else why not. Fields are compared where they are named; reason and fill
// always. `self` is who an item speaks of that names nobody.
inline std::string Mismatch(const Happening& happening, const Words& expected,
                            const std::string& self) {
  size_t at = 0;
  const std::string who = IsHappening(expected[0]) ? self : expected[at++];
  if (at == expected.size()) return "says nothing";
  if (who != happening.who || expected[at++] != happening.what) return "is not it";
  std::string reason, fill;
  for (; at < expected.size(); ++at) {
    const std::string& word = expected[at];
    if (IsReason(word)) {
      reason = word;
    } else if (IsFillText(word)) {
      fill = CanonicalFill(word);
    } else if (word == "maker" || word == "taker") {
      const auto liquidity = happening.fields.find("liquidity");
      if (liquidity == happening.fields.end() || liquidity->second != word) return "is no " + word;
    } else {
      const auto field = happening.fields.find(word);
      if (field == happening.fields.end()) return "has no " + word;
      if (++at == expected.size()) return "a value of " + word + " is missing";
      if (Canonical(expected[at]) != field->second) {
        return word + " is " + field->second;
      }
    }
  }
  if (reason != happening.reason) return "the reason is another";
  if (fill != happening.fill) return "the fill is another";
  return "";
}

}  // namespace livetape::floor
