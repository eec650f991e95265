#include "api/trade_updates/trade_sockets.h"

#include <gtest/gtest.h>

#include "api/trade_updates/testing.h"

namespace livetape::api::testing {
namespace {

using http::WebSocketId;

class TradeSocketsTest : public ::testing::Test {
 protected:
  WebSocketId Open() {
    const WebSocketId socket(++ids_);
    sockets_.OnOpened(socket);
    return socket;
  }
  // What it answers, without the line's end.
  std::string Say(WebSocketId socket, std::string_view text) {
    observer().OnText(socket, text);
    std::string answer = wire_.Take(socket);
    if (answer.ends_with('\n')) answer.pop_back();
    return answer;
  }
  WebSocketId Listening(std::string_view account) {
    const WebSocketId socket = Open();
    EXPECT_EQ(Say(socket, AuthenticateText(account)), kAuthorized);
    EXPECT_EQ(Say(socket, kListen), kListening);
    return socket;
  }
  void Commit(std::string_view account, std::string data, std::string_view kind = "orders") {
    const tape::RecordRef record = OrderRecord(++head_, account, std::move(data), kind);
    sockets_.Deliver(std::span(&record, 1));
  }
  http::WebSocketObserver& observer() { return sockets_; }

  FakeWebSockets wire_;
  KeysByName keys_;
  base::ManualClock clock_;
  uint64_t head_ = 0, ids_ = 0;
  std::string doors_;  // "+account" opened, "-account" closed
  TradeSockets sockets_{wire_,
                        keys_,
                        clock_,
                        {.open =
                             [this](const std::string& account) {
                               doors_ += "+" + account;
                               return head_;
                             },
                         .close = [this](const std::string& account) { doors_ += "-" + account; }}};
};

TEST_F(TradeSocketsTest, ListenerGetsItsAccountsUpdatesInOrder) {
  const WebSocketId socket = Listening("alice");
  Commit("alice", R"({"event":"new"})");
  Commit("bob", R"({"event":"new"})");
  Commit("alice", R"({"event":"fill"})", "fills");
  EXPECT_EQ(wire_.Take(socket),
            "{\"stream\":\"trade_updates\",\"data\":{\"event\":\"new\"}}\n"
            "{\"stream\":\"trade_updates\",\"data\":{\"event\":\"fill\"}}\n");
}

TEST_F(TradeSocketsTest, WhatWasCommittedBeforeListeningIsNotSent) {
  const WebSocketId first = Listening("alice");
  const tape::RecordRef late = OrderRecord(++head_, "alice", "{}");  // on its way to the loop
  const WebSocketId second = Listening("alice");
  sockets_.Deliver(std::span(&late, 1));
  EXPECT_NE(wire_.Take(first), "");
  EXPECT_EQ(wire_.Take(second), "");
  Commit("alice", "{}");
  EXPECT_NE(wire_.Take(second), "");
}

TEST_F(TradeSocketsTest, AuthenticatingAndListeningTwiceChangesNothing) {
  const WebSocketId socket = Listening("alice");
  Commit("alice", "{}");
  EXPECT_EQ(wire_.Take(socket), "{\"stream\":\"trade_updates\",\"data\":{}}\n");
  EXPECT_EQ(Say(socket, AuthenticateText("alice")), kAuthorized);
  EXPECT_EQ(Say(socket, kListen), kListening);
  Commit("alice", "{}");
  EXPECT_EQ(wire_.Take(socket), "{\"stream\":\"trade_updates\",\"data\":{}}\n");
  EXPECT_EQ(doors_, "+alice");
}

TEST_F(TradeSocketsTest, EmptyListEndsListening) {
  const WebSocketId socket = Listening("alice");
  EXPECT_EQ(Say(socket, R"({"action":"listen","data":{"streams":[]}})"),
            R"({"stream":"listening","data":{"streams":[]}})");
  Commit("alice", "{}");
  EXPECT_EQ(wire_.Take(socket), "");
  EXPECT_EQ(doors_, "+alice-alice");
  EXPECT_EQ(Say(socket, kListen), kListening);
  Commit("alice", "{}");
  EXPECT_NE(wire_.Take(socket), "");
}

TEST_F(TradeSocketsTest, UnknownStreamsAreLeftOutOfTheAnswer) {
  const WebSocketId socket = Open();
  Say(socket, AuthenticateText("alice"));
  EXPECT_EQ(Say(socket, R"({"action":"listen","data":{"streams":["account_updates","x"]}})"),
            R"({"stream":"listening","data":{"streams":[]}})");
}

TEST_F(TradeSocketsTest, WrongKeyIsToldAndClosed) {
  const WebSocketId socket = Open();
  EXPECT_EQ(
      Say(socket, AuthenticateText("alice", "wrong")),
      R"({"stream":"authorization","data":{"status":"unauthorized","action":"authenticate"}})");
  EXPECT_EQ(wire_.closed(socket), 1008U);
}

TEST_F(TradeSocketsTest, ListeningNeedsAKey) {
  const WebSocketId socket = Open();
  EXPECT_EQ(Say(socket, kListen),
            R"({"stream":"authorization","data":{"status":"unauthorized","action":"listen"}})");
  EXPECT_EQ(wire_.closed(socket), 0U);
  EXPECT_EQ(doors_, "");
}

TEST_F(TradeSocketsTest, OneConnectionIsForOneAccount) {
  const WebSocketId socket = Listening("alice");
  EXPECT_TRUE(Say(socket, AuthenticateText("bob")).contains("authenticated as another account"));
  Commit("bob", "{}");
  EXPECT_EQ(wire_.Take(socket), "");
}

TEST_F(TradeSocketsTest, WhoDoesNotAuthenticateIsClosed) {
  const WebSocketId idle = Open(), listener = Listening("alice");
  clock_.Advance(std::chrono::milliseconds(9'999));
  sockets_.Sweep();
  EXPECT_EQ(wire_.closed(idle), 0U);
  clock_.Advance(std::chrono::milliseconds(1));
  sockets_.Sweep();
  EXPECT_EQ(wire_.closed(idle), 1008U);
  EXPECT_EQ(wire_.closed(listener), 0U);
}

TEST_F(TradeSocketsTest, TenMessagesThatMeanNothingAreEnough) {
  const WebSocketId socket = Listening("alice");
  for (int i = 0; i < 9; ++i) {
    EXPECT_TRUE(Say(socket, "hello").starts_with(R"({"stream":"error","action":"error")"));
  }
  EXPECT_EQ(wire_.closed(socket), 0U);
  Say(socket, "hello");
  EXPECT_EQ(wire_.closed(socket), 1008U);
}

TEST_F(TradeSocketsTest, BinaryMessagesAreReadAlike) {
  const WebSocketId socket = Open();
  observer().OnBinary(socket, AuthenticateText("alice"));
  EXPECT_EQ(wire_.Take(socket), std::string(kAuthorized) + "\n");
}

TEST_F(TradeSocketsTest, ClosedSocketsAreForgotten) {
  const WebSocketId one = Listening("alice"), two = Listening("alice"), three = Open();
  for (const WebSocketId socket : {one, two, three}) observer().OnClosed(socket);
  EXPECT_EQ(doors_, "+alice+alice-alice-alice");
  EXPECT_EQ(sockets_.size(), 0U);
  Commit("alice", "{}");
  EXPECT_EQ(wire_.Take(one), "");
}

TEST_F(TradeSocketsTest, ListenersThatMissedRecordsAreClosed) {
  const WebSocketId listener = Listening("alice"), other = Open();
  sockets_.CloseListeners();
  EXPECT_EQ(wire_.closed(listener), 1013U);
  EXPECT_EQ(wire_.closed(other), 0U);
}

TEST(AccountOfTopic, IsTheSecondSegment) {
  EXPECT_EQ(AccountOfTopic("paper/alice/orders"), "alice");
  EXPECT_EQ(AccountOfTopic("paper/alice"), "alice");
  EXPECT_EQ(AccountOfTopic("paper"), "");
  EXPECT_EQ(AccountOfTopic(""), "");
}

}  // namespace
}  // namespace livetape::api::testing
