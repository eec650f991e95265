// Fuzz target: HTTP heads and bodies, whole and in pieces.
//
// The first byte chooses the size of the pieces, as a connection would bring them. However they
// come, the parser must end in the same state with the same request: what depends on pieces is how
// requests are smuggled.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "http/request_parser.h"

namespace livetape::http {
namespace {

using Progress = RequestParser::Progress;

constexpr RequestParser::Limits kLimits{.head_bytes = 1000, .body_bytes = 200};
constexpr size_t kLargeBodyBytes = 800;

// What became of some bytes: the first request in them, and how many it took.
struct Outcome {
  Progress progress = Progress::kHead;
  unsigned status = 0;
  size_t taken = 0;
  std::optional<Request> request;
  bool keep_alive = false;
};

Outcome Feed(std::string_view bytes, size_t step) {
  const RequestParser::BodyLimit limit_of = [](const Request& head) -> size_t {
    return head.path == "/large" ? kLargeBodyBytes : 0;
  };
  RequestParser parser(kLimits, &limit_of);
  Outcome outcome;
  std::string inbox;
  const auto under_way = [&] {
    return parser.progress() == Progress::kHead || parser.progress() == Progress::kBody;
  };
  while (!bytes.empty() && under_way()) {
    inbox += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    const size_t taken = parser.Put(inbox);
    LT_ASSERT(taken <= inbox.size(), "{} of {}", taken, inbox.size());
    outcome.taken += taken;
    inbox.erase(0, taken);
    // A connection holds no more than a head's worth of what the parser leaves.
    if (under_way()) LT_ASSERT(inbox.size() <= kLimits.head_bytes, "{} left", inbox.size());
  }
  outcome.progress = parser.progress();
  if (outcome.progress == Progress::kRefused) {
    outcome.status = parser.refusal_status();
    LT_ASSERT(!parser.refusal_detail().empty());
  }
  if (outcome.progress == Progress::kDone) {
    outcome.keep_alive = parser.keep_alive();
    outcome.request = parser.Take();
  }
  return outcome;
}

void CheckRefusal(unsigned status) {
  LT_ASSERT((status >= 400 && status < 500) || status == 501, "{}", status);
}

void CheckRequest(const Request& request) {
  LT_ASSERT(!request.method.empty());
  LT_ASSERT(request.path.starts_with('/') || request.path == "*", "{}", request.path);
  LT_ASSERT(request.path.find_first_of("?\r\n ") == std::string::npos, "{}", request.path);
  LT_ASSERT(request.minor_version == 0 || request.headers.Find("Host"));
  LT_ASSERT(request.body.size() <=
            (request.path == "/large" ? kLargeBodyBytes : kLimits.body_bytes));
  for (const auto& [name, value] : request.headers.fields()) {
    LT_ASSERT(!name.empty());
    LT_ASSERT(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "{}", value);
  }
}

// What is not complete may be refused sooner or later; what is complete is the same for all.
void CheckAlike(const Outcome& whole, const Outcome& pieces) {
  if (!whole.request && !pieces.request) return;
  LT_ASSERT(whole.progress == pieces.progress, "{} {}, status {} {}",
            static_cast<int>(whole.progress), static_cast<int>(pieces.progress), whole.status,
            pieces.status);
  LT_ASSERT(whole.taken == pieces.taken, "{} {}", whole.taken, pieces.taken);
  LT_ASSERT(whole.keep_alive == pieces.keep_alive);
  LT_ASSERT(whole.request->method == pieces.request->method);
  LT_ASSERT(whole.request->path == pieces.request->path);
  LT_ASSERT(whole.request->body == pieces.request->body);
  LT_ASSERT(whole.request->headers.fields() == pieces.request->headers.fields());
}

}  // namespace
}  // namespace livetape::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace livetape::http;
  if (size < 2) return 0;
  const size_t step = size_t{data[0]} + 1;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome pieces = Feed(bytes, step);
  if (pieces.progress == Progress::kRefused) CheckRefusal(pieces.status);
  if (pieces.request) CheckRequest(*pieces.request);
  CheckAlike(Feed(bytes, 400), pieces);
  return 0;
}
