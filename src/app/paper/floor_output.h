#pragma once

// FloorOutput: all that one turn of the floor has caused, on its way through the tape: records, the
// state that follows from them, answers to those who asked, and the second's checkpoint. Made by the
// floor's thread, then the tape's. It is kept as a whole, however long the disk fails.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/paper/account_directory.h"
#include "api/paper/floor_desk.h"
#include "api/publishing/mailbox.h"
#include "api/publishing/published_state.h"
#include "app/paper/projector.h"
#include "base/clock.h"
#include "http/responder.h"
#include "tape/submission.h"

namespace livetape::app {

class FloorOutput final : public tape::Submission {
 public:
  struct Surroundings {
    api::PublishedState& state;
    api::AccountDirectory& directory;
    Projector& projector;
    std::vector<api::Mailbox*> loops;
  };
  // `around` outlives it.
  explicit FloorOutput(const Surroundings& around) : around_(around) { must_be_kept = true; }

  // The floor's thread. `records` is the Submission's.
  void Add(api::StateChange change);
  void Add(api::AccountChange change) { changes_.push_back(std::move(change)); }
  void Add(Checkpoint checkpoint) { checkpoint_ = std::move(checkpoint); }
  // The account has been active.
  void Touch(std::string account, base::WallTime time) {
    touched_.emplace_back(std::move(account), time);
  }
  void Answer(size_t loop, http::Responder responder, api::DeskAnswer answer);
  bool empty() const;
  size_t answers() const { return answers_.size(); }
  // All records are in; after it nothing is added.
  void Seal() { record_count_ = records.size(); }

  bool Admit() override;
  void OnCommitted(uint64_t first_seq, base::WallTime time) override;
  void OnRefused(tape::Refusal why) override;

 private:
  struct WaitingAnswer {
    size_t loop;
    http::Responder responder;
    api::DeskAnswer answer;
  };

  const Surroundings& around_;
  size_t record_count_ = 0;
  std::vector<api::StateChange> states_;
  std::optional<api::PublishedState::Reservation> reserved_;  // room for the states' keys
  std::vector<api::AccountChange> changes_;
  std::vector<std::pair<std::string, base::WallTime>> touched_;
  std::optional<Checkpoint> checkpoint_;
  std::vector<WaitingAnswer> answers_;
};

}  // namespace livetape::app
