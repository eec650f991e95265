#include "api/publishing/published_state.h"

#include <gtest/gtest.h>

#include "hub/testing.h"

namespace livetape::api {
namespace {

StateChange Set(std::string topic, std::string data) {
  return {.key = std::make_shared<const hub::StateKey>(std::move(topic), "t"),
          .data = std::move(data)};
}
StateChange Delete(std::string topic) {
  return {.key = std::make_shared<const hub::StateKey>(std::move(topic), "t"),
          .data = "",
          .deleted = true};
}

class PublishedStateTest : public testing::Test {
 protected:
  using Changes = std::vector<StateChange>;

  bool Publish(const Changes& changes, uint64_t after_seq = 0) {
    const auto reserved = state_.Reserve(changes);
    if (!reserved) return false;
    state_.Apply(changes, *reserved, after_seq, {});
    while (shard_.DoWork()) {
    }
    return true;
  }
  bool Shows(std::string_view topic) const {
    const auto index = shard_.table().Find(hub::StateKey(std::string(topic), "t"));
    return index && shard_.table().value(*index);
  }

  base::ManualClock clock_;
  metrics::Registry metrics_;
  hub::testing::FakeLog log_;
  hub::testing::FakeSockets sockets_;
  hub::Shard shard_{{}, log_, sockets_, clock_, metrics_, [] {}};
  PublishedState state_{{&shard_}, metrics_, {.keys = 3, .bytes = 100}};
};

TEST_F(PublishedStateTest, ReachesTheShard) {
  EXPECT_TRUE(Publish({Set("a", "1")}));
  EXPECT_TRUE(Shows("a"));
}

TEST_F(PublishedStateTest, WaitsForTheRecordsBeforeIt) {
  EXPECT_TRUE(Publish({Set("a", "1")}, 1));
  EXPECT_FALSE(Shows("a"));
  log_.Append("x", "1");
  while (shard_.DoWork()) {
  }
  EXPECT_TRUE(Shows("a"));
}

TEST_F(PublishedStateTest, TooManyKeysAreRefusedAsAWhole) {
  EXPECT_TRUE(Publish({Set("a", "1"), Set("b", "1")}));
  EXPECT_FALSE(Publish({Set("c", "1"), Set("d", "1")}));
  EXPECT_FALSE(Shows("c"));
  EXPECT_TRUE(Publish({Set("c", "1"), Set("a", "2")})) << "the refused ones left no trace";
}

TEST_F(PublishedStateTest, TooManyBytesAreRefusedAsAWhole) {
  const std::string forty(40, '1'), sixty(60, '1');
  EXPECT_TRUE(Publish({Set("a", forty), Set("b", forty)}));
  EXPECT_FALSE(Publish({Set("a", "1"), Set("c", sixty)})) << "what goes counts when it has gone";
  EXPECT_FALSE(Publish({Set("a", sixty)}));
  EXPECT_TRUE(Publish({Set("a", forty)})) << "no longer than what it replaces";
  EXPECT_TRUE(Publish({Set("a", "1")}));
  EXPECT_TRUE(Publish({Set("a", "12"), Set("c", forty)}));
  EXPECT_TRUE(Publish({Delete("b"), Delete("c")}));
  EXPECT_TRUE(Publish({Set("b", forty), Set("c", forty)}));
  const std::vector<StateChange> changes = {Set("a", "1")};
  for (int i = 0; i < 50; ++i) {
    const auto reserved = state_.Reserve(changes);
    ASSERT_TRUE(reserved) << i;
    state_.Release(*reserved);
  }
}

TEST_F(PublishedStateTest, DeletedKeyMakesRoom) {
  EXPECT_TRUE(Publish({Set("a", "1"), Set("b", "1"), Set("c", "1")}));
  EXPECT_TRUE(Publish({Delete("a")}));
  EXPECT_FALSE(Shows("a"));
  EXPECT_TRUE(Publish({Set("d", "1")}));
  EXPECT_TRUE(Publish({Delete("d"), Set("d", "2")})) << "in one request, in order";
  EXPECT_TRUE(Shows("d"));
}

TEST_F(PublishedStateTest, DeletingWhatIsNotThereIsNothing) {
  EXPECT_TRUE(Publish({Delete("a")}));
  EXPECT_TRUE(Publish({Set("b", "1"), Set("c", "1"), Set("d", "1")}));
}

TEST_F(PublishedStateTest, ReleasedReservationLeavesNothing) {
  const Changes changes = {Set("a", "1"), Set("a", "2"), Set("b", "1")};
  const auto reserved = state_.Reserve(changes);
  ASSERT_TRUE(reserved);
  const Changes other = {Set("a", "3")};
  const auto other_reserved = state_.Reserve(other);
  ASSERT_TRUE(other_reserved);
  state_.Release(*reserved);
  state_.Apply(other, *other_reserved, 0, {});
  while (shard_.DoWork()) {
  }
  EXPECT_TRUE(Shows("a"));
  EXPECT_TRUE(Publish({Set("b", "1"), Set("c", "1")}));
  EXPECT_FALSE(Publish({Set("d", "1")}));
}

}  // namespace
}  // namespace livetape::api
