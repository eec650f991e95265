#pragma once

// POST /api/v1/imports: a file of bars, whose body goes to the disk as it comes and is imported by a
// job (API section 10, docs/import.md).

#include <filesystem>

#include "api/body/body_spool.h"
#include "api/jobs/job_backend.h"
#include "http/router.h"

namespace livetape::api {

// `uploads`: the folder, on the spool's disk, where files stay until their jobs are over. Both outlive
// the router.
void AddImports(http::Router& router, const JobBackend& backend, BodySpool& spool,
                const std::filesystem::path& uploads);

}  // namespace livetape::api
