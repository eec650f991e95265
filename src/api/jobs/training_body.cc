#include "api/jobs/training_body.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "api/body/json_objects.h"
#include "api/body/member_values.h"
#include "api/jobs/request_members.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "jobs/backtest/result_json.h"

namespace livetape::api {
namespace {

constexpr std::string_view kFields = "model, symbols, from, to, timeframe, rounds, params";

BodyResult<int64_t> RoundsOf(const JsonMember& member) {
  int64_t rounds = 0;
  const char* const end = member.json.data() + member.json.size();
  const auto read = std::from_chars(member.json.data(), end, rounds);
  if (member.kind != JsonKind::kNumber || read.ec != std::errc() || read.ptr != end) {
    return BadField("rounds", fmt::format("must be a whole number, got {}", member.json));
  }
  return rounds;
}

BodyResult<void> ReadParams(const JsonMember& member, jobs::TrainingRequest& request) {
  auto lists = ParamsOf(member);
  if (!lists) return std::unexpected(std::move(lists.error()));
  for (auto& [name, values] : *lists) {
    if (values.size() != 1) return BadField("params." + name, "must be one value");
    request.params.emplace(name, std::move(values.front()));
  }
  return {};
}

BodyResult<void> Read(const JsonMember& member, jobs::TrainingRequest& request) {
  if (member.name == "model") return Put(TextOf(member), request.model);
  if (member.name == "symbols") return Put(SymbolsOf(member), request.symbols);
  if (member.name == "from") return Put(RangeEndOf(member, false), request.range.from);
  if (member.name == "to") return Put(RangeEndOf(member, true), request.range.to);
  if (member.name == "timeframe") return Put(TimeframeOf(member), request.timeframe);
  if (member.name == "rounds") return Put(RoundsOf(member), request.rounds);
  if (member.name == "params") return ReadParams(member, request);
  return BadField(std::string(member.name), fmt::format("is unknown; there are {}", kFields));
}

}  // namespace

BodyResult<jobs::TrainingRequest> ParseTrainingBody(std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  jobs::TrainingRequest request;
  for (const JsonMember& member : object->members) {
    if (member.kind == JsonKind::kNull) continue;
    if (auto read = Read(member, request); !read) return std::unexpected(std::move(read.error()));
  }
  if (request.symbols.empty()) {
    return BadField("symbols", "is missing: a list of symbols whose bars are stored");
  }
  return request;
}

std::string TrainingRequestJson(const jobs::TrainingRequest& request) {
  std::string out = "{\"model\":";
  base::AppendJsonString(out, request.model);
  out += ",\"symbols\":[";
  for (const std::string& symbol : request.symbols) {
    if (out.back() != '[') out += ',';
    base::AppendJsonString(out, symbol);
  }
  out += ']';
  const auto append = [&out](std::string_view name, const std::optional<base::WallTime>& time) {
    if (time) out += fmt::format(",\"{}\":\"{}\"", name, base::FormatRfc3339(*time));
  };
  append("from", request.range.from);
  append("to", request.range.to);
  out += fmt::format(R"(,"timeframe":"{}","rounds":{},"params":)", Name(request.timeframe),
                     request.rounds);
  jobs::AppendParameters(out, request.params);
  return out + "}";
}

}  // namespace livetape::api
