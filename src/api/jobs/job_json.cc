#include "api/jobs/job_json.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "api/body/json_objects.h"
#include "api/jobs/job_event.h"
#include "base/json_text.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

constexpr std::array<std::string_view, 3> kFigures = {"results", "metrics", "report"};

void AppendTime(std::string& out, std::string_view name,
                const std::optional<base::WallTime>& time) {
  out += fmt::format(",\"{}\":", name);
  out += time ? fmt::format("\"{}\"", base::FormatRfc3339(*time)) : "null";
}

// The members of a JSON object: what is between its braces. The object is the server's own.
std::string_view Inside(std::string_view object) {
  return object.size() <= 2 ? "" : object.substr(1, object.size() - 2);
}

}  // namespace

std::string_view FiguresField(model::JobKind kind) { return kFigures[static_cast<size_t>(kind)]; }

std::string JobStanding(const model::Job& job) {
  return fmt::format(R"({{"{}":"{}","status":"{}"}})", IdField(job.kind), job.id, Name(job.state));
}

std::string JobJson(const model::Job& job, bool full) {
  std::string out = fmt::format(
      R"({{"{}":"{}","status":"{}","progress":{},"records":{},"message":)", IdField(job.kind),
      job.id, Name(job.state), std::round(job.progress * 100) / 100, job.records);
  base::AppendJsonString(out, job.message);
  AppendTime(out, "created_at", job.created);
  AppendTime(out, "started_at", job.started);
  AppendTime(out, "ended_at", job.ended);
  out += ",\"request\":" + (job.request.empty() ? std::string("{}") : job.request);
  if (job.result.empty()) {
    out += fmt::format(",\"{}\":null", FiguresField(job.kind));
  } else if (full) {
    out += ',';
    out += Inside(job.result);
  } else {
    JsonObjectReader reader;
    const auto object = reader.ReadOne(job.result);
    const JsonMember* const figures = object ? object->Find(FiguresField(job.kind)) : nullptr;
    out += fmt::format(",\"{}\":{}", FiguresField(job.kind),
                       figures == nullptr ? "null" : figures->json);
  }
  return out + "}";
}

}  // namespace livetape::api
