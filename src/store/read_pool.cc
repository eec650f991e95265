#include "store/read_pool.h"

#include <utility>

#include "base/assert.h"
#include "base/thread_name.h"

namespace livetape::store {

ReadPool::ReadPool(std::vector<Reader> readers, metrics::Registry& metrics)
    : readers_(std::move(readers)),
      refused_(metrics.AddCounter("livetape_store_queries_refused_total",
                                  "Queries that were refused because too many waited.")) {
  for (size_t i = 0; i < readers_.size(); ++i) {
    runs_.push_back(&metrics.AddCounter("livetape_store_queries_total", "Queries of the store."));
  }
}

void ReadPool::Start() {
  LT_ASSERT(threads_.empty() && !stopping_);
  for (size_t i = 0; i < readers_.size(); ++i) {
    threads_.emplace_back([this, i] {
      base::NameThread("store-reader");
      Run(readers_[i], *runs_[i]);
    });
  }
}

void ReadPool::Stop() {
  std::deque<Query> dropped;  // destroyed without the lock: a query's end may post
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool ReadPool::Post(Query query) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return false;
    if (waiting_.size() >= kWaitingMax) {
      refused_.Add();
      return false;
    }
    waiting_.push_back(std::move(query));
  }
  changed_.notify_one();
  return true;
}

void ReadPool::Run(Reader& reader, metrics::Counter& runs) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    Query query = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    query(reader);
    query = nullptr;
    runs.Add();
    lock.lock();
  }
}

}  // namespace livetape::store
