#pragma once

// The report of an import as JSON, for the command line and for GET /api/v1/imports/{id}. Pure.

#include <string>

#include "jobs/import/csv_import.h"

namespace livetape::jobs {

// "completed", "failed", "cancelled".
std::string_view Name(ImportReport::Outcome outcome);

// Appends the members of the report without braces: `"status":"completed","rows":..,"imported":..,
// "unsorted":..,"bad":..,"bad_by_reason":{"bad_price":2},"bad_rows":[{"line":3,"reason":"bad_price",
// "detail":".."}],"symbols":1,"first":"..","last":"..","bytes":..,"error":null}`. `first` and `last`
// are null without bars; only reasons that there are stand in `bad_by_reason`.
void AppendImportReport(std::string& out, const ImportReport& report);

}  // namespace livetape::jobs
