#include "jobs/import/report_json.h"

#include <fmt/format.h>

#include <iterator>

#include "base/json_text.h"
#include "base/time_text.h"

namespace livetape::jobs {
namespace {

void AppendTime(std::string& out, const std::optional<base::WallTime>& time) {
  if (!time) {
    out += "null";
    return;
  }
  out += '"';
  base::AppendRfc3339(out, *time);
  out += '"';
}

void AppendReasons(std::string& out, const ImportReport& report) {
  out += '{';
  for (size_t i = 0; i < report.faults.size(); ++i) {
    if (report.faults[i] == 0) continue;
    if (out.back() != '{') out += ',';
    fmt::format_to(std::back_inserter(out), "\"{}\":{}", Name(static_cast<RowFault>(i)),
                   report.faults[i]);
  }
  out += '}';
}

void AppendBadRows(std::string& out, const ImportReport& report) {
  out += '[';
  for (const BadRow& row : report.listed) {
    if (out.back() != '[') out += ',';
    fmt::format_to(std::back_inserter(out), "{{\"line\":{},\"reason\":\"{}\",\"detail\":", row.line,
                   Name(row.fault));
    base::AppendJsonString(out, row.detail);
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string_view Name(ImportReport::Outcome outcome) {
  switch (outcome) {
    case ImportReport::Outcome::kCompleted:
      return "completed";
    case ImportReport::Outcome::kFailed:
      return "failed";
    case ImportReport::Outcome::kCancelled:
      break;
  }
  return "cancelled";
}

void AppendImportReport(std::string& out, const ImportReport& report) {
  fmt::format_to(std::back_inserter(out),
                 "\"status\":\"{}\",\"rows\":{},\"imported\":{},\"unsorted\":{},\"bad\":{},"
                 "\"bad_by_reason\":",
                 Name(report.outcome), report.read.rows, report.imported, report.unsorted,
                 report.bad());
  AppendReasons(out, report);
  out += ",\"bad_rows\":";
  AppendBadRows(out, report);
  fmt::format_to(std::back_inserter(out), ",\"symbols\":{},\"first\":", report.symbols);
  AppendTime(out, report.first);
  out += ",\"last\":";
  AppendTime(out, report.last);
  fmt::format_to(std::back_inserter(out), ",\"bytes\":{},\"error\":", report.read.bytes);
  if (report.outcome == ImportReport::Outcome::kFailed) {
    base::AppendJsonString(out, report.error);
  } else {
    out += "null";
  }
}

}  // namespace livetape::jobs
