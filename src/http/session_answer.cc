// Session: what its requests are answered with. Its bytes in and out are session.cc's.

#include <exception>
#include <utility>

#include "base/assert.h"
#include "http/session.h"
#include "http/unavailable.h"
#include "http/websocket_handshake.h"

namespace livetape::http {
void Session::Respond(Request request) {
  keep_alive_ = parser_->keep_alive();
  parser_.reset();
  const std::unique_ptr<BodySink> sink = std::move(sink_);
  ReleaseBody();
  request.peer = around_.proxies.ClientOf(peer_, request.headers);
  Answer answer = sink == nullptr ? around_.dispatcher.Dispatch(request, around_.loop)
                                  : around_.dispatcher.FinishBody(request, *sink);
  std::string key;
  if (std::holds_alternative<WebSocketStart>(answer.reply)) {
    auto checked = CheckUpgrade(request);
    if (checked) {
      key = *std::move(checked);
    } else {
      answer.reply = std::move(checked.error());
    }
  }
  exchange_ = ExchangeOf(std::move(request), exchange_.began);
  framing_ = {.minor_version = request.minor_version, .head_only = answer.head_only};
  fields_ = std::move(answer.fields);

  if (auto* const response = std::get_if<Response>(&answer.reply)) {
    Reply(std::move(*response));
  } else if (auto* const start = std::get_if<StreamStart>(&answer.reply)) {
    Reply(std::move(*start));
  } else if (auto* const websocket = std::get_if<WebSocketStart>(&answer.reply)) {
    OpenWebSocket(std::move(*websocket), std::move(key));
  } else {
    Defer(std::get<DeferredReply>(answer.reply));
  }
}

// The key of a request for a WebSocket that can be opened now, or what it is answered with instead.
std::expected<std::string, Response> Session::CheckUpgrade(const Request& request) const {
  if (shared_.draining) return std::unexpected(Unavailable("the server stops; try again"));
  if (inbox_.size() - inbox_at_ > WebSocketTable::kEarlyBytesMax) {
    return std::unexpected(Problem(400, "wait for the handshake's answer before you send more"));
  }
  return WebSocketKeyOf(request);
}

// A request that is not to be had in full: the connection is of no more use.
void Session::Refuse(unsigned status, std::string_view detail) {
  Refuse(status == 503 ? Unavailable(detail) : Problem(status, detail));
}

// A page of an allowed origin must be able to read why, and when to try again.
void Session::Refuse(Response response) {
  Headers fields = around_.dispatcher.FieldsOf(parser_->request());
  Refuse(Answer{.reply = std::move(response), .fields = std::move(fields)});
}

// `answer` has a Response.
void Session::Refuse(Answer answer) {
  const Request& request = parser_->request();
  exchange_ = ExchangeOf(request, exchange_.began);
  exchange_.peer = around_.proxies.ClientOf(peer_, request.headers);
  parser_.reset();
  ReleaseBody();
  keep_alive_ = false;
  framing_ = {};
  fields_ = std::move(answer.fields);
  Reply(std::get<Response>(std::move(answer.reply)));
}

void Session::Defer(const DeferredReply& deferred) {
  LT_ASSERT(deferred.begin != nullptr, "{} {}", exchange_.method, exchange_.path);
  phase_ = Phase::kWaiting;
  DueIn(shared_.limits.answer_timeout);
  const uint64_t request = request_;
  try {
    deferred.begin(Responder(weak_from_this(), request));
  } catch (const std::exception& error) {
    TakeAnswer(request, HandlerFailed(around_.log, exchange_.method, exchange_.path, error));
  }
}

void Session::TakeAnswer(uint64_t request, Responder::Answer answer) {
  if (phase_ != Phase::kWaiting || request != request_) return;
  Reply(std::move(answer));
  Run();
}

void Session::OnDue() {
  if (phase_ == Phase::kReading && paused_) {
    return Refuse(503, "the body could not be taken for too long; try again later");
  }
  if (phase_ == Phase::kQueued) return Refuse(503, "the server has too much to do; try again");
  if (phase_ != Phase::kWaiting) return Close();
  const auto patience =
      std::chrono::duration_cast<std::chrono::seconds>(shared_.limits.answer_timeout);
  around_.log.Warning("{} {} has had no answer for {} s; its client is told 503", exchange_.method,
                      exchange_.path, patience.count());
  TakeAnswer(request_, Unavailable("the answer took too long; whether the request has taken effect "
                                   "is not known"));
}

void Session::Reply(Responder::Answer answer) {
  ++request_;
  framing_.close = shared_.draining || !keep_alive_;
  framing_.date = shared_.date.At(around_.clock.Wall());
  if (auto* const response = std::get_if<Response>(&answer)) {
    const Response formed = around_.dispatcher.Formed(exchange_.path, std::move(*response));
    return Send(ResponseText(formed, fields_, framing_), formed.status);
  }
  const auto& start = std::get<StreamStart>(answer);
  if (!framing_.head_only) return OpenStream(start);
  // Its GET would end with the connection.
  std::string head = StreamHead(start.content_type, fields_, framing_);
  framing_.close = framing_.close || framing_.minor_version == 0;
  Send(std::move(head), 200);
}

void Session::Send(std::string text, unsigned status) {
  around_.metrics.CountRequest(status);
  outbox_ = std::move(text);
  sent_ = 0;
  status_ = status;
  phase_ = Phase::kAnswering;
  DueIn(shared_.limits.stall_timeout);
  Flush();
}

void Session::WriteLine() const {
  if (!around_.access_log.requests()) return;
  around_.access_log.WriteRequest(exchange_, status_, sent_, around_.clock.Mono());
}

}  // namespace livetape::http
