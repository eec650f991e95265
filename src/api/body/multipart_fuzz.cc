// Any bytes as a form, whole and in pieces: both say the same, and the file is part of the form.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/body/multipart.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

struct Outcome {
  std::string file, name, error;
};

Outcome ReadForm(std::string_view form, std::string_view boundary, size_t step) {
  Multipart multipart(boundary);
  Outcome outcome;
  for (size_t at = 0; at < form.size(); at += step) {
    if (auto put = multipart.Put(form.substr(at, step), outcome.file); !put) {
      outcome.error = put.error().message;
      return outcome;
    }
  }
  if (auto finished = multipart.Finish(); !finished) outcome.error = finished.error().message;
  outcome.name = multipart.file_name();
  return outcome;
}

// The first line is the Content-Type.
void Check(std::string_view input) {
  const size_t line = std::min(input.find('\n'), input.size());
  const auto boundary = Multipart::BoundaryOf(input.substr(0, line));
  if (!boundary || !*boundary) return;
  const std::string_view form = input.substr(std::min(line + 1, input.size()));
  const Outcome whole = ReadForm(form, **boundary, form.size() + 1);
  LT_ASSERT(form.find(whole.file) != std::string_view::npos);
  for (const size_t step : {size_t{1}, size_t{3}, size_t{64}}) {
    const Outcome pieces = ReadForm(form, **boundary, step);
    // A fault may be found sooner in pieces, but then it is one either way.
    LT_ASSERT(pieces.error.empty() == whole.error.empty(), "{} / {}", pieces.error, whole.error);
    if (!whole.error.empty()) continue;
    LT_ASSERT(pieces.file == whole.file && pieces.name == whole.name, "step {}", step);
  }
}

}  // namespace
}  // namespace livetape::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  livetape::api::Check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
