#include "api/paper/account_body.h"

#include <fmt/format.h>

#include <array>

#include "api/body/json_objects.h"
#include "api/paper/account_directory.h"
#include "base/amount_text.h"
#include "floor/account.h"
#include "model/order.h"

namespace livetape::api {
namespace {

constexpr std::string_view kFields =
    "name, cash, fee, fee_per_share, fee_min, slippage_bps, multiplier, owner";

constexpr base::Decimal Whole(int64_t value) {
  return base::Decimal::FromUnits(value * base::kDecimalScale);
}

// The text of a decimal: a string, or a number as it was sent.
BodyResult<std::string_view> DecimalText(const JsonMember& member) {
  if (member.kind == JsonKind::kString) return member.text;
  if (member.kind == JsonKind::kNumber) return member.json;
  return BadField(
      std::string(member.name),
      fmt::format("must be a number, or a string holding one, got {}", Name(member.kind)));
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

BodyResult<std::string> TextOf(const JsonMember& member) {
  if (member.kind == JsonKind::kString) return std::string(member.text);
  return BadField(std::string(member.name),
                  fmt::format("must be a string, got {}", Name(member.kind)));
}

BodyResult<base::Amount> CashOf(const JsonMember& member) {
  const auto text = DecimalText(member);
  if (!text) return std::unexpected(text.error());
  const auto cash = base::ParseAmount(*text);
  if (!cash) return BadField("cash", cash.error().message);
  if (cash->units() <= 0 || *cash > floor::kNotionalMax) {
    return BadField("cash", fmt::format("must be over 0 and at most {}, got {}",
                                        floor::kNotionalMax.ToString(), *text));
  }
  return *cash;
}

BodyResult<void> Read(const JsonMember& member, AccountProfile& profile) {
  floor::AccountSettings& settings = profile.settings;
  const auto decimal = [&](base::Decimal& into, base::Decimal most) -> BodyResult<void> {
    const auto value = DecimalOf(member, most);
    if (!value) return std::unexpected(value.error());
    into = *value;
    return {};
  };
  const auto text = [&](std::string& into) -> BodyResult<void> {
    auto value = TextOf(member);
    if (!value) return std::unexpected(std::move(value.error()));
    into = *std::move(value);
    return {};
  };
  if (member.name == "name") return text(profile.name);
  if (member.name == "owner") return text(profile.owner);
  if (member.name == "cash") {
    const auto cash = CashOf(member);
    if (!cash) return std::unexpected(cash.error());
    settings.cash = *cash;
    return {};
  }
  if (member.name == "fee") return decimal(settings.fees.rate, Whole(1));
  if (member.name == "fee_per_share") return decimal(settings.fees.per_share, Whole(1'000'000));
  if (member.name == "fee_min") return decimal(settings.fees.minimum, Whole(1'000'000));
  if (member.name == "slippage_bps") return decimal(settings.slippage_bps, Whole(9999));
  if (member.name == "multiplier") {
    base::Decimal value;
    if (auto read = decimal(value, Whole(4)); !read) return read;
    for (const int allowed : {1, 2, 4}) {
      if (value != Whole(allowed)) continue;
      settings.multiplier = allowed;
      return {};
    }
    return BadField("multiplier", "must be 1, 2 or 4");
  }
  return BadField(std::string(member.name), fmt::format("is unknown; there are {}", kFields));
}

}  // namespace

BodyResult<AccountProfile> ParseAccountBody(std::string_view body, const AccountProfile& usual) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  AccountProfile profile = usual;
  profile.name = profile.key_id = profile.secret_hash = profile.owner = "";
  for (const JsonMember& member : object->members) {
    if (member.kind == JsonKind::kNull) continue;
    if (auto read = Read(member, profile); !read) return std::unexpected(std::move(read.error()));
  }
  if (!IsAccountName(profile.name)) {
    return BadField("name", "must be 1 to 64 of A-Za-z0-9._-");
  }
  if (profile.owner.size() > auth::kSubjectBytesMax) {
    return BadField("owner", fmt::format("must be at most {} bytes", auth::kSubjectBytesMax));
  }
  return profile;
}

BodyResult<floor::AccountState> ParseStateBody(std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  const JsonMember* const member = object->Find("state");
  const auto state =
      member != nullptr && member->kind == JsonKind::kString
          ? model::ParseName<floor::AccountState>(floor::kAccountStateNames, member->text)
          : std::nullopt;
  if (!state) return BadField("state", "must be ACTIVE, REDUCING or HALTED");
  return *state;
}

}  // namespace livetape::api
