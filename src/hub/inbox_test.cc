#include "hub/inbox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace livetape::hub {
namespace {

TEST(Inbox, ThatNeverEmptiesHoldsOneUpdatePerKeyAndLetsMarkersPass) {
  Inbox inbox(4);
  std::vector<std::shared_ptr<const StateKey>> keys;
  for (int i = 0; i < 10; ++i) keys.push_back(std::make_shared<StateKey>(std::to_string(i), "q"));
  uint64_t version = 0, markers = 0;
  for (uint64_t round = 0; round < 1000; ++round) {
    for (const auto& key : keys) {
      inbox.Put({key, base::SharedBytes::Copy("v"), ++version, 0, false});
    }
    inbox.Mark({round});
    ASSERT_LE(inbox.waiting(), keys.size());
    for (int i = 0; i < 4; ++i) {
      const auto item = inbox.Pop();
      if (item && std::holds_alternative<WindowMarker>(*item)) ++markers;
    }
  }
  EXPECT_GT(markers, 100u);
}

TEST(Inbox, FullMergesAtTheWriterAndKeepsTheNewest) {
  Inbox inbox(2);
  const auto a = std::make_shared<StateKey>("a", "q"), b = std::make_shared<StateKey>("b", "q");
  const auto put = [&](const auto& key, std::string_view value, bool minor = false) {
    static uint64_t version = 0;
    inbox.Put({key, base::SharedBytes::Copy(value), ++version, 0, minor});
  };
  const auto pop = [&] {
    const auto item = inbox.Pop();
    return item ? std::string(std::get<StateUpdate>(*item).value.view()) : "-";
  };
  put(a, "1");
  put(b, "2");
  put(a, "3");
  put(b, "4");
  put(a, "5", true);
  EXPECT_EQ(inbox.merged(), 1u);
  inbox.Mark({7});
  EXPECT_EQ(pop(), "1");
  EXPECT_EQ(pop(), "2");
  const auto item = inbox.Pop();
  ASSERT_TRUE(item);
  EXPECT_EQ(std::get<StateUpdate>(*item).value.view(), "5");
  EXPECT_FALSE(std::get<StateUpdate>(*item).minor) << "a major update was merged into it";
  put(a, "6");  // behind what still waits
  EXPECT_EQ(pop(), "4");
  EXPECT_EQ(std::get<WindowMarker>(*inbox.Pop()).tick, 7u);
  EXPECT_EQ(pop(), "6");
  EXPECT_EQ(pop(), "-");
  put(a, "7");
  EXPECT_EQ(pop(), "7") << "nothing waits any more";
}

TEST(Inbox, WhatWaitsArrivesThoughTheWriterNeverComesAgain) {
  Inbox inbox(2);
  for (int i = 0; i < 10; ++i) {
    inbox.Put({std::make_shared<StateKey>(std::to_string(i), "q"), base::SharedBytes::Copy("v"),
               static_cast<uint64_t>(i) + 1});
  }
  int arrived = 0;
  while (inbox.Pop()) ++arrived;
  EXPECT_EQ(arrived, 10);
}

TEST(Inbox, KeepsTheOrderOfEachKeyBetweenTwoThreads) {
  Inbox inbox(8);
  constexpr uint64_t kRounds = 20'000;
  std::vector<std::shared_ptr<const StateKey>> keys;
  for (int i = 0; i < 5; ++i) keys.push_back(std::make_shared<StateKey>(std::to_string(i), "q"));
  std::thread writer([&] {
    for (uint64_t version = 1; version <= kRounds; ++version) {
      for (const auto& key : keys) inbox.Put({key, base::SharedBytes::Copy("v"), version});
      if (version % 10 == 0) inbox.Mark({version});
    }
  });
  std::map<std::string, uint64_t> newest;
  uint64_t tick = 0;
  while (newest.size() < keys.size() || tick < kRounds ||
         std::ranges::any_of(newest, [](const auto& one) { return one.second < kRounds; })) {
    const auto item = inbox.Pop();
    if (!item) continue;
    if (const auto* marker = std::get_if<WindowMarker>(&*item)) {
      ASSERT_GT(marker->tick, tick);
      tick = marker->tick;
      continue;
    }
    const auto& update = std::get<StateUpdate>(*item);
    ASSERT_GT(update.version, newest[update.key->topic]);
    newest[update.key->topic] = update.version;
  }
  writer.join();
}

TEST(Inbox, FullMergesByWhatAKeySaysNotByItsObject) {
  Inbox inbox(1);
  const auto put = [&](uint64_t version, std::string_view value) {
    inbox.Put({std::make_shared<StateKey>("a", "q"), base::SharedBytes::Copy(value), version});
  };
  put(1, "1");
  for (uint64_t i = 2; i < 100; ++i) put(i, std::to_string(i));
  EXPECT_EQ(inbox.waiting(), 1u);
  EXPECT_TRUE(inbox.Pop());
  EXPECT_EQ(std::get<StateUpdate>(*inbox.Pop()).value.view(), "99");
}

}  // namespace
}  // namespace livetape::hub
