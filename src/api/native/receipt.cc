#include "api/native/receipt.h"

#include <fmt/format.h>

#include <iterator>

namespace livetape::api {

void Receipt::Add(bool has_id) {
  // Runs of ids stand at even places, the first of all.
  if (runs.empty()) runs.push_back(0);
  if ((runs.size() % 2 == 1) != has_id) runs.push_back(0);
  ++runs.back();
}

uint64_t Receipt::records() const {
  uint64_t count = 0;
  for (size_t i = 0; i < runs.size(); i += 2) count += runs[i];
  return count;
}

std::string Receipt::Json() const {
  std::string out = form == Form::kId ? "{\"id\":" : "{\"ids\":[";
  uint64_t seq = first_seq;
  bool separate = false;
  for (size_t run = 0; run < runs.size(); ++run) {
    for (uint32_t i = 0; i < runs[run]; ++i) {
      if (separate) out += ',';
      separate = true;
      if (run % 2 == 1) {
        out += "null";
      } else {
        fmt::format_to(std::back_inserter(out), "\"{}-{}\"", epoch, seq++);
      }
    }
  }
  out += form == Form::kId ? "}" : "]}";
  return out;
}

}  // namespace livetape::api
