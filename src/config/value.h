#pragma once

// Value: what someone wrote for a key, before it is known to be right, whichever way it came:
// from a TOML file with its types, or as bare text from the environment or a flag. Plain values
// and pure functions.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace livetape::config {

struct Value {
  // Something a file can hold and no key takes (a date, a table), as it is to be shown.
  struct Other {
    std::string shown;
  };
  std::variant<bool, int64_t, double, std::string, std::vector<Value>, Other> content;
};

// How bare text is to be read for a key.
enum class Shape {
  kText,      // as it stands
  kBoolean,   // true, false
  kNumber,    // 8000, 0.5
  kDecimal,   // the same, to be taken exactly
  kTextList,  // AAPL,BTC or ["AAPL", "BTC"]
  kNumberList,
};

// Text that does not fit the shape stays text, so that the key's own check refuses it by its name.
Value ValueFromText(std::string_view text, Shape shape);

// As TOML writes it: "text", 8000, ["a", "b"].
std::string ShowValue(const Value& value);
std::string QuoteToml(std::string_view text);
// What an error shows of a text that may be of any length: 200 bytes, and how long it is.
std::string Excerpt(std::string_view text);

// All of `text` as a number: digits with optional sign, point and exponent. Not inf, not nan.
std::optional<int64_t> ParseInteger(std::string_view text);
std::optional<double> ParseNumber(std::string_view text);

// A number as decimal text, exactly as it was written: a text, an integer, or a number of at most 15
// digits. Nothing for others: a longer one has lost its last digits before it came here.
std::optional<std::string> DecimalText(const Value& value);

// "2s", "500ms" or "500" (milliseconds).
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);
std::string FormatDuration(std::chrono::milliseconds duration);

// The parts of a comma list without the spaces around them; none for blank text.
std::vector<std::string_view> SplitList(std::string_view text);

}  // namespace livetape::config
