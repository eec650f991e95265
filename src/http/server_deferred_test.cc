// Answers that come later, over real sockets.

#include <gtest/gtest.h>

#include "http/testing_server.h"

namespace livetape::http::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kLater = "POST /later HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST(Deferred, AnswerComesWhenItIsSent) {
  RunningServer server;
  Client client(server.port());
  for (size_t i = 0; i < 3; ++i) {
    client.Send(kLater);
    server.Answer(server.Owed(i), "answer " + std::to_string(i));
    EXPECT_EQ(
        client.ReadAnswer(),
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
        "Content-Length: 8\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nVary: Origin\r\n\r\nanswer " +
            std::to_string(i));
  }
}

TEST(Deferred, MayBeAnsweredFromInsideAndOnlyOnce) {
  RunningServer server;
  Client client(server.port());
  std::string requests;
  for (int i = 100; i < 400; ++i) {
    requests += "POST /at-once HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n" +
                std::to_string(i);
  }
  client.Send(requests);
  for (int i = 100; i < 400; ++i) {
    const std::string answer = client.ReadAnswer();
    ASSERT_TRUE(answer.ends_with("\r\n\r\n" + std::to_string(i))) << answer;
  }
}

TEST(Deferred, PipelinedRequestsWaitForTheirTurn) {
  RunningServer server;
  Client client(server.port());
  client.Send(std::string(kLater) + std::string(kHello) + std::string(kLater));
  server.Answer(server.Owed(0), "first");
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\nfirst"));
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\nhello 127.0.0.1"));
  server.Answer(server.Owed(1), "third");
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\nthird"));
}

TEST(Deferred, OthersAreServedMeanwhile) {
  RunningServer server;
  Client waiting(server.port());
  waiting.Send(kLater);
  const Responder owed = server.Owed(0);
  EXPECT_EQ(StatusOf(Get(server.port(), "/hello")), 200U);
  server.Answer(owed, "at last");
  EXPECT_TRUE(waiting.ReadAnswer().ends_with("at last"));
}

TEST(Deferred, AnswerToAnEarlierRequestComesToNothing) {
  RunningServer server;
  Client client(server.port());
  client.Send(kLater);
  server.Answer(server.Owed(0), "first");
  client.ReadAnswer();
  client.Send(kLater);
  server.Owed(1);
  server.Answer(server.Owed(0), "first again");
  server.Answer(server.Owed(1), "second");
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\nsecond"));
}

TEST(Deferred, ClientThatHasGoneIsNoMatter) {
  RunningServer server;
  for (size_t i = 0; i < 4; ++i) {
    Client client(server.port());
    client.Send(kLater);
    const Responder owed = server.Owed(i);
    if (i % 2 == 0) client.Reset();
    if (i % 2 == 1) client.Close();
    server.Answer(owed, std::string(1'000'000, 'x'));
    server.Answer(owed, "again");
  }
  EXPECT_EQ(StatusOf(Get(server.port(), "/hello")), 200U);
}

TEST(Deferred, ResponderOutlivesTheServer) {
  std::optional<Responder> owed;
  {
    RunningServer server;
    Client client(server.port());
    client.Send(kLater);
    owed = server.Owed(0);
    server.server().Join(0ms);
  }
  owed->Send(Response());
}

TEST(Deferred, MayOpenAStream) {
  RunningServer server;
  Client client(server.port());
  client.Send("GET /later-stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const Responder owed = server.Owed(0);
  server.OnLoop([&](Streams&) {
    owed.Send(server.Opening("first"));
    owed.Send(server.Opening("again"));
    return 0;
  });
  EXPECT_TRUE(client.ReadThrough("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(client.ReadThrough("first\r\n"), "5\r\nfirst\r\n");
  server.Broadcast("second", server.Opened());
  EXPECT_EQ(client.ReadThrough("second\r\n"), "6\r\nsecond\r\n");
}

TEST(Deferred, HeadIsTheAnswerWithoutItsBody) {
  RunningServer server;
  Client client(server.port());
  client.Send("HEAD /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const Response refusal = Problem(404, "there is no such order");
  server.OnLoop([&, owed = server.Owed(0)](Streams&) {
    owed.Send(refusal);
    return 0;
  });
  const std::string answer = client.ReadAnswer(true);
  EXPECT_EQ(StatusOf(answer), 404U);
  EXPECT_TRUE(Has(answer, "Content-Type: application/problem+json"));
  EXPECT_TRUE(Has(answer, "Content-Length: " + std::to_string(refusal.body.size()))) << answer;
  client.Send(kLater);
  server.Answer(server.Owed(1), "the next one has its body");
  EXPECT_TRUE(client.ReadAnswer().ends_with("the next one has its body"));
}

TEST(Deferred, HeadOfAStreamIsAnsweredWithoutAsking) {
  RunningServer server;
  Client client(server.port());
  client.Send("HEAD /later-stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(Has(client.ReadAnswer(true), "Content-Type: text/event-stream; charset=utf-8"));
  client.Send(kLater);
  server.Answer(server.Owed(0), "the first one to be owed");
  EXPECT_TRUE(client.ReadAnswer().ends_with("the first one to be owed"));
}

TEST(Deferred, BeginningThatFailsIsOurFault) {
  RunningServer server;
  Client client(server.port());
  client.Send("POST /begin-throws HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(StatusOf(client.ReadAnswer()), 500U);
  EXPECT_NE(server.Logged("POST /begin-throws failed: no"), "");
  client.Send(kHello);
  EXPECT_EQ(StatusOf(client.ReadAnswer()), 200U);
}

TEST(Deferred, AnswerThatDoesNotComeIsGivenUp) {
  ServerOptions options;
  options.answer_timeout = 50ms;
  RunningServer server(options);
  Client client(server.port());
  client.Send(std::string(kLater) + std::string(kHello));
  const std::string answer = client.ReadAnswer();
  EXPECT_EQ(StatusOf(answer), 503U);
  EXPECT_TRUE(Has(answer, "Retry-After: 1"));
  EXPECT_NE(server.Logged("POST /later has had no answer for"), "");
  server.Answer(server.Owed(0), "too late");
  EXPECT_TRUE(client.ReadAnswer().ends_with("hello 127.0.0.1")) << "the connection lives on";
}

TEST(Deferred, IsFinishedWhenTheServerStops) {
  RunningServer server;
  Client client(server.port());
  client.Send(kLater);
  const Responder owed = server.Owed(0);
  server.server().StopAccepting();
  server.Answer(owed, "just in time");
  const std::string answer = client.ReadToEnd();
  EXPECT_TRUE(answer.ends_with("just in time"));
  EXPECT_TRUE(Has(answer, "Connection: close"));
  EXPECT_TRUE(server.server().Join(20s));
}

TEST(Deferred, IsCutWhenTheServersPatienceEnds) {
  RunningServer server;
  Client client(server.port());
  client.Send(kLater);
  server.Owed(0);
  EXPECT_FALSE(server.server().Join(10ms));
  EXPECT_EQ(client.ReadToEnd(), "");
}

}  // namespace
}  // namespace livetape::http::testing
