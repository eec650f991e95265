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

base::Result<std::unique_ptr<Readers>> Readers::Open(const BlockLog& blocks, size_t threads,
                                                     metrics::Registry& metrics) {
  std::vector<Source> sources;
  for (size_t i = 0; i < threads; ++i) {
    auto reader = blocks.OpenReader();
    if (!reader) return std::unexpected(reader.error());
    sources.push_back({*std::move(reader), ReaderMetrics(metrics)});
  }
  return std::unique_ptr<Readers>(new Readers(std::move(sources)));
}

void Readers::Start() {
  for (Source& source : sources_) threads_.emplace_back([this, &source] { Run(source); });
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
  sources_.clear();
}

void Readers::Post(Task task) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void Readers::Run(Source& source) {
  base::NameThread("tape-reader");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (stopping_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task(*source.reader, source.metrics);
    task = nullptr;
    lock.lock();
  }
}

}  // namespace livetape::tape
