#include "http/sessions.h"

#include <utility>

namespace livetape::http {

Sessions::Sessions(const SessionSurroundings& surroundings, const SessionLimits& limits)
    : shared_{surroundings, limits,
              [&dispatcher = surroundings.dispatcher](const Request& head) {
                return dispatcher.BodyBytesMax(head);
              },
              *this, std::make_unique<char[]>(kScratchBytes)},
      bulky_(surroundings.io, surroundings.clock, surroundings.metrics) {}

Sessions::~Sessions() = default;

void Sessions::Add(UniqueFd socket, std::string peer) {
  const auto session =
      std::make_shared<Session>(shared_, std::move(socket), std::move(peer), sessions_.size());
  sessions_.push_back(session);
  session->Run();
}

void Sessions::AwaitTurn(std::shared_ptr<Session> session) {
  bulky_.Put([session = std::move(session)] { session->TakeTurn(); });
}

void Sessions::Remove(size_t index) {
  sessions_.back()->index = index;
  std::swap(sessions_[index], sessions_.back());
  sessions_.pop_back();
}

// Both go backwards: closing one moves the last into its place.
void Sessions::Sweep() {
  const base::MonoTime now = shared_.around.clock.Mono();
  for (size_t i = sessions_.size(); i-- > 0;) {
    if (i < sessions_.size() && sessions_[i]->due() <= now) {
      const std::shared_ptr<Session> session = sessions_[i];
      session->OnDue();
    }
  }
}

void Sessions::Drain() {
  shared_.draining = true;
  for (size_t i = sessions_.size(); i-- > 0;) {
    if (sessions_[i]->idle()) sessions_[i]->Close();
  }
}

void Sessions::CloseAll() {
  bulky_.Clear();
  while (!sessions_.empty()) sessions_.back()->Close();
}

}  // namespace livetape::http
