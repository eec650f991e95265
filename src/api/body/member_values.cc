#include "api/body/member_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/amount_text.h"
#include "floor/account.h"

namespace livetape::api {
namespace {

std::unexpected<BodyError> NotA(const JsonMember& member, std::string_view what) {
  return BadField(std::string(member.name),
                  fmt::format("must be {}, got {}", what, Name(member.kind)));
}

}  // namespace

BodyResult<std::string_view> DecimalText(const JsonMember& member) {
  if (member.kind == JsonKind::kString) return member.text;
  if (member.kind == JsonKind::kNumber) return member.json;
  return NotA(member, "a number, or a string holding one");
}

BodyResult<base::Decimal> DecimalOf(const JsonMember& member, base::Decimal most) {
  const auto text = DecimalText(member);
  if (!text) return std::unexpected(text.error());
  const auto value = base::Decimal::Parse(*text);
  if (!value) return BadField(std::string(member.name), value.error().message);
  if (value->units() < 0 || *value > most) {
    return BadField(std::string(member.name),
                    fmt::format("must be from 0 to {}, got {}", most.ToString(), *text));
  }
  return *value;
}

BodyResult<base::Amount> CashOf(const JsonMember& member) {
  const auto text = DecimalText(member);
  if (!text) return std::unexpected(text.error());
  const auto cash = base::ParseAmount(*text);
  if (!cash) return BadField(std::string(member.name), cash.error().message);
  if (cash->units() <= 0 || *cash > floor::kNotionalMax) {
    return BadField(std::string(member.name), fmt::format("must be over 0 and at most {}, got {}",
                                                          floor::kNotionalMax.ToString(), *text));
  }
  return *cash;
}

BodyResult<std::string> TextOf(const JsonMember& member) {
  if (member.kind == JsonKind::kString) return std::string(member.text);
  return NotA(member, "a string");
}

BodyResult<bool> FlagOf(const JsonMember& member) {
  if (member.kind == JsonKind::kBool) return member.json == "true";
  return NotA(member, "true or false");
}

BodyResult<size_t> ChoiceOf(const JsonMember& member, std::span<const std::string_view> choices) {
  const auto at =
      member.kind == JsonKind::kString ? std::ranges::find(choices, member.text) : choices.end();
  if (at != choices.end()) return static_cast<size_t>(at - choices.begin());
  return BadField(std::string(member.name),
                  fmt::format("must be one of {}, got {}", fmt::join(choices, ", "), member.json));
}

}  // namespace livetape::api
