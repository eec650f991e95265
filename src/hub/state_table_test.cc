#include "hub/state_table.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "hub/index_set.h"

namespace livetape::hub {
namespace {

class StateTableTest : public ::testing::Test {
 protected:
  void Put(std::string_view topic, std::string_view value, bool minor = false) {
    table_.Apply({std::make_shared<StateKey>(std::string(topic), "q"),
                  base::SharedBytes::Copy(value), ++version_, 0, minor});
  }
  void Delete(std::string_view topic) {
    table_.Apply({std::make_shared<StateKey>(std::string(topic), "q"), {}, ++version_});
  }
  std::vector<std::string> Under(std::string_view prefix) const {
    std::vector<std::string> topics;
    table_.ForEachUnder(prefix, [&](auto index) { topics.push_back(table_.key(index).topic); });
    return topics;
  }
  // Topics in order of their last change after `since`.
  std::vector<std::string> Changed(uint64_t since, bool minor_too = true) const {
    std::vector<std::string> topics;
    for (const auto& change : table_.ChangesSince(since, minor_too)) {
      if (table_.Current(change, minor_too)) topics.push_back(table_.key(change.index).topic);
    }
    return topics;
  }

  using Topics = std::vector<std::string>;
  StateTable table_;
  uint64_t version_ = 0;
};

// Made for the hash of GCC's library, whose seed everybody knows: of such pairs one makes as many as one
// likes, and a table of them is a list.
TEST(StateKey, TextsThatWereMadeToCollideDoNot) {
  const std::string one = "Ujouiub44pzWQ4bP", other = "33HdoiEusYAjIW6z";
  ASSERT_EQ(std::hash<std::string_view>()(one), std::hash<std::string_view>()(other));
  EXPECT_NE(StateKey("t", "q", one).hash, StateKey("t", "q", other).hash);
  EXPECT_NE(StateKey(one, "q").hash, StateKey(other, "q").hash);
}

TEST_F(StateTableTest, ChangesComeInOrderEachKeyOnce) {
  Put("a", "1");
  Put("b", "1");
  Put("a", "2");
  Put("b", "2", true);
  EXPECT_EQ(Changed(0), (Topics{"a", "b"}));
  EXPECT_EQ(Changed(0, false), (Topics{"b", "a"}));
  EXPECT_EQ(Changed(3), (Topics{"b"}));
  EXPECT_EQ(Changed(4), Topics{});
}

TEST_F(StateTableTest, PrefixIsWholeSegments) {
  for (const auto* topic :
       {"user/4", "user/42", "user/42/a", "user/42/b/c", "user/42+", "user/421/x"}) {
    Put(topic, "v");
  }
  EXPECT_EQ(Under("user/42"), (Topics{"user/42", "user/42/a", "user/42/b/c"}));
  EXPECT_EQ(Under("").size(), 6u);
  EXPECT_EQ(Under("user/9"), Topics{});
}

TEST_F(StateTableTest, ListOfChangesStaysBoundedByTheKeys) {
  for (int i = 0; i < 100'000; ++i) Put(i % 2 == 0 ? "a" : "b", "v", i % 3 == 0);
  EXPECT_LE(table_.ChangesSince(0, true).size(), 2000u);
  EXPECT_LE(table_.ChangesSince(0, false).size(), 2000u);
  EXPECT_EQ(Changed(0), (Topics{"a", "b"}));
}

TEST_F(StateTableTest, ForgottenKeyGivesItsIndexToANewOne) {
  Put("a", "1");
  Delete("a");
  EXPECT_FALSE(table_.Find(StateKey("a", "q")));
  EXPECT_EQ(Changed(0), (Topics{"a"})) << "its tombstone";
  table_.ForgetOldestDeletion();
  EXPECT_EQ(Changed(0), Topics{});
  Put("b", "1");
  EXPECT_EQ(table_.Find(StateKey("b", "q")), 0u);
  EXPECT_EQ(Under(""), (Topics{"b"}));
}

TEST_F(StateTableTest, DeletionOfAKeyThatCameBackForgetsNothing) {
  Put("a", "1");
  Delete("a");
  Put("a", "2");
  EXPECT_EQ(table_.OldestDeletion().index, StateTable::kNone);
  table_.ForgetOldestDeletion();
  EXPECT_TRUE(table_.Find(StateKey("a", "q")));
  EXPECT_EQ(table_.keys(), 1u);
}

TEST_F(StateTableTest, RandomUseLooksLikeAMap) {
  base::Random random(7);
  std::map<std::string, std::string> model;
  for (int i = 0; i < 20'000; ++i) {
    const std::string topic = "t/" + std::to_string(random.Below(50));
    if (random.Below(3) == 0) {
      Delete(topic);
      model.erase(topic);
    } else {
      Put(topic, std::to_string(i));
      model[topic] = std::to_string(i);
    }
    while (table_.deletions() > 10) table_.ForgetOldestDeletion();
    ASSERT_EQ(table_.keys(), model.size());
  }
  for (const auto& [topic, value] : model) {
    const auto index = table_.Find(StateKey(std::string(topic), "q"));
    ASSERT_TRUE(index);
    EXPECT_EQ(table_.value(*index).view(), value);
  }
  EXPECT_LE(Under("").size(), model.size() + 10);
}

TEST(IndexSet, HoldsWhatWasPutIn) {
  IndexSet set;
  for (const uint32_t index : {5u, 1'000'000u, 4096u, 4095u, 0u}) EXPECT_TRUE(set.Insert(index));
  EXPECT_FALSE(set.Insert(5));
  EXPECT_TRUE(set.Erase(4096));
  EXPECT_FALSE(set.Erase(4096));
  EXPECT_FALSE(set.Contains(77'777'777));
  std::vector<uint32_t> all;
  set.ForEach([&](uint32_t index) { all.push_back(index); });
  EXPECT_EQ(all, (std::vector<uint32_t>{0, 5, 4095, 1'000'000}));
  EXPECT_EQ(set.size(), 4u);
}

}  // namespace
}  // namespace livetape::hub
