#include "http/idle_queue.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <string>

namespace livetape::http {
namespace {

namespace asio = boost::asio;

class IdleQueueTest : public testing::Test {
 protected:
  // Other work of the loop, `count` turns one after the other, each `time` long.
  void BeBusy(int count, std::chrono::milliseconds time) {
    if (count == 0) return;
    asio::post(io_, [this, count, time] {
      {
        const TurnTimer turn(metrics_, clock_);
        clock_.Advance(time);
        order_ += '.';
      }
      BeBusy(count - 1, time);
    });
  }
  void Put(char name) {
    queue_.Put([this, name] { order_ += name; });
  }

  asio::io_context io_{1};
  base::ManualClock clock_;
  metrics::Registry registry_;
  LoopMetrics metrics_{registry_};
  IdleQueue queue_{io_, clock_, metrics_};
  std::string order_;
};

TEST_F(IdleQueueTest, RunsInOrderWhenThereIsNothingElse) {
  Put('a');
  Put('b');
  EXPECT_EQ(order_, "") << "not from inside the call";
  io_.run();
  EXPECT_EQ(order_, "ab");
}

TEST_F(IdleQueueTest, GivesWayToOtherWork) {
  BeBusy(5, std::chrono::milliseconds(1));
  Put('a');
  Put('b');
  io_.run();
  EXPECT_EQ(order_, ".....ab");
}

TEST_F(IdleQueueTest, ButNotForLongerThanItsPatience) {
  BeBusy(25, std::chrono::milliseconds(1));
  Put('a');
  Put('b');
  io_.run();
  EXPECT_EQ(order_, "..........a..........b.....");
}

TEST_F(IdleQueueTest, ATaskMayPutAnotherAndClearDropsWhatWaits) {
  queue_.Put([this] {
    Put('x');
    Put('y');
  });
  io_.run();
  EXPECT_EQ(order_, "xy");
  io_.restart();
  Put('z');
  queue_.Clear();
  io_.run();
  EXPECT_EQ(order_, "xy");
}

}  // namespace
}  // namespace livetape::http
