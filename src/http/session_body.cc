// Session: the bodies of its requests. The rest of its bytes are session.cc's.

#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/assert.h"
#include "http/address_key.h"
#include "http/session.h"
#include "http/sessions.h"

namespace livetape::http {
namespace {

using namespace std::chrono_literals;

constexpr size_t kBodyBytesPerSecond = 8192;   // a body that comes slower, on average, is given up
constexpr size_t kBulkyBodyBytes = 16 * 1024;  // a larger one gives way to other work of the loop
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

// The head is complete, the body is not. Each piece of it renews the time for the next, but the
// whole must come at some speed, or a trickle would hold the connection for days.
void Session::OnBody(bool arrived) {
  if (!in_body_) {
    BeginBody();
    if (around_.dispatcher.StreamsBody(parser_->request())) {
      if (!OpenSink()) return;
    } else if (auto refused = around_.dispatcher.RefuseHead(Head())) {
      return Refuse(*std::move(refused));
    }
    if (parser_->expects_continue() && inbox_.empty()) AskForBody();
    if (phase_ != Phase::kReading) return;
  }
  if (sink_ != nullptr) {
    if (!Pour()) return;
  } else {
    if (!HoldBody(parser_->request().body.size())) return;
  }
  if (!arrived || paused_) return;
  DueIn(shared_.limits.head_timeout);
  const uint64_t bytes = sink_ != nullptr ? poured_bytes_ : held_bytes_;
  const auto allowance =
      shared_.limits.head_timeout + 1s * static_cast<int64_t>(bytes / kBodyBytesPerSecond);
  due_ = std::min(due_, body_began_ + allowance);
}

// Head and body are complete.
void Session::OnWhole() {
  const bool unopened = sink_ == nullptr && around_.dispatcher.StreamsBody(parser_->request());
  if (unopened && !OpenSink()) return;
  if (sink_ != nullptr && !Pour()) return;
  if (parser_->request().body.size() > kBulkyBodyBytes) return Queue();
  Respond(parser_->Take());
}

void Session::Queue() {
  if (!in_body_) BeginBody();
  if (!HoldBody(parser_->request().body.size())) return;
  phase_ = Phase::kQueued;
  DueIn(shared_.limits.answer_timeout);
  shared_.sessions.AwaitTurn(shared_from_this());
}

void Session::TakeTurn() {
  if (phase_ != Phase::kQueued) return;  // its time was over
  phase_ = Phase::kReading;
  Respond(parser_->Take());
  Run();
}

void Session::BeginBody() {
  in_body_ = true;
  body_began_ = around_.clock.Mono();
  body_owner_ = AddressKey(around_.proxies.ClientOf(peer_, parser_->request().headers));
}

// Of the request that is being read.
Request Session::Head() const {
  Request head = parser_->request();
  head.body.clear();
  head.peer = around_.proxies.ClientOf(peer_, head.headers);
  return head;
}

void Session::AskForBody() {
  // A socket without room for these few bytes holds answers that the client has not read: it can
  // as well wait a moment and send its body unasked (RFC 9110, section 10.1.1).
  const ssize_t sent =
      ::send(socket_.get(), kContinue.data(), kContinue.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0 && sent < static_cast<ssize_t>(kContinue.size())) Close();
}

// False: the request has been answered instead.
bool Session::OpenSink() {
  auto opened = around_.dispatcher.OpenBody(Head(), around_.loop);
  if (!opened) {
    Refuse(std::move(opened.error()));
    return false;
  }
  sink_ = *std::move(opened);
  poured_bytes_ = 0;
  return true;
}

// Gives the sink what has come of the body. False: the request has been answered.
bool Session::Pour() {
  const std::string& body = parser_->request().body;
  if (body.empty()) return true;
  poured_bytes_ += body.size();
  std::expected<BodySink::Room, Response> room;
  try {
    room = sink_->Put(body, BodyFlow(weak_from_this(), request_));
  } catch (const std::exception& error) {
    const Request& request = parser_->request();
    room = std::unexpected(HandlerFailed(around_.log, request.method, request.path, error));
  }
  if (!room) {
    Refuse(std::move(room.error()));
    return false;
  }
  parser_->ClearBody();
  if (*room == BodySink::Room::kMore) return true;
  paused_ = true;
  paused_at_ = around_.clock.Mono();
  DueIn(shared_.limits.answer_timeout);
  return true;
}

// The time of the pause is not the client's.
void Session::ResumeBody(uint64_t request) {
  if (!paused_ || request != request_ || phase_ != Phase::kReading) return;
  paused_ = false;
  body_began_ += around_.clock.Mono() - paused_at_;
  DueIn(shared_.limits.head_timeout);
  Run();
}

// False: it is too much with others, and the request has been answered.
bool Session::HoldBody(size_t bytes) {
  CountBody(bytes);
  const size_t most = shared_.limits.bodies_bytes_max;
  const auto owned = shared_.body_bytes_of.find(body_owner_);
  const bool too_many_of_one = owned != shared_.body_bytes_of.end() && owned->second > most / 2;
  if (shared_.body_bytes <= most && !too_many_of_one) return true;
  Refuse(503, "too many large requests are being received; try again in a moment");
  return false;
}

void Session::CountBody(size_t bytes) {
  LT_ASSERT(shared_.body_bytes >= held_bytes_, "{} < {}", shared_.body_bytes, held_bytes_);
  if (bytes == held_bytes_) return;
  const size_t more = bytes - std::exchange(held_bytes_, bytes);  // modulo 2^64
  shared_.body_bytes += more;
  const auto owned = shared_.body_bytes_of.try_emplace(body_owner_).first;
  owned->second += more;
  if (owned->second == 0) shared_.body_bytes_of.erase(owned);
  around_.metrics.body_bytes.Set(static_cast<int64_t>(shared_.body_bytes));
}

void Session::ReleaseBody() {
  sink_.reset();
  paused_ = false;
  if (std::exchange(in_body_, false)) CountBody(0);
}

}  // namespace livetape::http
