#include "app/paper/floor_output.h"

namespace livetape::app {
namespace {

http::Response Stopping() {
  http::Response response = http::Problem(503, "the server is stopping; try again");
  response.headers.Add("Retry-After", "1");
  return response;
}

}  // namespace

void FloorOutput::Add(api::StateChange change) {
  other_bytes += change.bytes();
  states_.push_back(std::move(change));
}

void FloorOutput::Answer(size_t loop, http::Responder responder, api::DeskAnswer answer) {
  answers_.push_back({loop, std::move(responder), std::move(answer)});
}

bool FloorOutput::empty() const {
  return records.empty() && states_.empty() && changes_.empty() && touched_.empty() &&
         !checkpoint_ && answers_.empty();
}

// State for whose key there is no room is not shown; what has happened has happened.
bool FloorOutput::Admit() {
  if (!reserved_) reserved_ = around_.state.ReserveSome(states_);
  return true;
}

void FloorOutput::OnCommitted(uint64_t first_seq, base::WallTime time) {
  const uint64_t through = first_seq + record_count_ - 1;
  for (const api::AccountChange& change : changes_) around_.directory.Apply(change);
  for (const auto& [account, when] : touched_) around_.directory.Touch(account, when);
  if (checkpoint_) {
    checkpoint_->through = through;
    for (store::AccountRow& row : checkpoint_->accounts) row.through = through;
    around_.projector.Put(*std::move(checkpoint_));
  }
  if (!states_.empty()) around_.state.Apply(states_, *reserved_, through, time);
  for (WaitingAnswer& waiting : answers_) {
    around_.loops[waiting.loop]->Put(
        [responder = std::move(waiting.responder), answer = std::move(waiting.answer)]() mutable {
          if (auto* const response = std::get_if<http::Response>(&answer)) {
            responder.Send(std::move(*response));
          } else {
            std::get<std::function<void(http::Responder)>>(answer)(std::move(responder));
          }
        });
  }
}

void FloorOutput::OnRefused(tape::Refusal) {
  if (reserved_) around_.state.Release(*reserved_);
  for (WaitingAnswer& waiting : answers_) {
    around_.loops[waiting.loop]->Put(
        [responder = std::move(waiting.responder)] { responder.Send(Stopping()); });
  }
}

}  // namespace livetape::app
