#include "api/page/accept_encoding.h"

#include <algorithm>
#include <optional>

namespace livetape::api {
namespace {

constexpr int kFull = 1000;

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool SameName(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// "0.8" as 800; nothing but 0 to 1 with at most three digits after the point.
int Weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * kFull;
  if (text.size() == 1) return weight;
  if (text[1] != '.') return 0;
  int unit = kFull / 10;
  for (const char digit : text.substr(2)) {
    if (digit < '0' || digit > '9') return 0;
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return weight <= kFull ? weight : 0;
}

struct Element {
  std::string_view coding;
  int weight = kFull;
};

Element Parse(std::string_view text) {
  const size_t semicolon = text.find(';');
  Element element{.coding = Trimmed(text.substr(0, semicolon))};
  if (semicolon == std::string_view::npos) return element;
  const std::string_view parameter = Trimmed(text.substr(semicolon + 1));
  const size_t equals = parameter.find('=');
  if (equals == std::string_view::npos || !SameName(Trimmed(parameter.substr(0, equals)), "q")) {
    element.weight = 0;
  } else {
    element.weight = Weight(Trimmed(parameter.substr(equals + 1)));
  }
  return element;
}

}  // namespace

int CodingWeight(std::string_view accept_encoding, std::string_view coding) {
  std::optional<int> any;
  for (std::string_view rest = accept_encoding; !rest.empty();) {
    const size_t comma = rest.find(',');
    const Element element = Parse(rest.substr(0, comma));
    if (SameName(element.coding, coding)) return element.weight;
    if (element.coding == "*") any = element.weight;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return any.value_or(coding == "identity" ? 1 : 0);
}

}  // namespace livetape::api
