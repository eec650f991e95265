#include "http/idle_queue.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace livetape::http {

void IdleQueue::Put(std::function<void()> task) {
  tasks_.push_back(std::move(task));
  if (going_round_) return;
  going_round_ = true;
  last_run_ = clock_.Mono();
  turns_seen_ = metrics_.turns;
  boost::asio::post(io_, [this] { GoRound(); });
}

// Handlers run in the order in which they became ready, sockets are looked at once a round: when no
// turn has passed since the last time, there is nothing else to do.
void IdleQueue::GoRound() {
  const base::MonoTime now = clock_.Mono();
  if (metrics_.turns == turns_seen_ || now - last_run_ >= kPatience) {
    if (!tasks_.empty()) {
      const TurnTimer turn(metrics_, clock_);
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
    last_run_ = clock_.Mono();
  }
  turns_seen_ = metrics_.turns;
  going_round_ = !tasks_.empty();
  if (going_round_) boost::asio::post(io_, [this] { GoRound(); });
}

}  // namespace livetape::http
