// What the configuration says of PaperFloor's accounts.

#include <algorithm>
#include <utility>

#include "api/paper/paper_json.h"
#include "app/paper/paper_floor.h"

namespace livetape::app {

bool PaperFloor::IsKeyOfAnother(const api::AccountProfile& profile) const {
  if (profile.key_id.empty()) return false;
  return std::ranges::any_of(accounts_, [&profile](const Named& named) {
    return named.profile.name != profile.name && named.profile.key_id == profile.key_id;
  });
}

void PaperFloor::Configure(std::vector<api::AccountProfile> profiles, base::WallTime now) {
  // What is to change is free before any of it is given.
  for (const api::AccountProfile& profile : profiles) {
    const auto id = FindAccount(profile.name);
    if (!id) continue;
    std::string& key = accounts_[id->value()].profile.key_id;
    if (key != profile.key_id) key.clear();
  }
  for (api::AccountProfile& profile : profiles) ConfigureOne(std::move(profile), now);
}

void PaperFloor::ConfigureOne(api::AccountProfile profile, base::WallTime now) {
  profile.configured_multiplier = profile.settings.multiplier;
  const auto id = FindAccount(profile.name);
  if (!id) {
    const Opened opened = Open(profile, now);
    if (opened != Opened::kDone) {
      around_.log.Error("the configured account {} cannot be opened: its key is another account's",
                        profile.name);
    } else {
      around_.output.directory.Apply(
          {.kind = api::AccountChange::Kind::kOpen, .time = now, .profile = profile});
    }
    return;
  }
  api::AccountProfile& known = accounts_[id->value()].profile;
  api::AccountProfile wished = profile;
  if (IsKeyOfAnother(wished)) {
    around_.log.Error("the configured account {} gets no key: it is another account's",
                      wished.name);
    wished.key_id.clear();
    wished.secret_hash.clear();
  }
  // What a client has chosen for the account stays; its multiplier until another is configured.
  wished.settings.no_shorting = known.settings.no_shorting;
  wished.settings.trading_suspended = known.settings.trading_suspended;
  if (known.configured_multiplier == wished.configured_multiplier) {
    wished.settings.multiplier = known.settings.multiplier;
  }
  const bool same = api::ProfileJson(known) == api::ProfileJson(wished);
  known = wished;
  floor_.ChangeSettings(*id, wished.settings);
  if (same) return;
  TellOpenings(*id);
  api::AccountChange change{
      .kind = api::AccountChange::Kind::kSettings, .time = now, .profile = std::move(wished)};
  // Requests go by it at once, whenever the disk takes it: a key that was given up lets nobody in.
  around_.output.directory.Apply(change);
  Tell(std::move(change));
}

}  // namespace livetape::app
