#include "api/jobs/training_body.h"

#include <fmt/format.h>

#include <charconv>
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

BodyResult<uint32_t> RoundsOf(const JsonMember& member) {
  uint32_t rounds = 0;
  const char* const end = member.json.data() + member.json.size();
  const auto read = std::from_chars(member.json.data(), end, rounds);
  if (member.kind != JsonKind::kNumber || read.ec != std::errc() || read.ptr != end || rounds < 1 ||
      rounds > jobs::kRoundsMax) {
    return BadField("rounds", fmt::format("must be a whole number from 1 to {}, got {}",
                                          jobs::kRoundsMax, member.json));
  }
  return rounds;
}

BodyResult<void> ReadParams(const JsonMember& member, TrainingRequest& request) {
  auto lists = ParamsOf(member);
  if (!lists) return std::unexpected(std::move(lists.error()));
  for (auto& [name, values] : *lists) {
    if (values.size() != 1) return BadField("params." + name, "must be one value");
    request.params.emplace(name, std::move(values.front()));
  }
  const auto checked = jobs::CheckTrainingParameters(request.params);
  if (!checked) return BadField("params." + checked.error().field, checked.error().message);
  request.spec.parameters = *checked;
  return {};
}

BodyResult<void> Read(const JsonMember& member, TrainingRequest& request) {
  jobs::TrainingSpec& spec = request.spec;
  if (member.name == "model") {
    constexpr std::array<std::string_view, 1> kModels = {"direction"};
    const auto place = ChoiceOf(member, kModels);
    if (!place) return std::unexpected(place.error());
    return {};
  }
  if (member.name == "symbols") return Put(SymbolsOf(member), request.symbols);
  if (member.name == "from") return Put(RangeEndOf(member, false), spec.range.from);
  if (member.name == "to") return Put(RangeEndOf(member, true), spec.range.to);
  if (member.name == "timeframe") return Put(TimeframeOf(member), spec.timeframe);
  if (member.name == "rounds") return Put(RoundsOf(member), spec.rounds);
  if (member.name == "params") return ReadParams(member, request);
  return BadField(std::string(member.name), fmt::format("is unknown; there are {}", kFields));
}

}  // namespace

BodyResult<TrainingRequest> ParseTrainingBody(std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  TrainingRequest request;
  for (const JsonMember& member : object->members) {
    if (member.kind == JsonKind::kNull) continue;
    if (auto read = Read(member, request); !read) return std::unexpected(std::move(read.error()));
  }
  if (request.symbols.empty()) {
    return BadField("symbols", "is missing: a list of symbols whose bars are stored");
  }
  const jobs::TimeRange& range = request.spec.range;
  if (range.from && range.to && *range.from > *range.to) {
    return BadField("from",
                    fmt::format("must not be after to: {} is after {}",
                                base::FormatRfc3339(*range.from), base::FormatRfc3339(*range.to)));
  }
  return request;
}

std::string TrainingRequestJson(const TrainingRequest& request) {
  const jobs::TrainingSpec& spec = request.spec;
  std::string out = "{\"model\":\"direction\",\"symbols\":[";
  for (const std::string& symbol : request.symbols) {
    if (out.back() != '[') out += ',';
    base::AppendJsonString(out, symbol);
  }
  out += ']';
  if (spec.range.from)
    out += fmt::format(",\"from\":\"{}\"", base::FormatRfc3339(*spec.range.from));
  if (spec.range.to) out += fmt::format(",\"to\":\"{}\"", base::FormatRfc3339(*spec.range.to));
  out +=
      fmt::format(R"(,"timeframe":"{}","rounds":{},"params":)", Name(spec.timeframe), spec.rounds);
  jobs::AppendParameters(out, request.params);
  return out + "}";
}

}  // namespace livetape::api
