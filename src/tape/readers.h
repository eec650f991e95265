#pragma once

// Readers: the threads that read blocks from disk, each with a connection of its own, so that a
// replay never stands in the way of a commit. Any thread posts; the owner starts and stops them.
//
// The queue is bounded by those who post: streams that are behind and requests in flight.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "metrics/registry.h"
#include "tape/block_log.h"

namespace livetape::tape {

// What one reader thread counts.
struct ReaderMetrics {
  explicit ReaderMetrics(metrics::Registry& metrics);
  metrics::Counter &fetches, &fetched_records, &unreadable;
};

class Readers {
 public:
  using Task = std::move_only_function<void(BlockReader&, ReaderMetrics&)>;

  // Opens so many connections, which stay: a lack of descriptors or memory later on is none of a
  // replay's.
  static base::Result<std::unique_ptr<Readers>> Open(const BlockLog& blocks, size_t threads,
                                                     metrics::Registry& metrics);
  ~Readers() { Stop(); }
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  void Start();
  // Waits for the tasks under way, drops the others and closes the connections.
  void Stop();
  // Any thread. After Stop the task is dropped.
  void Post(Task task);

 private:
  struct Source {
    std::unique_ptr<BlockReader> reader;
    ReaderMetrics metrics;
  };

  explicit Readers(std::vector<Source> sources) : sources_(std::move(sources)) {}
  void Run(Source& source);

  std::vector<Source> sources_;  // one for each thread
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
};

}  // namespace livetape::tape
