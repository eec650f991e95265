#include "store/read_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "store/testing.h"

namespace livetape::store {
namespace {

class ReadPoolTest : public StoreFixture {
 protected:
  void SetUp() override {
    std::vector<Reader> readers;
    for (int i = 0; i < 2; ++i) {
      auto opened = OpenToRead(file(), "");
      ASSERT_TRUE(opened) << opened.error().message;
      readers.emplace_back(*std::move(opened));
    }
    pool_.emplace(std::move(readers), metrics_);
  }
  // Keeps both threads busy until `release` is set.
  void Occupy(std::shared_future<void> release) {
    std::promise<void> first, second;
    ASSERT_TRUE(pool_->Post([&first, release](Reader&) {
      first.set_value();
      release.wait();
    }));
    ASSERT_TRUE(pool_->Post([&second, release](Reader&) {
      second.set_value();
      release.wait();
    }));
    first.get_future().wait();
    second.get_future().wait();
  }
  std::optional<ReadPool> pool_;
};

TEST_F(ReadPoolTest, TwoQueriesRunAtOnceAndTheOthersInTheirTurn) {
  pool_->Start();
  std::promise<void> release;
  Occupy(release.get_future().share());
  std::promise<int> third;
  ASSERT_TRUE(pool_->Post([&third](Reader&) { third.set_value(3); }));
  release.set_value();
  EXPECT_EQ(third.get_future().get(), 3);
}

TEST_F(ReadPoolTest, RefusesWhatWouldWaitBehind256) {
  pool_->Start();
  std::promise<void> release;
  Occupy(release.get_future().share());
  std::atomic<int> ran = 0;
  std::promise<void> last;
  for (size_t i = 1; i < ReadPool::kWaitingMax; ++i) {
    ASSERT_TRUE(pool_->Post([&ran](Reader&) { ++ran; }));
  }
  ASSERT_TRUE(pool_->Post([&last](Reader&) { last.set_value(); }));
  EXPECT_FALSE(pool_->Post([&ran](Reader&) { ++ran; }));
  EXPECT_NE(metrics_.Text().find("livetape_store_queries_refused_total 1"), std::string::npos);
  release.set_value();
  last.get_future().wait();
  pool_->Stop();
  EXPECT_EQ(ran, 255);
}

TEST_F(ReadPoolTest, StopDestroysWhatWaitsUnrun) {
  auto token = std::make_shared<int>(0);
  std::atomic<bool> ran = false;
  ASSERT_TRUE(pool_->Post([token, &ran](Reader&) { ran = true; }));
  EXPECT_EQ(token.use_count(), 2);
  pool_->Stop();
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_FALSE(ran);
  EXPECT_FALSE(pool_->Post([token](Reader&) {}));
  EXPECT_EQ(token.use_count(), 1);
}

TEST_F(ReadPoolTest, AQueryIsDestroyedWhenItHasRun) {
  pool_->Start();
  std::promise<void> destroyed;
  std::shared_ptr<int> token(new int(0), [&destroyed](int* value) {
    delete value;
    destroyed.set_value();
  });
  ASSERT_TRUE(pool_->Post([token = std::move(token)](Reader&) {}));
  destroyed.get_future().wait();
}

}  // namespace
}  // namespace livetape::store
