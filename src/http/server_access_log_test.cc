// Access lines and client addresses of a running server.

#include <gtest/gtest.h>

#include "http/testing_server.h"

namespace livetape::http::testing {
namespace {

using namespace std::chrono_literals;

size_t Lines(const std::vector<std::string>& log, std::string_view start) {
  return static_cast<size_t>(
      std::ranges::count_if(log, [&](const std::string& line) { return line.starts_with(start); }));
}

TEST(AccessLog, HasALineForEachFinishedRequest) {
  RunningServer server;
  Get(server.port(), "/hello");
  Get(server.port(), "/nope");
  const std::string hello = server.Logged("path=/hello");
  EXPECT_TRUE(hello.starts_with("request method=GET path=/hello status=200 bytes=")) << hello;
  EXPECT_TRUE(hello.ends_with(" peer=127.0.0.1")) << hello;
  EXPECT_NE(server.Logged("path=/nope status=404"), "");
  EXPECT_EQ(Lines(server.LogSoFar(), "request "), 2U);
}

TEST(AccessLog, NeverHoldsAQueryOrAToken) {
  RunningServer server;
  Client client(server.port());
  client.Send(
      "GET /hello?token=secret HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"
      "Cookie: livetape_token=secret\r\n\r\n");
  client.ReadAnswer();
  EXPECT_NE(server.Logged("path=/hello status"), "");
  for (const std::string& line : server.LogSoFar()) EXPECT_FALSE(line.contains("secret")) << line;
}

TEST(AccessLog, PathsForgeNoLinesAndHaveAnEnd) {
  RunningServer server;
  Get(server.port(), "/a%0Arequest%20method=GET");
  EXPECT_NE(server.Logged("path=\"/a%0Arequest%20method=GET\" status=404"), "");
  Get(server.port(), "/\xc2\x9b" + std::string(1000, 'x'));
  const std::string line = server.Logged("\\xc2\\x9bxxx");
  EXPECT_TRUE(line.contains("xxx...\" status=404")) << line;
  EXPECT_LT(line.size(), 400U);
}

TEST(AccessLog, TellsOfWhatWasRefusedBeforeItWasARequest) {
  ServerOptions options;
  options.head_bytes_max = 1000;
  RunningServer server(options);
  Client client(server.port());
  client.Send("GET /" + std::string(2000, 'x'));
  client.ReadToEnd();
  const std::string line = server.Logged("status=414");
  EXPECT_TRUE(line.starts_with("request method=\"\" path=\"\" status=414")) << line;
}

TEST(AccessLog, OfDeferredAnswersComesWithTheAnswer) {
  RunningServer server;
  Client client(server.port());
  client.Send("POST /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const Responder owed = server.Owed(0);
  EXPECT_EQ(Lines(server.LogSoFar(), "request "), 0U);
  server.Answer(owed, "answer");
  EXPECT_NE(server.Logged("request method=POST path=/later status=200"), "");
}

TEST(AccessLog, CanBeSwitchedOff) {
  ServerOptions options;
  options.log_requests = false;
  RunningServer server(options);
  Get(server.port(), "/hello");
  EXPECT_TRUE(server.LogSoFar().empty());
}

class StreamLines : public ::testing::Test {
 protected:
  StreamLines() {
    ServerOptions options;
    options.log_streams = true;
    options.log_requests = false;
    options.stall_timeout = 200ms;
    server_.emplace(options);
  }
  // A stream whose first bytes have been read.
  std::unique_ptr<Client> Listen(int receive_bytes = 0) {
    auto client = std::make_unique<Client>(server_->port(), receive_bytes);
    client->Send("GET /stream?open=first&token=secret HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client->ReadThrough("first\r\n");
    return client;
  }
  std::string Line() { return server_->Logged("stream method=GET path=/stream status=200 "); }

  std::optional<RunningServer> server_;
};

TEST_F(StreamLines, CountFramesAndBytes) {
  const auto client = Listen();
  const StreamId id = server_->Opened().at(0);
  server_->Broadcast("one", {id});
  server_->Broadcast("two", {id});
  server_->OnLoop([&](Streams& streams) {
    streams.End(id, "last");
    return 0;
  });
  const std::string all = client->ReadToEnd();
  client->Close();
  const std::string line = Line();
  EXPECT_TRUE(line.contains(" frames=4 bytes=")) << line;
  EXPECT_TRUE(line.ends_with(" peer=127.0.0.1 end=ended")) << line;
  EXPECT_FALSE(line.contains("secret")) << line;
  EXPECT_NE(all, "");
}

TEST_F(StreamLines, TellThatTheClientHasLeft) {
  Listen()->Close();
  EXPECT_TRUE(Line().ends_with(" end=left")) << Line();
}

TEST_F(StreamLines, TellThatItWasFlooding) {
  const auto client = Listen();
  client->Send(std::string(1'000'000, 'x'));
  EXPECT_TRUE(Line().ends_with(" end=flooding")) << Line();
}

TEST_F(StreamLines, TellThatItWasAborted) {
  const auto client = Listen();
  const StreamId id = server_->Opened().at(0);
  server_->OnLoop([&](Streams& streams) {
    streams.Abort(id);
    return 0;
  });
  EXPECT_TRUE(Line().ends_with(" end=aborted")) << Line();
}

TEST_F(StreamLines, TellThatItHasStalled) {
  const auto client = Listen(4096);
  const StreamId id = server_->Opened().at(0);
  const std::string much(1'000'000, 'm');
  while (server_->Broadcast(much, {id}).at(0) == SendOutcome::kAccepted) {
  }
  EXPECT_TRUE(Line().ends_with(" end=stalled")) << Line();
}

TEST_F(StreamLines, TellThatTheServerHasStopped) {
  const auto client = Listen();
  server_->server().Join(0ms);
  EXPECT_TRUE(Line().ends_with(" end=stopped")) << Line();
}

TEST_F(StreamLines, AreOffByDefault) {
  RunningServer server;
  Client client(server.port());
  client.Send("GET /stream?open=first HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.ReadThrough("first\r\n");
  server.server().Join(0ms);
  EXPECT_TRUE(server.LogSoFar().empty());
}

TEST(Peer, IsWhatATrustedProxyTells) {
  ServerOptions options;
  options.trusted_proxies = {"127.0.0.0/8"};
  RunningServer server(options);
  Client client(server.port());
  client.Send("GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
  EXPECT_TRUE(client.ReadAnswer().ends_with("hello 203.0.113.9"));
  EXPECT_NE(server.Logged("peer=203.0.113.9"), "");
  client.Send("GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: nonsense\r\n\r\n");
  EXPECT_TRUE(client.ReadAnswer().ends_with("hello 127.0.0.1"));
}

TEST(Peer, IsTheSocketsForEveryoneElse) {
  ServerOptions options;
  options.trusted_proxies = {"10.0.0.1"};
  RunningServer server(options);
  Client client(server.port());
  client.Send("GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
  EXPECT_TRUE(client.ReadAnswer().ends_with("hello 127.0.0.1"));
}

TEST(Peer, ProxyThatIsNoAddressStopsTheStart) {
  const Router router;
  const base::RealClock clock;
  metrics::Registry metrics;
  base::Log log(base::LogLevel::kError, [](base::LogLevel, std::string_view) {});
  ServerOptions options;
  options.port = 0;
  options.trusted_proxies = {"proxy.example"};
  const auto bound = Server(options, router, clock, metrics, log).Bind();
  ASSERT_FALSE(bound.has_value());
  EXPECT_TRUE(bound.error().message.contains("got \"proxy.example\"")) << bound.error().message;
}

}  // namespace
}  // namespace livetape::http::testing
