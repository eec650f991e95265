#pragma once

// Members of a JSON object as values. Pure functions; each error names the member and says what would
// be right. Decimals may be numbers, taken as they were sent, or strings.

#include <span>
#include <string>
#include <string_view>

#include "api/body/body_error.h"
#include "api/body/json_objects.h"
#include "base/decimal.h"

namespace livetape::api {

// The text of a decimal.
BodyResult<std::string_view> DecimalText(const JsonMember& member);
// From 0 to `most`.
BodyResult<base::Decimal> DecimalOf(const JsonMember& member, base::Decimal most);
// Money: over 0, at most what an account can hold.
BodyResult<base::Amount> CashOf(const JsonMember& member);
BodyResult<std::string> TextOf(const JsonMember& member);
BodyResult<bool> FlagOf(const JsonMember& member);
// One of `choices`; the error lists them.
BodyResult<size_t> ChoiceOf(const JsonMember& member, std::span<const std::string_view> choices);

}  // namespace livetape::api
