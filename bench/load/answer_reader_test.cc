#include "load/answer_reader.h"

#include <gtest/gtest.h>

namespace livetape::bench {
namespace {

constexpr std::string_view kAcknowledged =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n"
    R"({"ids":["beb75727-1"]})";

constexpr std::string_view kIds = R"({"ids":[)";

TEST(AnswerReader, AcknowledgesIds) {
  AnswerReader reader;
  EXPECT_EQ(reader.Take(kAcknowledged), true);
  EXPECT_TRUE(reader.Acknowledges(kIds));
}

TEST(AnswerReader, TakesAnAnswerInAnyPiecesAndThenTheNext) {
  AnswerReader reader;
  for (size_t cut = 1; cut < kAcknowledged.size(); ++cut) {
    EXPECT_EQ(reader.Take(kAcknowledged.substr(0, cut)), false) << cut;
    EXPECT_EQ(reader.Take(kAcknowledged.substr(cut)), true) << cut;
    EXPECT_TRUE(reader.Acknowledges(kIds)) << cut;
    reader.Reset();
  }
}

TEST(AnswerReader, ARefusalIsComplete) {
  AnswerReader reader;
  EXPECT_EQ(reader.Take("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nfull"), true);
  EXPECT_FALSE(reader.Acknowledges(kIds));
  EXPECT_EQ(reader.status(), 503);
  EXPECT_EQ(reader.body_start(), "full");
}

TEST(AnswerReader, A200WithoutIdsDoesNotAcknowledge) {
  AnswerReader reader;
  EXPECT_EQ(reader.Take("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), true);
  EXPECT_FALSE(reader.Acknowledges(kIds));
}

TEST(AnswerReader, BusyIsA503ThatSaysWhenToComeAgain) {
  AnswerReader reader;
  EXPECT_EQ(reader.Take("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"), true);
  EXPECT_TRUE(reader.busy());
  reader.Reset();
  EXPECT_EQ(reader.Take("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"), true);
  EXPECT_FALSE(reader.busy());
}

TEST(AnswerReader, AnyStatusOfSuccessMayAcknowledge) {
  AnswerReader reader;
  EXPECT_EQ(reader.Take("HTTP/1.1 201 Created\r\nContent-Length: 6\r\n\r\nqueued"), true);
  EXPECT_TRUE(reader.Acknowledges(""));
  EXPECT_FALSE(reader.Acknowledges(kIds));
}

TEST(AnswerReader, AnEmptyBodyEndsWithTheHead) {
  AnswerReader reader;
  EXPECT_EQ(reader.Take("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), true);
}

TEST(AnswerReader, WhatIsNoAnswerIsSaid) {
  EXPECT_FALSE(AnswerReader().Take("SSH-2.0\r\n\r\n").has_value());
  EXPECT_FALSE(AnswerReader().Take("HTTP/1.1 200 OK\r\n\r\n").has_value());
  EXPECT_FALSE(AnswerReader().Take("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab").has_value());
  EXPECT_FALSE(AnswerReader().Take(std::string(17 * 1024, 'x')).has_value());
}

}  // namespace
}  // namespace livetape::bench
