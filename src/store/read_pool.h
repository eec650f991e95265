#pragma once

// ReadPool: the threads that run queries, each with a Reader of its own, so that a query never
// stands in the way of a write. Any thread posts; the owner starts and stops them.
//
// At most 256 queries wait; those that run do not count.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "metrics/registry.h"
#include "store/reader.h"

namespace livetape::store {

class ReadPool {
 public:
  using Query = std::move_only_function<void(Reader&)>;
  static constexpr size_t kWaitingMax = 256;

  // One thread for each of `readers`.
  ReadPool(std::vector<Reader> readers, metrics::Registry& metrics);
  ~ReadPool() { Stop(); }
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;

  // What was posted before waits for it.
  void Start();
  // Waits for the queries that run and drops those that wait, unrun. For good.
  void Stop();
  // Any thread. False: too many wait, or it has been stopped.
  bool Post(Query query);

 private:
  void Run(Reader& reader, metrics::Counter& runs);

  std::vector<Reader> readers_;
  std::vector<metrics::Counter*> runs_;  // of each thread
  metrics::Counter& refused_;            // under the mutex
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Query> waiting_;
  bool stopping_ = false;
};

}  // namespace livetape::store
