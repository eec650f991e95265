#include "hub/sse.h"

#include <gtest/gtest.h>

namespace livetape::hub {
namespace {

std::string Event(std::string_view id, std::string_view event, std::string_view data) {
  std::string out;
  AppendEvent(out, id, event, data);
  return out;
}

TEST(Sse, FieldsInOrder) {
  EXPECT_EQ(Event("3f-7", "fill", "{}"), "id: 3f-7\nevent: fill\ndata: {}\n\n");
  EXPECT_EQ(Event("", "", "x"), "data: x\n\n");
  EXPECT_EQ(Event("", "", ""), "data: \n\n");
}

TEST(Sse, EveryLineBreakOfAPayloadBecomesADataLine) {
  EXPECT_EQ(Event("", "", "a\nb\rc\r\nd"), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(Event("", "", "a\n\n"), "data: a\ndata: \ndata: \n\n");
  EXPECT_EQ(Event("", "", "x\nid: 9\nevent: evil"), "data: x\ndata: id: 9\ndata: event: evil\n\n");
}

TEST(Sse, CommentAndRetry) {
  std::string out;
  AppendRetry(out, 2500);
  AppendComment(out, "hb");
  EXPECT_EQ(out, "retry: 2500\n\n: hb\n\n");
}

}  // namespace
}  // namespace livetape::hub
