// The server's ports, loops, start and stop.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "http/testing_server.h"

namespace livetape::http::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST(Server, SpreadsConnectionsOverItsLoops) {
  ServerOptions options;
  options.threads = 3;
  RunningServer server(options);
  std::vector<std::unique_ptr<Client>> clients;
  const auto served_by = [&](size_t loop) {
    return server.OnLoop([](Streams& streams) { return streams.open(); }, loop);
  };
  // The kernel picks by a hash of the addresses; that 300 ports miss one of three is impossible
  // enough (1 in 10^52).
  for (int i = 0; i < 300; ++i) {
    clients.push_back(std::make_unique<Client>(server.port()));
    clients.back()->Send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    clients.back()->ReadThrough("\r\n\r\n");
  }
  size_t all = 0;
  for (size_t loop = 0; loop < 3; ++loop) {
    EXPECT_GT(served_by(loop), 0U);
    all += served_by(loop);
  }
  EXPECT_EQ(all, 300U);
}

TEST(Server, NeverSharesAPort) {
  for (const size_t threads : {1UL, 2UL}) {
    ServerOptions options;
    options.threads = threads;
    RunningServer first(options);
    const Router router;
    const base::RealClock clock;
    metrics::Registry metrics;
    base::Log log(base::LogLevel::kError, [](base::LogLevel, std::string_view) {});
    options.port = first.port();
    Server second(options, router, clock, metrics, log);
    const auto bound = second.Bind();
    ASSERT_FALSE(bound.has_value());
    EXPECT_EQ(bound.error().message, "port " + std::to_string(first.port()) +
                                         " on 127.0.0.1 is already in use; choose another with "
                                         "--port");
  }
}

TEST(Server, SaysWhatIsWrongWithAnAddress) {
  const Router router;
  const base::RealClock clock;
  metrics::Registry metrics;
  base::Log log(base::LogLevel::kError, [](base::LogLevel, std::string_view) {});
  ServerOptions options;
  options.port = 0;
  for (const auto& [host, message] : std::vector<std::pair<std::string, std::string>>{
           {"desk.example", "--host takes an IP address or localhost, got \"desk.example\""},
           {"192.0.2.1",
            "192.0.2.1 is not an address of this machine; choose another with --host"}}) {
    options.host = host;
    const auto bound = Server(options, router, clock, metrics, log).Bind();
    ASSERT_FALSE(bound.has_value());
    EXPECT_EQ(bound.error().message, message);
  }
}

TEST(Server, BoundButNeverStartedJustGoes) {
  const Router router;
  const base::RealClock clock;
  metrics::Registry metrics;
  base::Log log(base::LogLevel::kError, [](base::LogLevel, std::string_view) {});
  ServerOptions options;
  options.port = 0;
  options.threads = 2;
  Server server(options, router, clock, metrics, log);
  ASSERT_TRUE(server.Bind().has_value());
  server.loop(1).Post([] { FAIL() << "no loop runs"; });
  EXPECT_TRUE(server.Join(0ms));
}

TEST(Server, RepeatsTasksAndRunsPostedOnesInOrder) {
  RunningServer server;
  std::promise<void> thrice;
  std::string order;
  server.OnLoop([&](Streams&) {
    server.server().loop(0).Every(1ms, [&, beats = 0]() mutable {
      if (++beats == 3) thrice.set_value();
    });
    return 0;
  });
  for (const char c : {'a', 'b', 'c'}) server.server().loop(0).Post([&order, c] { order += c; });
  thrice.get_future().wait();
  EXPECT_EQ(server.OnLoop([&](Streams&) { return order; }), "abc");
  server.server().Join(0ms);  // before what the task refers to
}

TEST(Server, StopsAtOnceWhenNothingIsUnderWay) {
  RunningServer server;
  Client idle(server.port());
  idle.Send(kHello);
  idle.ReadAnswer();
  EXPECT_TRUE(server.server().Join(20s));
  EXPECT_EQ(idle.ReadToEnd(), "");
  EXPECT_TRUE(idle.ended());
  EXPECT_FALSE(Client(server.port()).connected());
}

TEST(Server, FinishesARequestUnderWayWhenItStops) {
  RunningServer server;
  Client client(server.port());
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2"
      "\r\n\r\n");
  client.ReadThrough("\r\n\r\n");
  server.server().StopAccepting();
  server.OnLoop([](Streams&) { return 0; });  // has heard of it
  client.Send("hi");
  const std::string answer = client.ReadToEnd();
  EXPECT_TRUE(answer.ends_with("\r\n\r\nhi"));
  EXPECT_TRUE(Has(answer, "Connection: close"));
  EXPECT_TRUE(server.server().Join(20s));
}

TEST(Server, CutsWhatDoesNotFinishWithinPatience) {
  RunningServer server;
  Client client(server.port());
  client.Send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.ReadThrough("\r\n\r\n");
  EXPECT_FALSE(server.server().Join(10ms));
  EXPECT_EQ(client.ReadToEnd(), "");
}

// Lets the process open no descriptor beyond the `more` next ones, while it lives.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(int more) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const UniqueFd next(::dup(STDERR_FILENO));
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(next.get() + more);
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_;
};

TEST(Server, WithoutDescriptorsLetsConnectionsWait) {
  RunningServer server;
  std::unique_ptr<Client> client;
  {
    const DescriptorLimit limit(1);  // the client's
    client = std::make_unique<Client>(server.port());
    ASSERT_TRUE(client->connected());
    EXPECT_NE(server.Logged("cannot accept connections: Too many open files"), "");
  }
  client->Send(kHello);
  EXPECT_EQ(StatusOf(client->ReadAnswer()), 200U);
  EXPECT_EQ(server.Metrics().find("livetape_http_accept_errors_total 0\n"), std::string::npos);
}

}  // namespace
}  // namespace livetape::http::testing
