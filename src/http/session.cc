#include "http/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "base/assert.h"
#include "http/sessions.h"

// Bytes in and out. Bodies are session_body.cc's, what a request is answered with
// session_answer.cc's.

namespace livetape::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr size_t kInboxKeptBytes = 4096;  // an idle session gives back more than that
constexpr int kStepsPerTurn = 32;         // reads and requests of one session, then others
constexpr size_t kAnswerBytesPerTurn = 256 * 1024;  // likewise, and the answer that exceeds it
constexpr auto kLinger = 2s;                        // for the peer's end, after ours

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

// Holds the socket's number, not the socket: a client that connects and sends at once, as many do
// when a server returns, costs no registration.
struct Session::Watch {
  explicit Watch(asio::io_context& io) : descriptor(io) {}

  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor;
};

Session::Session(Shared& shared, UniqueFd socket, std::string peer, size_t place)
    : index(place),
      shared_(shared),
      around_(shared.around),
      socket_(std::move(socket)),
      peer_(std::move(peer)) {
  DueIn(shared_.limits.head_timeout);
}

Session::~Session() = default;

bool Session::idle() const {
  return (phase_ == Phase::kReading && !parser_ && inbox_.empty()) || phase_ == Phase::kLingering;
}

void Session::DueIn(std::chrono::milliseconds timeout) { due_ = around_.clock.Mono() + timeout; }

void Session::Run() {
  if (running_) return;
  running_ = true;
  bool goes_on = true;
  answered_bytes_ = 0;
  for (int i = 0; i < kStepsPerTurn && goes_on && answered_bytes_ < kAnswerBytesPerTurn; ++i) {
    goes_on = Step();
  }
  running_ = false;
  if (goes_on) asio::post(around_.io, [self = shared_from_this()] { self->Run(); });
}

// One request or one read. False when there is nothing to do for now.
bool Session::Step() {
  if (phase_ == Phase::kLingering) Discard();
  if (phase_ != Phase::kReading || paused_) return false;
  if (unparsed_) {
    Take({});
    return true;
  }
  if (!std::exchange(wait_first_, false)) return Receive();
  WatchReadable();
  return false;
}

bool Session::Receive() {
  char* const scratch = shared_.scratch.get();
  const ssize_t size = ::recv(socket_.get(), scratch, Sessions::kScratchBytes, MSG_DONTWAIT);
  if (size > 0) {
    Take({scratch, static_cast<size_t>(size)});
    return true;
  }
  if (size < 0 && WouldBlock(errno)) {
    WatchReadable();
  } else {
    Close();
  }
  return false;
}

// Gives the parser what is in the inbox and what has arrived, and does what follows from it.
// `arrived` may lie in the scratch, which another session may use as soon as a handler runs: what
// the parser leaves is put away before.
void Session::Take(std::string_view arrived) {
  unparsed_ = false;
  std::string_view input = arrived;
  if (!inbox_.empty()) {
    if (!arrived.empty()) {
      inbox_.erase(0, std::exchange(inbox_at_, 0));
      inbox_ += arrived;
    }
    input = std::string_view(inbox_).substr(inbox_at_);
  }
  Keep(input, Put(input));
  if (!parser_) return;
  switch (parser_->progress()) {
    case RequestParser::Progress::kHead:
      return;
    case RequestParser::Progress::kBody:
      return OnBody(!arrived.empty());
    case RequestParser::Progress::kDone:
      return OnWhole();
    case RequestParser::Progress::kRefused:
      return Refuse(parser_->refusal_status(), parser_->refusal_detail());
  }
}

// Returns how much of the input is done with.
size_t Session::Put(std::string_view input) {
  if (parser_) return parser_->Put(input);
  // Empty lines before a request are none of it (RFC 9112, section 2.2).
  size_t empty = 0;
  while (input.substr(empty, 2) == "\r\n") empty += 2;
  input.remove_prefix(empty);
  if (input.empty() || input == "\r") return empty;
  const SessionLimits& limits = shared_.limits;
  parser_.emplace(RequestParser::Limits{limits.head_bytes_max, limits.body_bytes_max},
                  &shared_.body_limit);
  DueIn(limits.head_timeout);
  exchange_.began = due_ - limits.head_timeout;
  return empty + parser_->Put(input);
}

// The inbox becomes what is left of the input.
void Session::Keep(std::string_view input, size_t taken) {
  const std::string_view rest = input.substr(taken);
  if (rest.empty()) {
    inbox_at_ = 0;
    if (inbox_.capacity() > kInboxKeptBytes) {
      inbox_ = std::string();
    } else {
      inbox_.clear();
    }
  } else if (inbox_.empty()) {
    inbox_ = rest;
  } else {
    inbox_at_ += taken;
  }
}

void Session::Flush() {
  while (sent_ < outbox_.size()) {
    const ssize_t sent = ::send(socket_.get(), outbox_.data() + sent_, outbox_.size() - sent_,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && WouldBlock(errno) && HoldAnswer()) return WatchWritable();
    if (sent < 0) return Close();
    sent_ += static_cast<size_t>(sent);
    if (sent_ < outbox_.size()) DueIn(shared_.limits.stall_timeout);
  }
  AfterAnswer();
}

// False: it is too much with those of others.
bool Session::HoldAnswer() {
  if (held_answer_ > 0) return true;
  if (shared_.answer_bytes + outbox_.size() > shared_.limits.answers_bytes_max) {
    around_.metrics.answers_cut.Add();
    return false;
  }
  held_answer_ = outbox_.size();
  shared_.answer_bytes += held_answer_;
  around_.metrics.answer_bytes.Set(static_cast<int64_t>(shared_.answer_bytes));
  return true;
}

void Session::ReleaseAnswer() {
  if (held_answer_ == 0) return;
  shared_.answer_bytes -= std::exchange(held_answer_, 0);
  around_.metrics.answer_bytes.Set(static_cast<int64_t>(shared_.answer_bytes));
}

void Session::AfterAnswer() {
  WriteLine();
  answered_bytes_ += outbox_.size();
  ReleaseAnswer();
  outbox_ = std::string();
  if (framing_.close || (shared_.draining && inbox_.empty())) {
    // Closing now, with input unread, would reset the connection and may take the answer back
    // before the client has read it (RFC 9112, section 9.6).
    ::shutdown(socket_.get(), SHUT_WR);
    phase_ = Phase::kLingering;
    inbox_ = std::string();
    inbox_at_ = 0;
    DueIn(kLinger);
    return;
  }
  unparsed_ = !inbox_.empty();
  wait_first_ = inbox_.empty();
  phase_ = Phase::kReading;
  DueIn(shared_.limits.idle_timeout);
}

// Reads to throw away, until the peer's end; in a hurry, until nothing is unread.
void Session::Discard() {
  const ssize_t size =
      ::recv(socket_.get(), shared_.scratch.get(), Sessions::kScratchBytes, MSG_DONTWAIT);
  const bool goes_on = size > 0 || (size < 0 && WouldBlock(errno) && !shared_.draining);
  if (goes_on) {
    WatchReadable();
  } else {
    Close();
  }
}

Session::Watch& Session::Watched() {
  if (watch_ == nullptr) {
    watch_ = std::make_unique<Watch>(around_.io);
    watch_->descriptor.assign(socket_.get());
  }
  return *watch_;
}

void Session::WatchReadable() {
  if (std::exchange(watching_, true)) return;
  Watched().descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                  [self = shared_from_this()](const boost::system::error_code&) {
                                    self->watching_ = false;
                                    if (self->phase_ == Phase::kClosed) return;
                                    const TurnTimer turn(self->around_.metrics,
                                                         self->around_.clock);
                                    self->Run();
                                  });
}

void Session::WatchWritable() {
  Watched().descriptor.async_wait(asio::posix::descriptor_base::wait_write,
                                  [self = shared_from_this()](const boost::system::error_code&) {
                                    if (self->phase_ != Phase::kAnswering) return;
                                    const TurnTimer turn(self->around_.metrics,
                                                         self->around_.clock);
                                    self->Flush();
                                    self->Run();
                                  });
}

// The socket goes to the stream table; everything else of the session ends here.
void Session::OpenStream(const StreamStart& start) {
  StreamTable& streams = around_.streams;
  const StreamId stream = streams.Begin(*start.observer, framing_.minor_version > 0);
  std::string opening;
  try {
    opening = start.open(stream);
  } catch (const std::exception& error) {
    streams.Abandon(stream);
    return Reply(HandlerFailed(around_.log, exchange_.method, exchange_.path, error));
  }
  around_.metrics.CountRequest(200);
  const auto self = shared_from_this();
  UniqueFd socket = HandOver();
  streams.Attach(stream, std::move(socket), StreamHead(start.content_type, fields_, framing_),
                 opening, std::move(exchange_));
}

// Likewise to the WebSocket table.
void Session::OpenWebSocket(WebSocketStart start, std::string key) {
  around_.metrics.CountRequest(101);
  const auto self = shared_from_this();
  std::string early_bytes = inbox_.substr(inbox_at_);
  UniqueFd socket = HandOver();
  around_.websockets.Open({.socket = std::move(socket),
                           .key = std::move(key),
                           .fields = std::move(fields_),
                           .early_bytes = std::move(early_bytes),
                           .exchange = std::move(exchange_)},
                          std::move(start));
}

// What is left of the session is not in use any more.
UniqueFd Session::HandOver() {
  phase_ = Phase::kClosed;
  if (watch_ != nullptr) watch_->descriptor.release();
  shared_.sessions.Remove(index);
  return std::move(socket_);
}

void Session::Close() {
  if (phase_ == Phase::kClosed) return;
  const auto self = shared_from_this();
  if (phase_ == Phase::kAnswering) WriteLine();
  phase_ = Phase::kClosed;
  ReleaseBody();
  ReleaseAnswer();
  if (watch_ != nullptr) watch_->descriptor.release();
  socket_ = UniqueFd();
  shared_.sessions.Remove(index);
  around_.connections.Remove();
}

}  // namespace livetape::http
