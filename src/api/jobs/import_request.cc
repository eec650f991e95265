#include "api/jobs/import_request.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <functional>
#include <optional>

#include "api/body/json_objects.h"
#include "base/json_text.h"
#include "jobs/import/lean_name.h"

namespace livetape::api {
namespace {

constexpr size_t kFileNameBytesMax = 255;

// The value of a field by its name; nothing: it is not given.
using FieldText = std::function<std::optional<std::string>(std::string_view name)>;

BodyResult<ImportRequest> Read(const FieldText& field) {
  ImportRequest request;
  jobs::ImportOptions& options = request.options;
  if (auto symbol = field("symbol")) options.symbol = *std::move(symbol);
  if (const auto text = field("timeframe")) {
    const auto timeframe = model::ParseTimeframe(*text);
    if (!timeframe) {
      return BadField("timeframe", fmt::format("must be 1s, 1m, 5m, 15m, 1h or 1d, got {}", *text));
    }
    options.timeframe = *timeframe;
  }
  if (const auto text = field("format")) {
    const auto format = jobs::ParseCsvFormat(*text);
    if (!format) {
      return BadField("format", fmt::format("must be auto, csv or lean, got {}", *text));
    }
    options.format = *format;
  }
  if (const auto text = field("asset_class")) {
    if (*text == Name(model::AssetClass::kCrypto)) {
      options.asset_class = model::AssetClass::kCrypto;
    } else if (*text != Name(model::AssetClass::kUsEquity)) {
      return BadField("asset_class", fmt::format("must be us_equity or crypto, got {}", *text));
    }
  }
  if (const auto text = field("day")) {
    options.day = jobs::ParseDay(*text);
    if (!options.day) {
      return BadField("day", fmt::format("must be a day such as 2013-10-07, got {}", *text));
    }
  }
  if (auto name = field("file_name")) request.file_name = name->substr(0, kFileNameBytesMax);
  return request;
}

}  // namespace

BodyResult<ImportRequest> ParseImportQuery(const http::Query& query) {
  return Read([&query](std::string_view name) -> std::optional<std::string> {
    const auto value = query.Find(name);
    if (!value || value->empty()) return std::nullopt;
    return std::string(*value);
  });
}

std::string ImportRequestJson(const ImportRequest& request) {
  const jobs::ImportOptions& options = request.options;
  std::string out = "{\"file_name\":";
  base::AppendJsonString(out, request.file_name);
  if (!options.symbol.empty()) {
    out += ",\"symbol\":";
    base::AppendJsonString(out, options.symbol);
  }
  out += fmt::format(R"(,"timeframe":"{}","format":"{}","asset_class":"{}")",
                     Name(options.timeframe), Name(options.format), Name(options.asset_class));
  if (options.day) {
    const std::chrono::year_month_day day(*options.day);
    out += fmt::format(R"(,"day":"{:04}-{:02}-{:02}")", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  }
  return out + "}";
}

BodyResult<ImportRequest> ParseImportRequest(std::string_view json) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(json);
  if (!object) return std::unexpected(object.error());
  return Read([&object](std::string_view name) -> std::optional<std::string> {
    const JsonMember* const member = object->Find(name);
    if (member == nullptr || member->kind != JsonKind::kString) return std::nullopt;
    return std::string(member->text);
  });
}

}  // namespace livetape::api
