#include "api/paper/account_body.h"

#include <fmt/format.h>

#include <array>

#include "api/body/json_objects.h"
#include "api/body/member_values.h"
#include "api/paper/account_directory.h"
#include "floor/account.h"
#include "model/order.h"

namespace livetape::api {
namespace {

constexpr std::string_view kFields =
    "name, cash, fee, fee_per_share, fee_min, slippage_bps, multiplier, owner";

constexpr base::Decimal Whole(int64_t value) {
  return base::Decimal::FromUnits(value * base::kDecimalScale);
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
    if (object->Count(member.name) > 1) {
      return BadField(std::string(member.name), "is given twice");
    }
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
  if (object->Count("state") > 1) return BadField("state", "is given twice");
  for (const JsonMember& member : object->members) {
    if (member.name != "state") {
      return BadField(std::string(member.name), "is unknown; there is state alone");
    }
  }
  const JsonMember* const member = object->Find("state");
  const auto state =
      member != nullptr && member->kind == JsonKind::kString
          ? model::ParseName<floor::AccountState>(floor::kAccountStateNames, member->text)
          : std::nullopt;
  if (!state) return BadField("state", "must be ACTIVE, REDUCING or HALTED");
  return *state;
}

}  // namespace livetape::api
