#include "jobs/import/lean_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>

namespace livetape::jobs {
namespace {

using model::Timeframe;

constexpr std::string_view kApart = "/_.";

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

void Add(LeanName& name, std::string_view word) {
  if (word == "quote") name.content = LeanName::Content::kQuotes;
  if (word == "tick") name.content = LeanName::Content::kTicks;
  if (word == "trade" && name.content == LeanName::Content::kUnknown) {
    name.content = LeanName::Content::kTrades;
  }
  if (word == "second") name.timeframe = Timeframe::k1s;
  if (word == "minute") name.timeframe = Timeframe::k1m;
  if (word == "hour") name.timeframe = Timeframe::k1h;
  if (word == "daily") name.timeframe = Timeframe::k1d;
}

}  // namespace

std::optional<market::Day> ParseDay(std::string_view text) {
  std::string digits(text);
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') std::erase(digits, '-');
  const bool plain = digits.size() == 8 &&
                     std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (!plain) return std::nullopt;
  const int number = std::stoi(digits);
  const std::chrono::year_month_day date{
      std::chrono::year(number / 10'000),
      std::chrono::month(static_cast<unsigned>(number / 100 % 100)),
      std::chrono::day(static_cast<unsigned>(number % 100))};
  if (!date.ok()) return std::nullopt;
  return market::Day(date);
}

LeanName ParseLeanName(std::string_view path) {
  LeanName name;
  std::string lower(path);
  std::ranges::transform(lower, lower.begin(), Lower);
  for (std::string_view rest = lower; !rest.empty();) {
    const size_t end = std::min(rest.find_first_of(kApart), rest.size());
    const std::string_view word = rest.substr(0, end);
    // A folder of such files, or `20131007_...` at the beginning of a name.
    if (word == "factor" || word == "map") {
      if (rest.substr(end).starts_with("_files")) name.content = LeanName::Content::kFactors;
    }
    Add(name, word);
    if (const auto day = ParseDay(word)) name.day = day;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return name;
}

std::string WhyNotBars(const LeanName& name, Timeframe timeframe) {
  switch (name.content) {
    case LeanName::Content::kQuotes:
      return "has quotes, not bars of trades";
    case LeanName::Content::kTicks:
      return "has ticks, not bars";
    case LeanName::Content::kFactors:
      return "has corporate actions, not bars";
    case LeanName::Content::kUnknown:
    case LeanName::Content::kTrades:
      break;
  }
  if (name.timeframe && *name.timeframe != timeframe) {
    return fmt::format("has bars of {}, not of {}", model::Name(*name.timeframe),
                       model::Name(timeframe));
  }
  return "";
}

}  // namespace livetape::jobs
