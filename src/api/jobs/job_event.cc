#include "api/jobs/job_event.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "api/body/json_objects.h"
#include "api/channels/channel_event.h"
#include "api/events/event_body.h"
#include "base/json_text.h"

namespace livetape::api {
namespace {

using model::Job;
using model::JobKind;
using model::JobState;

constexpr std::array<std::string_view, 3> kIdFields = {"backtest_id", "task_id", "import_id"};
constexpr std::array<std::string_view, 3> kTopics = {"jobs/backtest", "jobs/training",
                                                     "jobs/import"};
constexpr std::array<std::string_view, 3> kTypes = {"backtest_progress", "training_progress",
                                                    "import_progress"};

// A run that has just begun has not come anywhere yet.
std::string_view StatusOf(const Job& job) {
  return job.state == JobState::kRunning && job.progress == 0 && job.message.empty()
             ? "started"
             : Name(job.state);
}

void AppendMember(std::string& out, std::string_view name, std::string_view text) {
  out += fmt::format(",\"{}\":", name);
  base::AppendJsonString(out, text);
}

// A member of a JSON object, empty if it is not there. The object is the server's own.
std::string MemberOf(JsonObjectReader& reader, std::string_view object, std::string_view name) {
  const auto read = reader.ReadOne(object);
  if (!read) return "";
  const JsonMember* const member = read->Find(name);
  return member == nullptr ? "" : std::string(member->json);
}

// The import's own user is told, as of any import (API section 5).
std::vector<tape::NewRecord> ImportEvents(const Job& job) {
  if (job.owner.empty()) return {};
  JsonObjectReader reader;
  std::string file = MemberOf(reader, job.request, "file_name");
  std::string format = MemberOf(reader, job.request, "format");
  if (file.empty()) file = "\"\"";
  if (format.empty() || format == "\"auto\"") format = "\"csv\"";
  std::string type, data = "{\"file_name\":" + file;
  switch (job.state) {
    case JobState::kQueued:
      return {};
    case JobState::kRunning:
      if (StatusOf(job) == "started") {
        type = "import.started";
        data += ",\"file_format\":" + format;
      } else {
        type = "import.progress";
        data += fmt::format(",\"progress_percent\":{:.1f},\"records_processed\":{}", job.progress,
                            job.records);
      }
      break;
    case JobState::kCompleted:
      type = "import.completed";
      data += fmt::format(",\"account_count\":0,\"transaction_count\":{}", job.records);
      break;
    case JobState::kFailed:
    case JobState::kCancelled:
      type = "import.failed";
      AppendMember(data, "reason", job.message);
      break;
  }
  return {{.topic = UserTopic(job.owner, "import"),
           .type = std::move(type),
           .data = data + "}",
           .kind = tape::RecordKind::kUserEvent}};
}

}  // namespace

std::string_view IdField(JobKind kind) { return kIdFields[static_cast<size_t>(kind)]; }
std::string_view TopicOf(JobKind kind) { return kTopics[static_cast<size_t>(kind)]; }

std::vector<tape::NewRecord> JobRecords(const Job& job, std::string_view members) {
  std::string data =
      fmt::format(R"({{"{}":"{}","progress":{},"status":"{}","message":)", IdField(job.kind),
                  job.id, std::round(job.progress * 100) / 100, StatusOf(job));
  base::AppendJsonString(data, job.message);
  if (!members.empty() && data.size() + members.size() + 2 <= kChannelDataBytesMax) {
    data += ',';
    data += members;
  }
  data += '}';
  std::vector<tape::NewRecord> records;
  if (job.kind == JobKind::kImport) records = ImportEvents(job);
  records.push_back({.topic = fmt::format("{}/{}", TopicOf(job.kind), job.id),
                     .type = std::string(kTypes[static_cast<size_t>(job.kind)]),
                     .data = std::move(data),
                     .kind = tape::RecordKind::kJob});
  return records;
}

}  // namespace livetape::api
