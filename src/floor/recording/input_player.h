#pragma once

// InputPlayer: tells a floor what a recording says. The floor's thread.

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "floor/recording/floor_input.h"
#include "floor/trading_floor.h"

namespace livetape::floor {

class InputPlayer {
 public:
  // A floor to which nothing has happened yet; it outlives the player.
  explicit InputPlayer(TradingFloor& floor) : floor_(floor) {}

  // `input` has passed InputChecks. An error: it cannot be at this place of a recording.
  base::Result<void> Play(const FloorInput& input);

  // What happens now was told when it was recorded: all after what was restored.
  bool live() const { return live_; }
  // By their ids.
  const std::vector<model::Instrument>& instruments() const { return instruments_; }
  const std::vector<std::string>& accounts() const { return accounts_; }
  // Whether all have their names.
  bool named() const {
    return instruments_.size() == classes_.size() && accounts_.size() == floor_.account_count();
  }

 private:
  friend struct PlayVisitor;
  base::Result<void> Restore(const AccountRestored& in);
  base::Result<void> Replay(const OrderEvent& event);

  TradingFloor& floor_;
  bool live_ = false;
  std::vector<model::AssetClass> classes_;
  std::vector<model::Instrument> instruments_;
  std::vector<std::string> accounts_;
  std::vector<model::AccountId> changed_;            // scratch
  std::map<model::OrderId, model::AccountId> open_;  // orders that have been restored
};

}  // namespace livetape::floor
