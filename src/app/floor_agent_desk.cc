// The requests of accounts and the sessions of the market, as FloorAgent brings them to the floor.

#include <algorithm>
#include <memory>
#include <utility>

#include "app/floor_agent.h"
#include "http/message.h"

namespace livetape::app {
namespace {

floor::SessionEvent SessionEventOf(market::SessionEventKind kind) {
  switch (kind) {
    case market::SessionEventKind::kOpen:
      return floor::SessionEvent::kOpen;
    case market::SessionEventKind::kClose:
      return floor::SessionEvent::kClose;
    case market::SessionEventKind::kDayRoll:
      break;
  }
  return floor::SessionEvent::kDayRoll;
}

http::Response Busy(std::string_view detail) {
  http::Response response = http::Problem(503, detail);
  response.headers.Add("Retry-After", "1");
  return response;
}

}  // namespace

http::Reply FloorAgent::Ask(size_t loop, std::string account, bool create, api::DeskWork work) {
  auto request = std::make_shared<DeskRequest>(DeskRequest{.account = std::move(account),
                                                           .create = create,
                                                           .work = std::move(work),
                                                           .responder = std::nullopt,
                                                           .loop = loop});
  return http::DeferredReply{[this, request](const http::Responder& responder) {
    if (!around_.tape.committing()) {
      busy_.Add();
      return responder.Send(Busy("the disk does not take what is written; try again"));
    }
    request->responder = responder;
    if (!Put(std::move(*request))) responder.Send(Busy("too many requests wait; try again"));
  }};
}

bool FloorAgent::Put(DeskRequest request) {
  if (!requests_.Push(std::move(request))) {
    busy_.Add();
    return false;
  }
  work_.Signal();
  return true;
}

base::WallTime FloorAgent::FloorTime() const {
  if (time_is_wall_) return clock_.Wall();
  const int64_t ns = floor_time_ns_.load(std::memory_order_relaxed);
  return ns == 0 ? clock_.Wall() : base::WallTime(std::chrono::nanoseconds(ns));
}

// The floor's thread: what FloorTime will say.
base::WallTime FloorAgent::Now() const {
  return time_is_wall_ || newest_ == base::WallTime() ? clock_.Wall() : newest_;
}

size_t FloorAgent::ServeRequests() {
  if (asked_.empty()) requests_.PopAll(asked_);
  size_t served = 0;
  while (served < asked_.size() && served < kRequestsPerTurn &&
         around_.paper.gathered() < kRecordsPerSubmission) {
    around_.paper.Serve(std::move(asked_[served++]), Now());
  }
  asked_.erase(asked_.begin(), asked_.begin() + static_cast<std::ptrdiff_t>(served));
  return asked_.empty() ? 0 : kRequestsPerTurn;
}

void FloorAgent::TakeListed() {
  size_t taken = 0;
  for (auto event = queue_.Pop(); event; event = queue_.Pop()) {
    Apply(*event);
    ++taken;
  }
  events_.Add(taken);
}

void FloorAgent::RestoreTime(base::WallTime held) {
  restored_ = held;
  if (!time_is_wall_ && newest_ != base::WallTime()) trading_.ReturnTo(newest_);
}

void FloorAgent::RecallHeld(const std::vector<model::Instrument>& instruments) {
  for (const model::Instrument& held : instruments) {
    const auto known = instruments_.Find(held);
    if (known && known->instrument.symbol == held.symbol) {
      held_symbols_.emplace(held.symbol, known->id);
    }
  }
  for (const model::Instrument& held : instruments) RecallHeld(held);
}

model::InstrumentId FloorAgent::RecallHeld(const model::Instrument& instrument) {
  const auto before = held_symbols_.find(instrument.symbol);
  if (before != held_symbols_.end()) return before->second;
  const auto known = instruments_.Find(instrument);
  const auto is_it = [&](const auto& held) { return held.second == known->id; };
  const bool is_anothers = known && known->instrument.symbol != instrument.symbol &&
                           std::ranges::any_of(held_symbols_, is_it);
  const auto id = known && !is_anothers ? known->id : AddInstrument(instrument);
  held_symbols_.emplace(instrument.symbol, id);
  return id;
}

// What has opened, closed and rolled by `time`. While the disk takes nothing the floor learns it
// later.
void FloorAgent::HoldSessions(base::WallTime time) {
  if (stalled_.on()) {
    if (sessions_ && time >= sessions_->next()) stalled_.Part();
    return;
  }
  if (!sessions_) {
    const bool recalled = restored_ != base::WallTime() && restored_ < time;
    const base::WallTime start = recalled ? restored_ : time;
    sessions_.emplace(around_.sessions, start);
    using Kind = market::SessionEventKind;
    if (recalled) {
      if (const auto day = around_.sessions.Last(Kind::kDayRoll, start)) trading_.ResumeDay(*day);
    }
    if (sessions_->open()) {
      const auto opening = around_.sessions.Last(Kind::kOpen, start);
      trading_.OnSession(opening.value_or(start), floor::SessionEvent::kOpen);
    }
  }
  if (time < sessions_->next()) return;
  bool rolled = false;
  while (const auto next = sessions_->TakeUntil(time)) {
    trading_.OnSession(next->time, SessionEventOf(next->kind));
    rolled |= next->kind == market::SessionEventKind::kDayRoll;
  }
  if (rolled) EmitAll();
}

// The disk takes again what is written.
void FloorAgent::Unstall() {
  EndBooks();
  bool parted = false;
  stalled_.End(trading_, [&] {
    parted = true;
    HoldSessions(std::max(Now(), newest_));
  });
  // What has rolled was shown before the floor had all prices.
  if (parted) EmitAll();
}

// Orders of a symbol that a program has taken over meet its quotes, not the depth that the source told
// last.
void FloorAgent::EndBooks() {
  for (const model::InstrumentId id : std::exchange(books_to_end_, {})) {
    trading_.OnBook(Now(), {.instrument = id, .snapshot = true, .bids = {}, .asks = {}});
  }
}

void FloorAgent::Finish() {
  const base::WallTime now = Now();
  around_.paper.EndWindow(now, true);
  around_.paper.Checkpoint(now);
  around_.paper.Submit();
}

}  // namespace livetape::app
