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
#include <vector>

#include "base/log.h"
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
  // Gets a reader, or null if the log could not be opened.
  using Task = std::move_only_function<void(BlockReader*, ReaderMetrics&)>;

  Readers(const BlockLog& blocks, size_t threads, metrics::Registry& metrics, base::Log& log);
  ~Readers() { Stop(); }
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  void Start();
  // Waits for the tasks under way and drops the others.
  void Stop();
  // Any thread. After Stop the task is dropped.
  void Post(Task task);

 private:
  void Run(ReaderMetrics& metrics);

  const BlockLog& blocks_;
  base::Log& log_;
  std::vector<ReaderMetrics> metrics_;  // of each thread
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
};

}  // namespace livetape::tape
