#include "load/event_splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace livetape::bench {
namespace {

std::vector<std::string> Split(std::string_view body, size_t piece) {
  EventSplitter splitter;
  std::vector<std::string> events;
  while (!body.empty()) {
    const auto fed = splitter.Feed(body.substr(0, piece),
                                   [&](std::string_view event) { events.emplace_back(event); });
    if (!fed) return {"error: " + fed.error().message};
    body.remove_prefix(std::min(piece, body.size()));
  }
  return events;
}

TEST(EventSplitter, EventsComeOutWholeHoweverTheyArrive) {
  const std::string_view body = ": hi\n\nid: 7\ndata: {\"a\":1}\n\ndata: x\n\nunfinished";
  const std::vector<std::string> expected = {": hi", "id: 7\ndata: {\"a\":1}", "data: x"};
  for (size_t piece = 1; piece <= body.size(); ++piece) {
    EXPECT_EQ(Split(body, piece), expected) << "pieces of " << piece;
  }
}

TEST(EventSplitter, EndlessEventIsAnError) {
  EXPECT_EQ(Split(std::string(2'000'000, 'x'), 65'536),
            std::vector<std::string>{"error: an event over 1 MiB"});
}

TEST(KindOf, OnlyEventsWithDataAreDeliveries) {
  EXPECT_EQ(KindOf("data: 1"), EventKind::kPayload);
  EXPECT_EQ(KindOf("id: 1:0\nevent: trade\ndata: 1"), EventKind::kPayload);
  EXPECT_EQ(KindOf(": hb"), EventKind::kNone);
  EXPECT_EQ(KindOf("retry: 2000"), EventKind::kNone);
}

TEST(KindOf, ControlEventsAreNotDeliveries) {
  EXPECT_EQ(KindOf("event: slow\ndata: {\"skipped\":3}"), EventKind::kSlow);
  EXPECT_EQ(KindOf("event: heartbeat\ndata: {}"), EventKind::kNone);
  EXPECT_EQ(KindOf("event:hello\ndata: {}"), EventKind::kNone);
}

}  // namespace
}  // namespace livetape::bench
