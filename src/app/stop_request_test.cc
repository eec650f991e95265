#include "app/stop_request.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace livetape::app {
namespace {

// Each runs in a process of its own, because signals are the process's.
class StopRequestDeathTest : public testing::Test {
 protected:
  StopRequestDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  // As the kernel delivers it: to the process, not to this thread.
  static void Send(int signal) { kill(getpid(), signal); }
  // Signals are pending until somebody has taken them; the end of the request joins its taker.
  static void AwaitNonePending() {
    sigset_t pending;
    do {
      sigpending(&pending);
    } while (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
  }

  base::ManualClock clock_;
};

TEST_F(StopRequestDeathTest, TheFirstSignalIsNamed) {
  const auto stop = [this] {
    StopRequest request(clock_);
    Send(SIGINT);
    std::exit(request.Wait() == "SIGINT" ? 0 : 1);
  };
  EXPECT_EXIT(stop(), testing::ExitedWithCode(0), "");
}

TEST_F(StopRequestDeathTest, ATerminalThatGoesIsARequestUnlessThatIsIgnored) {
  const auto stop = [this] {
    StopRequest request(clock_);
    Send(SIGHUP);
    std::exit(request.Wait() == "SIGHUP" ? 0 : 1);
  };
  EXPECT_EXIT(stop(), testing::ExitedWithCode(0), "");
  const auto go_on = [this] {
    std::signal(SIGHUP, SIG_IGN);
    StopRequest request(clock_);
    Send(SIGHUP);  // of two that are pending the lower number is read first
    Send(SIGTERM);
    std::exit(request.Wait() == "SIGTERM" ? 0 : 1);
  };
  EXPECT_EXIT(go_on(), testing::ExitedWithCode(0), "");
}

TEST_F(StopRequestDeathTest, TheSameRequestSentTwiceIsOne) {
  const auto stop = [this] {
    {
      StopRequest request(clock_);
      Send(SIGTERM);
      request.Wait();
      request.LetSignalsKill();
      clock_.Advance(StopRequest::kSameRequest - std::chrono::milliseconds(1));
      Send(SIGTERM);
      AwaitNonePending();
    }
    std::exit(0);
  };
  EXPECT_EXIT(stop(), testing::ExitedWithCode(0), "");
}

TEST_F(StopRequestDeathTest, ASecondRequestEndsTheProcess) {
  const auto stop = [this] {
    StopRequest request(clock_);
    Send(SIGTERM);
    request.Wait();
    request.LetSignalsKill();
    clock_.Advance(StopRequest::kSameRequest);
    Send(SIGINT);
    for (;;) pause();
  };
  EXPECT_EXIT(stop(), testing::KilledBySignal(SIGINT), "");
}

TEST_F(StopRequestDeathTest, APartThatFailsNeedsNoSignal) {
  const auto stop = [this] {
    StopRequest request(clock_);
    request.Fail();
    std::exit(request.Wait().empty() && request.failed() ? 0 : 1);
  };
  EXPECT_EXIT(stop(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace livetape::app
