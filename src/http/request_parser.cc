#include "http/request_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <limits>

#include "base/assert.h"
#include "http/field_text.h"

namespace livetape::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using beast::string_view;

// The shortest rest of any chunked body, "0\r\n\r\n". Beast's parser asserts, wrongly, that no
// fewer bytes are there when it is called a second time at the last chunk; while fewer have come,
// the body cannot be complete, so nothing is lost by waiting.
constexpr size_t kLastChunkBytes = 5;

// A chunk's size and line ends, without an extension: no client needs more.
constexpr uint64_t kChunkHeadBytes = 16;

std::string_view Std(string_view text) { return {text.data(), text.size()}; }

}  // namespace

// Receives Beast's findings. The first refusal holds.
class RequestParser::Grammar final : public beast::http::basic_parser<true> {
 public:
  Grammar(Limits limits, const BodyLimit* body_limit_of)
      : limits_(limits), body_limit_of_(body_limit_of) {
    // Beast's own head limit forgets what it has consumed; Put() counts instead. Its limit of the
    // body is asked for before the head is known to us.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
  }

  size_t Put(std::string_view bytes);

  Progress progress = Progress::kHead;
  unsigned refusal_status = 0;
  std::string refusal_detail;
  bool expects_continue = false;
  Request request;

 private:
  void Refuse(unsigned status, std::string detail);
  void RefuseFor(error_code error);
  void CheckHeadSize(size_t taken, std::string_view bytes);
  void CheckFraming(size_t taken);
  void CheckChunkHead(size_t bytes);
  void ReadTarget(std::string_view target);
  void CheckHead();
  void CheckLength();
  void RefuseBody();

  void on_request_impl(beast::http::verb, string_view method, string_view target, int version,
                       error_code&) override {
    request.method = method;
    request.minor_version = version == 10 ? 0 : 1;
    line_bytes_ = method.size() + target.size() + std::string_view("  HTTP/1.1\r\n").size();
    ReadTarget(Std(target));
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast::http::field field, string_view name, string_view value,
                     error_code&) override {
    if (progress != Progress::kHead) return;  // trailers are not merged into the head
    if (field == beast::http::field::host) ++hosts_;
    if (field == beast::http::field::transfer_encoding) ++transfer_encodings_;
    request.headers.Add(std::string(name), std::string(value));
  }
  void on_header_impl(error_code&) override {
    CheckHead();
    if (progress != Progress::kRefused) CheckLength();
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override {
    data_bytes_ += body.size();
    if (progress != Progress::kRefused) request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t size, string_view, error_code&) override {
    ++chunks_;
    if (size > limits_.body_bytes - request.body.size()) RefuseBody();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(error_code&) override {}

  Limits limits_;  // body_bytes: from the end of the head on, this request's
  const BodyLimit* const body_limit_of_;
  size_t head_bytes_ = 0;
  size_t line_bytes_ = 0;  // of the request line, once it has been read
  // Of a chunked body so far, whatever ClearBody has forgotten.
  uint64_t chunks_ = 0;
  uint64_t data_bytes_ = 0;
  uint64_t framing_bytes_ = 0;  // all but data
  int hosts_ = 0;
  int transfer_encodings_ = 0;
};

size_t RequestParser::Grammar::Put(std::string_view bytes) {
  LT_ASSERT(progress == Progress::kHead || progress == Progress::kBody);
  size_t taken = 0;
  error_code error;
  while (taken < bytes.size() && progress != Progress::kRefused && progress != Progress::kDone) {
    const size_t left = bytes.size() - taken;
    if (progress == Progress::kBody && chunked() && left < kLastChunkBytes) break;
    const uint64_t data_before = data_bytes_;
    const size_t step = put(boost::asio::const_buffer(bytes.data() + taken, left), error);
    taken += step;
    if (progress == Progress::kBody && chunked()) CheckFraming(step - (data_bytes_ - data_before));
    const bool needs_more = error == beast::http::error::need_more;
    if (error && !needs_more) RefuseFor(error);
    if (progress == Progress::kHead) CheckHeadSize(step, bytes.substr(taken));
    if (needs_more || progress == Progress::kRefused) break;
    if (is_header_done()) progress = Progress::kBody;
    if (is_done()) progress = Progress::kDone;
  }
  // What is left of a body is the start of a chunk's head, or trailers.
  if (progress == Progress::kBody) CheckChunkHead(bytes.size() - taken);
  return taken;
}

// `bytes` of one, or of the last and the trailers: all of it or, where the rest has not come yet, its
// start, so that it makes no difference in what pieces it comes.
void RequestParser::Grammar::CheckChunkHead(size_t bytes) {
  if (bytes <= limits_.head_bytes) return;
  Refuse(431, fmt::format("the head of a chunk, or the trailers, are over {} bytes",
                          limits_.head_bytes));
}

// Extensions of chunks count as no body: without this a body of a few bytes could come in as many
// gigabytes as somebody cares to send.
void RequestParser::Grammar::CheckFraming(size_t taken) {
  CheckChunkHead(taken);
  framing_bytes_ += taken;
  if (framing_bytes_ <= limits_.head_bytes + kChunkHeadBytes * chunks_ + data_bytes_) return;
  Refuse(431, fmt::format("the heads of the chunks, or the trailers, are over {} bytes more than "
                          "their data needs",
                          limits_.head_bytes));
}

void RequestParser::Grammar::CheckHeadSize(size_t taken, std::string_view rest) {
  head_bytes_ += taken;
  const size_t seen = head_bytes_ + (is_header_done() ? 0 : rest.size());
  if (seen <= limits_.head_bytes) return;
  // However the pieces were cut: one that is not read yet stands at the beginning of the rest.
  const size_t line = request.method.empty() ? rest.find('\n') : line_bytes_;
  if (line > limits_.head_bytes) {
    Refuse(414, fmt::format("the request line is over {} bytes", limits_.head_bytes));
  } else {
    Refuse(431, fmt::format("the request's head is over {} bytes", limits_.head_bytes));
  }
}

void RequestParser::Grammar::Refuse(unsigned status, std::string detail) {
  if (progress == Progress::kRefused) return;
  progress = Progress::kRefused;
  refusal_status = status;
  refusal_detail = std::move(detail);
}

void RequestParser::Grammar::RefuseFor(error_code error) {
  Refuse(400, fmt::format("not a valid HTTP/1.x request: {}", error.message()));
}

void RequestParser::Grammar::RefuseBody() {
  Refuse(413, fmt::format("the body is over {} bytes, the most that this path takes",
                          limits_.body_bytes));
}

// Chunks are counted as they come.
void RequestParser::Grammar::CheckLength() {
  const auto length = content_length();
  const bool has_body = chunked() || (length && *length > 0);
  if (!has_body) return;
  if (body_limit_of_ != nullptr) {
    if (const size_t bytes = (*body_limit_of_)(request); bytes > 0) limits_.body_bytes = bytes;
  }
  if (length && *length > limits_.body_bytes) RefuseBody();
}

// Origin form ("/path?query"), absolute form, whose authority stands for Host, or "*" (RFC 9112,
// section 3.2).
void RequestParser::Grammar::ReadTarget(std::string_view target) {
  constexpr std::string_view kScheme = "http://";
  if (target.size() > kScheme.size() &&
      EqualsIgnoringCase(target.substr(0, kScheme.size()), kScheme)) {
    target.remove_prefix(kScheme.size());
    const size_t path = std::min(target.find_first_of("/?"), target.size());
    request.headers.Add("Host", std::string(target.substr(0, path)));
    target.remove_prefix(path);
    if (!target.starts_with('/')) request.path = "/";
  } else if (!target.starts_with('/') && target != "*") {
    Refuse(400, "the request target must be a path that begins with /");
  }
  const size_t query = std::min(target.find('?'), target.size());
  request.path += target.substr(0, query);
  request.query = Query::Parse(target.substr(std::min(query + 1, target.size())));
}

// What Beast leaves to us: RFC 9112, sections 3.2 (Host), 6.1 and 6.3 (length of the body).
void RequestParser::Grammar::CheckHead() {
  if (hosts_ > 1) return Refuse(400, "more than one Host field");
  if (hosts_ == 0 && request.minor_version == 1) {
    return Refuse(400, "HTTP/1.1 needs a Host field");
  }
  if (transfer_encodings_ > 0) {
    const auto coding = request.headers.Find("Transfer-Encoding").value_or("");
    if (request.minor_version == 0) {
      return Refuse(400, "HTTP/1.0 knows no Transfer-Encoding");
    }
    if (request.headers.Find("Content-Length")) {
      return Refuse(400, "Content-Length and Transfer-Encoding exclude each other");
    }
    if (transfer_encodings_ > 1 || !EqualsIgnoringCase(coding, "chunked")) {
      return Refuse(501, "the only Transfer-Encoding understood is chunked");
    }
  }
  const auto expect = request.headers.Find("Expect");
  if (!expect || request.minor_version == 0) return;
  if (!EqualsIgnoringCase(*expect, "100-continue")) {
    return Refuse(417, "the only expectation understood is 100-continue");
  }
  expects_continue = true;
}

RequestParser::RequestParser(Limits limits, const BodyLimit* body_limit)
    : grammar_(std::make_unique<Grammar>(limits, body_limit)) {}
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;
RequestParser::~RequestParser() = default;

size_t RequestParser::Put(std::string_view bytes) { return grammar_->Put(bytes); }
RequestParser::Progress RequestParser::progress() const { return grammar_->progress; }
unsigned RequestParser::refusal_status() const { return grammar_->refusal_status; }
std::string_view RequestParser::refusal_detail() const { return grammar_->refusal_detail; }
bool RequestParser::expects_continue() const { return grammar_->expects_continue; }
bool RequestParser::keep_alive() const { return grammar_->keep_alive(); }

void RequestParser::ClearBody() { grammar_->request.body.clear(); }
const Request& RequestParser::request() const { return grammar_->request; }

Request RequestParser::Take() {
  LT_ASSERT(progress() == Progress::kDone);
  return std::move(grammar_->request);
}

}  // namespace livetape::http
