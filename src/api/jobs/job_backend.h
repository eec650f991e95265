#pragma once

// JobBackend: what the endpoints of jobs work with. All outlive them.

#include <functional>
#include <string>

#include "api/backend.h"
#include "http/router.h"
#include "jobs/job_pool.h"
#include "store/job_books.h"
#include "store/reader.h"

namespace livetape::api {

// Answers from what is kept of jobs. Thread-safe.
class JobReads {
 public:
  virtual ~JobReads() = default;
  // `query` runs on the thread of the books; 503 with Retry-After when too many wait.
  virtual http::Reply Read(size_t loop,
                           std::move_only_function<http::Response(store::JobBooks&)> query) = 0;
};

struct JobBackend {
  const Backend& server;
  jobs::JobPool& pool;
  JobReads& reads;
  // Runs a query on the store's readers; false when too many wait.
  std::function<bool(std::move_only_function<void(store::Reader&)>)> read_store;
  // Of a new job. Any thread.
  std::function<std::string()> new_id;
  std::function<Mailbox&(size_t loop)> mailbox;
};

}  // namespace livetape::api
