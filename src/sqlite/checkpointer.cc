#include "sqlite/checkpointer.h"

#include <utility>

#include "base/assert.h"
#include "base/thread_name.h"

namespace livetape::sqlite {

Checkpointer::Checkpointer(std::filesystem::path path, std::string vfs,
                           std::function<void(const base::Error&)> failed)
    : path_(std::move(path)),
      vfs_(std::move(vfs)),
      failed_(std::move(failed)),
      thread_([this] { Run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Checkpointer::Request() {
  {
    const std::scoped_lock lock(mutex_);
    LT_ASSERT(!busy_);
    busy_ = true;
  }
  changed_.notify_all();
}

bool Checkpointer::busy() const {
  const std::scoped_lock lock(mutex_);
  return busy_;
}

void Checkpointer::WaitUntilIdle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_; });
}

uint64_t Checkpointer::copied_frames() const {
  const std::scoped_lock lock(mutex_);
  return copied_frames_;
}

void Checkpointer::Run() {
  base::NameThread("checkpointer");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return busy_ || stopping_; });
    if (stopping_) return;
    lock.unlock();
    const uint64_t copied = Pass();
    lock.lock();
    copied_frames_ = copied;
    busy_ = false;
    changed_.notify_all();
  }
}

uint64_t Checkpointer::Pass() {
  if (!database_) {
    auto opened = Database::Open(path_, OpenMode::kReadWrite, vfs_);
    if (!opened) {
      failed_(opened.error());
      return 0;
    }
    database_ = *std::move(opened);
  }
  const auto state = database_->Checkpoint();
  if (state) return state->copied_frames;
  failed_(state.error());
  return 0;
}

}  // namespace livetape::sqlite
