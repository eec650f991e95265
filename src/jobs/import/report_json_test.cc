#include "jobs/import/report_json.h"

#include <gtest/gtest.h>

namespace livetape::jobs {
namespace {

TEST(ImportReportJson, NamesReasonsAndRows) {
  ImportReport report;
  report.outcome = ImportReport::Outcome::kCompleted;
  report.read = {.bytes = 90, .rows = 5};
  report.imported = 3;
  report.faults[static_cast<size_t>(RowFault::kBadPrice)] = 2;
  report.listed.push_back({.line = 4, .fault = RowFault::kBadPrice, .detail = "\"-1\""});
  report.symbols = 1;
  report.first = report.last =
      base::WallTime(std::chrono::sys_days(std::chrono::year(2004) / 8 / 19));
  std::string out;
  AppendImportReport(out, report);
  EXPECT_EQ(out, R"("status":"completed","rows":5,"imported":3,"unsorted":0,"bad":2,)"
                 R"("bad_by_reason":{"bad_price":2},)"
                 R"("bad_rows":[{"line":4,"reason":"bad_price","detail":"\"-1\""}],"symbols":1,)"
                 R"("first":"2004-08-19T00:00:00.000000Z","last":"2004-08-19T00:00:00.000000Z",)"
                 R"("bytes":90,"error":null)");
}

TEST(ImportReportJson, OfAFailureSaysWhy) {
  ImportReport report;
  report.error = "there are no rows";
  std::string out;
  AppendImportReport(out, report);
  EXPECT_EQ(out,
            R"("status":"failed","rows":0,"imported":0,"unsorted":0,"bad":0,"bad_by_reason":{},)"
            R"("bad_rows":[],"symbols":0,"first":null,"last":null,"bytes":0,)"
            R"("error":"there are no rows")");
}

}  // namespace
}  // namespace livetape::jobs
