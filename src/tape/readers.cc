#include "tape/readers.h"

#include <utility>

#include "base/thread_name.h"

namespace livetape::tape {

ReaderMetrics::ReaderMetrics(metrics::Registry& metrics)
    : fetches(metrics.AddCounter("livetape_tape_fetches_total",
                                 "Reads of records that are no longer in memory.")),
      fetched_records(metrics.AddCounter("livetape_tape_fetched_records_total",
                                         "Records that those reads gave.")),
      unreadable(metrics.AddCounter("livetape_tape_unreadable_total",
                                    "Reads that failed on the disk or on damage.")) {}

Readers::Readers(const BlockLog& blocks, size_t threads, metrics::Registry& metrics, base::Log& log)
    : blocks_(blocks), log_(log) {
  for (size_t i = 0; i < threads; ++i) metrics_.emplace_back(metrics);
}

void Readers::Start() {
  for (ReaderMetrics& metrics : metrics_) threads_.emplace_back([this, &metrics] { Run(metrics); });
}

void Readers::Stop() {
  std::deque<Task> dropped;  // destroyed without the lock: a task's end may post
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    dropped.swap(tasks_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Readers::Post(Task task) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void Readers::Run(ReaderMetrics& metrics) {
  base::NameThread("tape-reader");
  std::unique_ptr<BlockReader> reader;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (stopping_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    if (!reader) {
      auto opened = blocks_.OpenReader();
      if (opened) reader = *std::move(opened);
      if (!opened) log_.Warning("old records cannot be read: {}", opened.error().message);
    }
    task(reader.get(), metrics);
    task = nullptr;
    lock.lock();
  }
}

}  // namespace livetape::tape
