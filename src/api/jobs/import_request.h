#pragma once

// What is to be imported and how, as the query of POST /api/v1/imports says it and as the job keeps it
// (API section 10). Pure functions.

#include <expected>
#include <string>
#include <string_view>

#include "api/body/body_error.h"
#include "http/message.h"
#include "jobs/import/csv_import.h"

namespace livetape::api {

struct ImportRequest {
  jobs::ImportOptions options{};
  std::string file_name{};  // as the client calls it; empty: it has not said
};

// symbol, timeframe, format, asset_class, day, file_name. Errors name the parameter.
BodyResult<ImportRequest> ParseImportQuery(const http::Query& query);

// As a JSON object, and back.
std::string ImportRequestJson(const ImportRequest& request);
BodyResult<ImportRequest> ParseImportRequest(std::string_view json);

}  // namespace livetape::api
