#include "config/value.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace livetape::config {
namespace {

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <typename Number>
std::optional<Number> ParseAll(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Value NumberOrText(std::string_view text) {
  text = Trim(text);
  if (const auto integer = ParseInteger(text)) return {*integer};
  if (const auto number = ParseNumber(text)) return {*number};
  return {std::string(text)};
}

Value IntegerOrText(std::string_view text) {
  text = Trim(text);
  if (const auto integer = ParseInteger(text)) return {*integer};
  return {std::string(text)};
}

// A list may be written as TOML writes it too: ["AAPL", "BTC"].
std::string_view WithoutBrackets(std::string_view text) {
  text = Trim(text);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return text;
  return text.substr(1, text.size() - 2);
}

std::string_view WithoutQuotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

struct Shown {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return fmt::format("{:#}", value); }
  std::string operator()(const std::string& value) const { return QuoteToml(value); }
  std::string operator()(const Value::Other& value) const { return value.shown; }
  std::string operator()(const std::vector<Value>& list) const {
    std::string text = "[";
    for (const Value& value : list) {
      if (text.size() > 1) text += ", ";
      text += ShowValue(value);
    }
    return text + "]";
  }
};

}  // namespace

Value ValueFromText(std::string_view text, Shape shape) {
  if (shape == Shape::kText) return {std::string(text)};
  if (shape == Shape::kBoolean && (text == "true" || text == "false")) return {text == "true"};
  if (shape == Shape::kBoolean) return {std::string(text)};
  if (shape == Shape::kNumber) return NumberOrText(text);
  if (shape == Shape::kDecimal) return IntegerOrText(text);
  std::vector<Value> list;
  for (const std::string_view part : SplitList(WithoutBrackets(text))) {
    list.push_back(shape == Shape::kTextList ? Value{std::string(WithoutQuotes(part))}
                                             : NumberOrText(part));
  }
  return {std::move(list)};
}

std::string ShowValue(const Value& value) { return std::visit(Shown(), value.content); }

std::string QuoteToml(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string Excerpt(std::string_view text) {
  constexpr size_t kShown = 200;
  if (text.size() <= kShown) return std::string(text);
  size_t cut = kShown;  // not inside of a character
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
  return fmt::format("{}... ({} bytes)", text.substr(0, cut), text.size());
}

std::optional<int64_t> ParseInteger(std::string_view text) { return ParseAll<int64_t>(text); }

std::optional<double> ParseNumber(std::string_view text) {
  const auto number = ParseAll<double>(text);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  return number;
}

std::optional<std::string> DecimalText(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.content)) return *text;
  if (const auto* integer = std::get_if<int64_t>(&value.content)) {
    return fmt::format("{}", *integer);
  }
  const auto* number = std::get_if<double>(&value.content);
  if (number == nullptr) return std::nullopt;
  std::string text = fmt::format("{:.15g}", *number);
  if (ParseNumber(text) != *number) return std::nullopt;
  return text;
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  int64_t unit_ms = 1;
  if (text.ends_with("ms")) {
    text.remove_suffix(2);
  } else if (text.ends_with('s')) {
    text.remove_suffix(1);
    unit_ms = 1000;
  }
  const auto count = ParseInteger(text);
  int64_t total_ms = 0;
  if (!count || __builtin_mul_overflow(*count, unit_ms, &total_ms)) return std::nullopt;
  return std::chrono::milliseconds(total_ms);
}

std::string FormatDuration(std::chrono::milliseconds duration) {
  const int64_t ms = duration.count();
  return ms > 0 && ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

std::vector<std::string_view> SplitList(std::string_view text) {
  std::vector<std::string_view> parts;
  if (Trim(text).empty()) return parts;
  while (true) {
    const size_t comma = text.find(',');
    parts.push_back(Trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace livetape::config
