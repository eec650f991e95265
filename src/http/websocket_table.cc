#include "http/websocket_table.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <exception>
#include <utility>
#include <vector>

#include "base/utf8.h"

namespace livetape::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using beast::error_code;
using namespace std::chrono_literals;

constexpr auto kHandshakeTimeout = 10s;
constexpr auto kCloseTimeout = 5s;          // for the peer's close frame, after ours
constexpr auto kCloseTimeoutDrain = 500ms;  // the same while the server stops
constexpr size_t kInputKeptBytes = 4096;
constexpr size_t kReasonBytesMax = 123;

// The request that Beast answers: what matters of the one that was read, and what came behind it.
std::string HandshakeText(std::string_view key, std::string_view early_bytes) {
  std::string text =
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
  text += key;
  text += "\r\n\r\n";
  text += early_bytes;
  return text;
}

asio::ip::tcp ProtocolOf(int fd) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  const bool known = ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  return known && address.ss_family == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4();
}

// RFC 6455, sections 5.2 and 5.5.1: a whole frame of less than 126 bytes, not masked.
std::string CloseFrame(CloseCode code, std::string_view reason) {
  reason = reason.substr(0, kReasonBytesMax);
  const auto number = static_cast<uint16_t>(code);
  std::string frame = {'\x88', static_cast<char>(2 + reason.size()), static_cast<char>(number >> 8),
                       static_cast<char>(number & 0xff)};
  return frame.append(reason);
}

// Why reading has ended, in a word for the access log.
std::string_view EndWord(const error_code& error) {
  if (error == websocket::error::message_too_big) return "too-big";
  if (error == beast::error::timeout) return "silent";
  const bool broken_rule = error.category() == make_error_code(websocket::error::closed).category();
  return broken_rule && error != websocket::error::closed ? "protocol" : "left";
}

}  // namespace

class WebSocketTable::Socket : public std::enable_shared_from_this<Socket> {
 public:
  Socket(WebSocketTable& table, WebSocketId id, WebSocketStart start, Exchange exchange)
      : table_(table),
        around_(table.around_),
        id_(id),
        start_(std::move(start)),
        exchange_(std::move(exchange)),
        stream_(Tcp(around_.io)) {}

  WebSocketId id() const { return id_; }
  void Begin(UniqueFd socket, std::string_view key, Headers fields, std::string_view early_bytes);
  void Send(const base::SharedBytes& message, WebSocketKind kind);
  void Close(CloseCode code, std::string_view reason, base::MonoTime::duration timeout);
  void DropIfOverdue(base::MonoTime now);
  // Without telling the observer.
  void Cut() {
    opened_ = false;
    Finish("stopped");
  }

 private:
  using Tcp = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
  struct Outgoing {
    base::SharedBytes bytes;
    WebSocketKind kind = WebSocketKind::kText;
  };

  void SetOptions(Headers fields);
  void OnAccepted(const error_code& error);
  void Read();
  void OnRead(const error_code& error);
  void Deliver();
  template <typename Task>
  void Guarded(Task task);
  void Write();
  void OnWritten(const error_code& error);
  void SendClose();
  void Finish(std::string_view end);

  WebSocketTable& table_;
  const Surroundings& around_;
  const WebSocketId id_;
  WebSocketStart start_;
  const Exchange exchange_;
  websocket::stream<Tcp, false> stream_;
  beast::flat_buffer input_;

  std::deque<Outgoing> outbox_;
  size_t outbox_bytes_ = 0;
  bool writing_ = false;          // the first of outbox_
  base::MonoTime writing_since_;  // that one

  bool opened_ = false;      // the observer knows it
  bool closing_ = false;     // by Close
  bool close_sent_ = false;  // or under way
  bool gone_ = false;
  std::string close_frame_;
  base::MonoTime close_by_;
  std::string_view end_;  // why it is coming to its end; the first cause counts
  uint64_t messages_ = 0, bytes_ = 0;
};

void WebSocketTable::Socket::Begin(UniqueFd socket, std::string_view key, Headers fields,
                                   std::string_view early_bytes) {
  error_code error;
  stream_.next_layer().assign(ProtocolOf(socket.get()), socket.get(), error);
  if (error) return Finish("left");
  socket.Release();
  SetOptions(std::move(fields));
  const std::string text = HandshakeText(key, early_bytes);
  stream_.async_accept(
      asio::buffer(text),  // copied at once
      [self = shared_from_this()](const error_code& failed) { self->OnAccepted(failed); });
}

void WebSocketTable::Socket::SetOptions(Headers fields) {
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = kHandshakeTimeout;
  timeouts.idle_timeout = 2 * table_.timeouts_.ping;  // half of it, then a ping
  timeouts.keep_alive_pings = true;
  stream_.set_option(timeouts);
  stream_.set_option(websocket::stream_base::decorator(
      [added = std::move(fields)](websocket::response_type& response) {
        for (const auto& [name, value] : added.fields()) response.insert(name, value);
      }));
  stream_.read_message_max(kWebSocketMessageBytesMax);
  stream_.auto_fragment(false);
  // The peer's answer to our close frame; Beast, which does not know of ours, would send another.
  stream_.control_callback([this](websocket::frame_type type, beast::string_view) {
    if (type == websocket::frame_type::close && close_sent_ && !gone_) Finish(end_);
  });
}

void WebSocketTable::Socket::OnAccepted(const error_code& error) {
  if (gone_) return;
  if (error) return Finish("left");
  const TurnTimer turn(around_.metrics, around_.clock);
  around_.metrics.websockets_opened.Add();
  opened_ = true;
  Guarded([this] {
    if (start_.opened) start_.opened(id_);
  });
  Read();
  const bool close_waits = closing_ && !close_sent_ && !writing_;
  if (close_waits) SendClose();
}

void WebSocketTable::Socket::Read() {
  stream_.async_read(input_, [self = shared_from_this()](const error_code& error, size_t) {
    self->OnRead(error);
  });
}

void WebSocketTable::Socket::OnRead(const error_code& error) {
  if (gone_) return;
  const TurnTimer turn(around_.metrics, around_.clock);
  if (error) {
    if (error == beast::error::timeout) around_.metrics.websockets_silent.Add();
    return Finish(EndWord(error));
  }
  around_.metrics.websocket_messages_in.Add();
  if (!closing_) Deliver();
  if (gone_) return;
  input_.consume(input_.size());
  if (input_.capacity() > kInputKeptBytes) input_ = beast::flat_buffer();
  Read();  // also behind our close frame, up to the peer's
}

void WebSocketTable::Socket::Deliver() {
  const auto bytes = input_.cdata();
  const std::string_view message(static_cast<const char*>(bytes.data()), bytes.size());
  // Beast does not look whether a text is cut inside of a character when its last fragment is empty.
  if (stream_.got_text() && !base::IsUtf8(message)) {
    end_ = "protocol";
    return Close(CloseCode::kBadPayload, "a text is UTF-8", kCloseTimeout);
  }
  Guarded([&] {
    if (stream_.got_text()) {
      start_.observer->OnText(id_, message);
    } else {
      start_.observer->OnBinary(id_, message);
    }
  });
}

// Calls out; what fails costs this socket, not the server.
template <typename Task>
void WebSocketTable::Socket::Guarded(Task task) {
  try {
    task();
  } catch (const std::exception& error) {
    around_.log.Error("WebSocket {} failed: {}", exchange_.path, error.what());
    Close(CloseCode::kInternalError, "the server failed; its log says why", kCloseTimeout);
  }
}

void WebSocketTable::Socket::Send(const base::SharedBytes& message, WebSocketKind kind) {
  if (closing_) return;
  if (outbox_bytes_ + message.size() > kWebSocketOutboxBytesMax) {
    around_.metrics.websockets_slow.Add();
    end_ = "slow";
    while (outbox_.size() > 1) {  // what will not be read need not wait
      outbox_bytes_ -= outbox_.back().bytes.size();
      outbox_.pop_back();
    }
    return Close(CloseCode::kTryAgainLater, "reading too slowly", kCloseTimeout);
  }
  outbox_bytes_ += message.size();
  outbox_.push_back({message, kind});
  if (!writing_) Write();
}

void WebSocketTable::Socket::Write() {
  const Outgoing& first = outbox_.front();
  writing_ = true;
  writing_since_ = around_.clock.Mono();
  stream_.text(first.kind == WebSocketKind::kText);
  const std::string_view bytes = first.bytes.view();
  stream_.async_write(
      asio::buffer(bytes.data(), bytes.size()),
      [self = shared_from_this()](const error_code& error, size_t) { self->OnWritten(error); });
}

void WebSocketTable::Socket::OnWritten(const error_code& error) {
  if (gone_) return;
  const TurnTimer turn(around_.metrics, around_.clock);
  writing_ = false;
  const size_t size = outbox_.front().bytes.size();
  outbox_.pop_front();
  outbox_bytes_ -= size;
  if (error) {
    // One that is aborted has no cause of its own: reading has, and ends too.
    if (error != asio::error::operation_aborted) Finish(EndWord(error));
    return;
  }
  ++messages_;
  bytes_ += size;
  around_.metrics.websocket_messages_out.Add();
  around_.metrics.websocket_bytes.Add(size);
  if (!outbox_.empty()) return Write();
  if (closing_) SendClose();
}

void WebSocketTable::Socket::Close(CloseCode code, std::string_view reason,
                                   base::MonoTime::duration timeout) {
  const base::MonoTime until = around_.clock.Mono() + timeout;
  close_by_ = closing_ ? std::min(close_by_, until) : until;
  if (std::exchange(closing_, true)) return;
  close_frame_ = CloseFrame(code, reason);
  if (end_.empty()) end_ = "ended";
  if (opened_ && !writing_) SendClose();
}

// Not by Beast's async_close, which reads as well: beside a read that is under way (1.81) the two take
// headers of each other's frames, which ends the process with an assertion, or wait for each other.
// Nothing else of ours is being written, and a pong or ping of Beast's is in the kernel, unless the peer
// takes nothing.
void WebSocketTable::Socket::SendClose() {
  close_sent_ = true;
  asio::async_write(stream_.next_layer(), asio::buffer(close_frame_),
                    [self = shared_from_this()](const error_code& error, size_t) {
                      if (error && !self->gone_) self->Finish(EndWord(error));
                    });
}

void WebSocketTable::Socket::DropIfOverdue(base::MonoTime now) {
  const bool overdue = closing_ && now >= close_by_;
  const bool stalled = writing_ && now - writing_since_ >= table_.timeouts_.stall;
  if (stalled && end_.empty()) around_.metrics.websockets_stalled.Add();
  if (stalled || overdue) Finish("stalled");
}

// The last of it; `end` if no cause is known yet.
void WebSocketTable::Socket::Finish(std::string_view end) {
  const auto self = shared_from_this();
  gone_ = true;
  error_code ignored;
  stream_.next_layer().close(ignored);  // what is under way comes back with an error
  if (end_.empty()) end_ = end;
  if (around_.access_log.streams()) {
    around_.access_log.WriteWebSocket(exchange_, messages_, bytes_, end_, around_.clock.Mono());
  }
  const bool tell = opened_;
  table_.Forget(id_);
  if (tell) start_.observer->OnClosed(id_);
}

WebSocketTable::WebSocketTable(const Surroundings& around, Timeouts timeouts)
    : around_(around), timeouts_(timeouts) {}

WebSocketTable::~WebSocketTable() = default;

void WebSocketTable::Open(Arrival arrival, WebSocketStart start) {
  const WebSocketId id(++ids_);
  const auto socket =
      std::make_shared<Socket>(*this, id, std::move(start), std::move(arrival.exchange));
  sockets_.emplace(id, socket);
  around_.metrics.websockets_open.Set(static_cast<int64_t>(sockets_.size()));
  socket->Begin(std::move(arrival.socket), arrival.key, std::move(arrival.fields),
                arrival.early_bytes);
}

WebSocketTable::Socket* WebSocketTable::Find(WebSocketId socket) const {
  const auto at = sockets_.find(socket);
  return at == sockets_.end() ? nullptr : at->second.get();
}

void WebSocketTable::Forget(WebSocketId socket) {
  sockets_.erase(socket);
  around_.metrics.websockets_open.Set(static_cast<int64_t>(sockets_.size()));
  around_.connections.Remove();
}

void WebSocketTable::Send(WebSocketId socket, const base::SharedBytes& message,
                          WebSocketKind kind) {
  if (Socket* const found = Find(socket)) found->Send(message, kind);
}

void WebSocketTable::Close(WebSocketId socket, CloseCode code, std::string_view reason) {
  if (Socket* const found = Find(socket)) found->Close(code, reason, kCloseTimeout);
}

void WebSocketTable::Sweep() {
  if (sockets_.empty()) return;
  const base::MonoTime now = around_.clock.Mono();
  std::vector<std::shared_ptr<Socket>> all;
  all.reserve(sockets_.size());
  for (const auto& [id, socket] : sockets_) all.push_back(socket);
  for (const auto& socket : all) {
    if (Find(socket->id()) != nullptr) socket->DropIfOverdue(now);
  }
}

void WebSocketTable::Drain() {
  for (const auto& [id, socket] : sockets_) {
    socket->Close(CloseCode::kGoingAway, "the server stops", kCloseTimeoutDrain);
  }
}

void WebSocketTable::CloseAll() {
  while (!sockets_.empty()) {
    const auto socket = sockets_.begin()->second;
    socket->Cut();
  }
}

}  // namespace livetape::http
