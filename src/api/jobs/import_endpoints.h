#pragma once

// Imports over HTTP (API section 10): a file of bars becomes a job.

#include <filesystem>
#include <string>

#include "api/body/body_spool.h"
#include "api/jobs/job_backend.h"
#include "http/router.h"

namespace livetape::api {

// The file of a job whose body has come, until it is done. `folder`: of such files.
std::filesystem::path ImportFile(const std::filesystem::path& folder, const std::string& id);

// Backend and spool outlive the router; `folder` is there, on the spool's file system.
void AddImports(http::Router& router, const JobBackend& backend, BodySpool& spool,
                std::filesystem::path folder);

}  // namespace livetape::api
