#pragma once

// Mailbox: work that other threads hand to one event loop, in order; many pieces in one wake-up.
//
// The tape answers a whole group of requests at once: the loop is woken once for all of them.
// Bounded by what waits for answers: each piece belongs to a request or a read under way.

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace livetape::api {

class Mailbox {
 public:
  using Piece = std::move_only_function<void()>;

  // `wake(task)` runs `task` on the loop; any thread may call it.
  explicit Mailbox(std::function<void(std::function<void()>)> wake) : wake_(std::move(wake)) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Any thread.
  void Put(Piece piece) {
    {
      const std::scoped_lock lock(mutex_);
      pieces_.push_back(std::move(piece));
      if (pieces_.size() > 1) return;  // the loop is already called
    }
    wake_([this] { Run(); });
  }

 private:
  void Run() {
    {
      const std::scoped_lock lock(mutex_);
      running_.swap(pieces_);
    }
    for (Piece& piece : running_) piece();
    running_.clear();
  }

  const std::function<void(std::function<void()>)> wake_;
  std::mutex mutex_;
  std::vector<Piece> pieces_;
  std::vector<Piece> running_;  // the loop's
};

}  // namespace livetape::api
