#include "http/sessions.h"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <exception>
#include <optional>
#include <utility>

#include "http/request_parser.h"
#include "http/response_text.h"

namespace livetape::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr size_t kScratchBytes = 64 * 1024;
constexpr size_t kInboxKeptBytes = 4096;  // an idle session gives back more than that
constexpr int kStepsPerTurn = 32;         // reads and requests of one session, then others
constexpr auto kLinger = 2s;              // for the peer's end, after ours
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

class Sessions::Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(Sessions& owner, UniqueFd socket, std::string peer, size_t place)
      : index(place),
        owner_(owner),
        around_(owner.surroundings_),
        socket_(std::move(socket)),
        descriptor_(around_.io),
        peer_(std::move(peer)) {
    DueIn(owner.limits_.head_timeout);
  }

  void Run();
  void Close();
  // No request is under way.
  bool idle() const {
    return (phase_ == Phase::kReading && !parser_ && inbox_.empty()) || phase_ == Phase::kLingering;
  }
  base::MonoTime due() const { return due_; }

  size_t index;  // in sessions_

 private:
  enum class Phase { kReading, kAnswering, kLingering, kClosed };

  void DueIn(std::chrono::milliseconds timeout) { due_ = around_.clock.Mono() + timeout; }
  bool Step();
  bool Receive();
  void Parse();
  void OnHead();
  void Respond(Request request);
  void OpenStream(const StreamStart& start, const Request& request, const Headers& fields,
                  Framing framing);
  void Send(std::string text, bool close);
  void Flush();
  void AfterAnswer();
  void Discard();
  void WatchReadable();
  auto& Watched() {
    if (!descriptor_.is_open()) descriptor_.assign(socket_.get());
    return descriptor_;
  }

  Sessions& owner_;
  const SessionSurroundings& around_;
  UniqueFd socket_;
  // Holds the socket's number, not the socket, from the first wait on: a client that connects and
  // sends at once, as many do when a server returns, costs no registration.
  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor_;
  std::string peer_;
  Phase phase_ = Phase::kReading;
  base::MonoTime due_;                   // when it is closed if nothing happens
  std::string inbox_;                    // received, not yet parsed
  bool unparsed_ = false;                // the inbox has bytes that the parser has not seen
  std::optional<RequestParser> parser_;  // from the first byte of a request on
  bool in_body_ = false;
  std::string outbox_;  // the answer
  size_t sent_ = 0;     // of the outbox
  bool close_after_answer_ = false;
};

// Goes on until it has to wait for the peer, or others have waited long enough.
void Sessions::Session::Run() {
  for (int i = 0; i < kStepsPerTurn; ++i) {
    if (!Step()) return;
  }
  asio::post(around_.io, [self = shared_from_this()] { self->Run(); });
}

// One request or one read. False when there is nothing to do for now.
bool Sessions::Session::Step() {
  if (phase_ == Phase::kLingering) Discard();
  if (phase_ != Phase::kReading) return false;
  if (!unparsed_) return Receive();
  Parse();
  return true;
}

bool Sessions::Session::Receive() {
  char* const scratch = owner_.scratch_.get();
  const ssize_t size = ::recv(socket_.get(), scratch, kScratchBytes, MSG_DONTWAIT);
  if (size > 0) {
    inbox_.append(scratch, static_cast<size_t>(size));
    unparsed_ = true;
    return true;
  }
  if (size < 0 && WouldBlock(errno)) {
    WatchReadable();
  } else {
    Close();
  }
  return false;
}

void Sessions::Session::Parse() {
  unparsed_ = false;
  if (!parser_) {
    // Empty lines before a request are none of it (RFC 9112, section 2.2).
    size_t empty = 0;
    while (inbox_.compare(empty, 2, "\r\n") == 0) empty += 2;
    inbox_.erase(0, empty);
    if (inbox_.empty() || inbox_ == "\r") return;
    parser_.emplace(
        RequestParser::Limits{owner_.limits_.head_bytes_max, owner_.limits_.body_bytes_max});
    DueIn(owner_.limits_.head_timeout);
  }
  inbox_.erase(0, parser_->Put(inbox_));
  if (inbox_.empty() && inbox_.capacity() > kInboxKeptBytes) inbox_ = std::string();

  switch (parser_->progress()) {
    case RequestParser::Progress::kHead:
      return;
    case RequestParser::Progress::kBody:
      return OnHead();
    case RequestParser::Progress::kDone:
      return Respond(parser_->Take());
    case RequestParser::Progress::kRefused:
      around_.metrics.CountRequest(parser_->refusal_status());
      return Send(ResponseText(Problem(parser_->refusal_status(), parser_->refusal_detail()),
                               CorsHeaders({}), {.close = true}),
                  true);
  }
}

// The head is complete, the body is not.
void Sessions::Session::OnHead() {
  if (std::exchange(in_body_, true)) return;
  DueIn(owner_.limits_.head_timeout);
  if (!parser_->expects_continue() || !inbox_.empty()) return;
  // A socket without room for these few bytes holds answers that the client has not read: it can
  // as well wait a moment and send its body unasked (RFC 9110, section 10.1.1).
  const ssize_t sent =
      ::send(socket_.get(), kContinue.data(), kContinue.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0 && sent < static_cast<ssize_t>(kContinue.size())) Close();
}

void Sessions::Session::Respond(Request request) {
  request.peer = peer_;
  Answer answer = around_.dispatcher.Dispatch(request, around_.loop);
  Framing framing;
  framing.minor_version = request.minor_version;
  framing.head_only = answer.head_only;
  framing.close = owner_.draining_ || !parser_->keep_alive();

  if (const auto* const response = std::get_if<Response>(&answer.reply)) {
    around_.metrics.CountRequest(response->status);
    return Send(ResponseText(*response, answer.fields, framing), framing.close);
  }
  const auto& start = std::get<StreamStart>(answer.reply);
  if (!answer.head_only) return OpenStream(start, request, answer.fields, framing);
  around_.metrics.CountRequest(200);
  Send(StreamHead(start.content_type, answer.fields, framing),
       framing.close || framing.minor_version == 0);
}

// The socket goes to the stream table; everything else of the session ends here.
void Sessions::Session::OpenStream(const StreamStart& start, const Request& request,
                                   const Headers& fields, Framing framing) {
  StreamTable& streams = around_.streams;
  const StreamId stream = streams.Begin(*start.observer, framing.minor_version > 0);
  std::string opening;
  try {
    opening = start.open(stream);
  } catch (const std::exception& error) {
    streams.Abandon(stream);
    around_.metrics.CountRequest(500);
    return Send(ResponseText(HandlerFailed(around_.log, request, error), fields, framing),
                framing.close);
  }
  around_.metrics.CountRequest(200);
  const auto self = shared_from_this();
  phase_ = Phase::kClosed;
  if (descriptor_.is_open()) descriptor_.release();
  UniqueFd socket = std::move(socket_);
  owner_.Remove(index);
  streams.Attach(stream, std::move(socket), StreamHead(start.content_type, fields, framing),
                 opening);
}

void Sessions::Session::Send(std::string text, bool close) {
  outbox_ = std::move(text);
  sent_ = 0;
  close_after_answer_ = close;
  phase_ = Phase::kAnswering;
  DueIn(owner_.limits_.stall_timeout);
  Flush();
}

void Sessions::Session::Flush() {
  while (sent_ < outbox_.size()) {
    const ssize_t sent = ::send(socket_.get(), outbox_.data() + sent_, outbox_.size() - sent_,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && WouldBlock(errno)) {
      Watched().async_wait(asio::posix::descriptor_base::wait_write,
                           [self = shared_from_this()](const boost::system::error_code&) {
                             if (self->phase_ != Phase::kAnswering) return;
                             const TurnTimer turn(self->around_.metrics, self->around_.clock);
                             self->Flush();
                             self->Run();
                           });
      return;
    }
    if (sent < 0) return Close();
    sent_ += static_cast<size_t>(sent);
    DueIn(owner_.limits_.stall_timeout);
  }
  AfterAnswer();
}

void Sessions::Session::AfterAnswer() {
  outbox_ = std::string();
  if (close_after_answer_ || (owner_.draining_ && inbox_.empty())) {
    // Closing now, with input unread, would reset the connection and may take the answer back
    // before the client has read it (RFC 9112, section 9.6).
    ::shutdown(socket_.get(), SHUT_WR);
    phase_ = Phase::kLingering;
    inbox_ = std::string();
    parser_.reset();
    DueIn(kLinger);
    return;
  }
  parser_.reset();
  in_body_ = false;
  unparsed_ = !inbox_.empty();
  phase_ = Phase::kReading;
  DueIn(owner_.limits_.idle_timeout);
}

// Reads to throw away, until the peer's end; in a hurry, until nothing is unread.
void Sessions::Session::Discard() {
  const ssize_t size = ::recv(socket_.get(), owner_.scratch_.get(), kScratchBytes, MSG_DONTWAIT);
  const bool goes_on = size > 0 || (size < 0 && WouldBlock(errno) && !owner_.draining_);
  if (goes_on) {
    WatchReadable();
  } else {
    Close();
  }
}

void Sessions::Session::WatchReadable() {
  Watched().async_wait(asio::posix::descriptor_base::wait_read,
                       [self = shared_from_this()](const boost::system::error_code&) {
                         if (self->phase_ == Phase::kClosed) return;
                         const TurnTimer turn(self->around_.metrics, self->around_.clock);
                         self->Run();
                       });
}

void Sessions::Session::Close() {
  if (phase_ == Phase::kClosed) return;
  const auto self = shared_from_this();
  phase_ = Phase::kClosed;
  if (descriptor_.is_open()) descriptor_.release();
  socket_ = UniqueFd();
  owner_.Remove(index);
  around_.connections.Remove();
}

Sessions::Sessions(SessionSurroundings surroundings, SessionLimits limits)
    : surroundings_(surroundings),
      limits_(limits),
      scratch_(std::make_unique<char[]>(kScratchBytes)) {}

Sessions::~Sessions() = default;

void Sessions::Add(UniqueFd socket, std::string peer) {
  const auto session =
      std::make_shared<Session>(*this, std::move(socket), std::move(peer), sessions_.size());
  sessions_.push_back(session);
  session->Run();
}

void Sessions::Remove(size_t index) {
  sessions_.back()->index = index;
  std::swap(sessions_[index], sessions_.back());
  sessions_.pop_back();
}

// Both go backwards: closing one moves the last into its place.
void Sessions::Sweep() {
  const base::MonoTime now = surroundings_.clock.Mono();
  for (size_t i = sessions_.size(); i-- > 0;) {
    if (sessions_[i]->due() <= now) sessions_[i]->Close();
  }
}

void Sessions::Drain() {
  draining_ = true;
  for (size_t i = sessions_.size(); i-- > 0;) {
    if (sessions_[i]->idle()) sessions_[i]->Close();
  }
}

void Sessions::CloseAll() {
  while (!sessions_.empty()) sessions_.back()->Close();
}

}  // namespace livetape::http
