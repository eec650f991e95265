// trade_updates and /v2/events/trades over real connections, with a tape.

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>
#include <thread>

#include "api/trade_updates/testing.h"
#include "api/trade_updates/trade_events.h"
#include "api/trade_updates/trade_updates.h"
#include "base/time_text.h"
#include "http/testing_websocket.h"
#include "tape/testing.h"

namespace livetape::api::testing {
namespace {

using namespace std::chrono_literals;
using http::testing::Client;
using http::testing::Frame;
using http::testing::StatusOf;
using http::testing::WebSocketClient;

// Tells when it is committed.
class Waited final : public tape::Submission {
 public:
  void OnCommitted(uint64_t first_seq, base::WallTime) override { done.set_value(first_seq); }
  void OnRefused(tape::Refusal) override { done.set_value(0); }
  std::promise<uint64_t> done;
};

// A server of one loop, with the two views of order events over one tape.
class TradeServer : public ::testing::Test {
 protected:
  TradeServer() {
    tape::Tape::Options options;
    options.folder = folder_.path();
    tape_ = *tape::Tape::Open(options, clock_, base::Random(1), metrics_, log_);
    http::ServerOptions server_options;
    server_options.port = 0;
    server_ = std::make_unique<http::Server>(server_options, router_, clock_, metrics_, log_);
    EXPECT_TRUE(server_->Bind().has_value());
    loops_.push_back(std::make_unique<SseLoop>(
        server_->loop(0),
        SseLoop::Surroundings{config_, *tape_, limiter_, sessions_, revoked_, clock_, metrics_},
        1));
    updates_.emplace(
        TradeUpdates::Surroundings{keys_, limiter_, clock_, [this] { return tape_->head(); }},
        std::vector<TradeUpdates::Loop>{{server_->loop(0), loops_[0]->mailbox()}});
    tape_->SetFollower([this](std::span<const tape::RecordRef> records) {
      updates_->Follow(records);
      loops_[0]->shard().Wake();
    });
    AddRoutes();
    tape_->Start();
    server_->Start();
  }
  ~TradeServer() override {
    server_->StopAccepting();
    server_->loop(0).Post([this] { loops_[0]->Drain(); });
    server_->Join(2s);
    tape_->Stop();
  }

  static auth::KeySet Keys() {
    auth::KeySet keys;
    keys.keys.push_back({"", *auth::VerificationKey::Secret("a secret of thirty-two bytes or so")});
    return keys;
  }
  void AddRoutes() {
    Add("/stream", [this](const http::Request& request, size_t loop) -> http::Reply {
      if (auto reply = updates_->Answer(request, loop)) return *std::move(reply);
      return http::Problem(404, "the market stream");
    });
    Add("/v2/events/trades", [this](const http::Request& request, size_t loop) {
      return TradeEvents({keys_, *tape_, loops_, rendering_}, request, loop);
    });
  }
  void Add(std::string pattern, http::Handler handler) {
    http::Route route;
    route.method = "GET";
    route.pattern = std::move(pattern);
    route.stream = true;
    route.handler = std::move(handler);
    router_.Add(std::move(route));
  }

  // Waits until it is committed; returns its number.
  uint64_t Commit(std::string data, std::string account = "paper", std::string kind = "orders") {
    auto waited = std::make_unique<Waited>();
    auto done = waited->done.get_future();
    waited->records.push_back({.topic = "paper/" + account + "/" + kind,
                               .type = "new",
                               .data = std::move(data),
                               .kind = tape::RecordKind::kOrderEvent});
    std::unique_ptr<tape::Submission> submission = std::move(waited);
    EXPECT_FALSE(tape_->Submit(submission).has_value());
    const uint64_t seq = done.get();
    EXPECT_NE(seq, 0U);
    return seq;
  }
  std::string Id(uint64_t seq) const {
    return std::string(tape_->epoch()) + "-" + std::to_string(seq);
  }
  std::string Event(uint64_t seq, std::string_view rest) const {
    return "id: " + Id(seq) + "\ndata: {\"event_id\":\"" + Id(seq) + "\"" + std::string(rest) +
           "\n\n";
  }
  std::string Now() const { return base::FormatRfc3339(clock_.Wall()); }

  // The body of a stream that ends, without chunks, the retry and the position that it begins with.
  std::string Events(const std::string& query, const std::string& fields = "") {
    Client client(server_->port());
    client.Send("GET /v2/events/trades" + query +
                " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
    return BodyOf(client.ReadToEnd());
  }
  static std::string BodyOf(std::string answer) {
    EXPECT_EQ(StatusOf(answer), 200U) << answer;
    answer.erase(0, answer.find("\r\n\r\n") + 4);
    std::string body;
    bool ended = false;
    while (!answer.empty() && !ended) {
      const size_t line = answer.find("\r\n");
      const size_t size = std::stoul(answer.substr(0, line), nullptr, 16);
      body += answer.substr(line + 2, size);
      answer.erase(0, line + 2 + size + 2);
      ended = size == 0;
    }
    EXPECT_TRUE(ended) << body;
    for (const std::string_view field : {"retry: ", "id: "}) {
      const std::string block = body.substr(0, body.find("\n\n") + 2);
      EXPECT_TRUE(block.starts_with(field) && !block.contains("data")) << body;
      body.erase(0, block.size());
    }
    return body;
  }
  WebSocketClient Listening(std::string_view account) {
    WebSocketClient client(server_->port());
    EXPECT_EQ(StatusOf(client.Handshake("/stream?x=1")), 101U);
    client.SendText(AuthenticateText(account));
    EXPECT_EQ(client.ReadFrame().payload, kAuthorized);
    client.SendText(kListen);
    EXPECT_EQ(client.ReadFrame().payload, kListening);
    return client;
  }

  tape::TemporaryFolder folder_;
  config::Config config_;
  base::RealClock clock_;
  metrics::Registry metrics_;
  base::Log log_{base::LogLevel::kError, [](base::LogLevel, std::string_view) {}};
  StreamLimiter limiter_{100, 0};
  StreamDirectory sessions_;
  auth::RevokedSessions revoked_;
  auth::TokenVerifier verifier_{Keys()};
  const Access access_{config_.auth, verifier_, revoked_, clock_};
  KeysByName keys_;
  TradeEventRendering rendering_;
  http::Router router_;
  std::unique_ptr<tape::Tape> tape_;
  std::vector<std::unique_ptr<SseLoop>> loops_;
  std::unique_ptr<http::Server> server_;
  std::optional<TradeUpdates> updates_;
};

TEST_F(TradeServer, ListenersGetWhatIsCommittedFromThenOn) {
  Commit(R"({"event":"before"})");
  auto alice = Listening("alice"), bob = Listening("bob");
  Commit(R"({"event":"new"})", "alice");
  Commit(R"({"event":"new","qty":"7"})", "bob");
  Commit(R"({"event":"fill"})", "alice", "fills");
  EXPECT_EQ(alice.ReadFrame(),
            (Frame{Frame::kText, true, R"({"stream":"trade_updates","data":{"event":"new"}})"}));
  EXPECT_EQ(alice.ReadFrame().payload, R"({"stream":"trade_updates","data":{"event":"fill"}})");
  EXPECT_EQ(bob.ReadFrame().payload,
            R"({"stream":"trade_updates","data":{"event":"new","qty":"7"}})");
}

// Records are committed all the while: nobody gets a hole or one twice.
TEST_F(TradeServer, ListenersThatComeInTheMiddleMissNothing) {
  constexpr std::string_view kBefore = R"({"stream":"trade_updates","data":{"n":)";
  std::atomic<bool> stop = false;
  uint64_t last = 0;
  std::thread writer([&] {
    // The n-th record says so.
    do Commit("{\"n\":" + std::to_string(++last) + "}");
    while (!stop);
  });
  std::vector<std::pair<uint64_t, uint64_t>> came_between;  // records
  std::vector<WebSocketClient> clients;
  for (int i = 0; i < 20; ++i) {
    const uint64_t before = tape_->head();
    clients.push_back(Listening("paper"));
    came_between.emplace_back(before, tape_->head());
  }
  stop = true;
  writer.join();
  for (size_t i = 0; i < clients.size(); ++i) {
    if (came_between[i].second == last) continue;  // may have come after the last one
    const auto next = [&] {
      std::string payload = clients[i].ReadFrame().payload;
      EXPECT_TRUE(payload.starts_with(kBefore)) << payload;
      return payload.size() < kBefore.size() ? 0 : std::stoull(payload.substr(kBefore.size()));
    };
    uint64_t n = next();
    EXPECT_GT(n, came_between[i].first);
    EXPECT_LE(n, came_between[i].second + 1);
    while (n < last) {
      ASSERT_EQ(next(), n + 1);
      ++n;
    }
  }
}

TEST_F(TradeServer, OrdinaryRequestsGoToTheMarketStream) {
  EXPECT_EQ(StatusOf(http::testing::Get(server_->port(), "/stream")), 404U);
}

TEST_F(TradeServer, SocketsCountAmongTheStreamsOfAnAddress) {
  std::vector<WebSocketClient> clients;
  for (int i = 0; i < 100; ++i) {
    clients.emplace_back(server_->port());
    ASSERT_EQ(StatusOf(clients.back().Handshake("/stream")), 101U);
  }
  WebSocketClient refused(server_->port());
  EXPECT_EQ(StatusOf(refused.Handshake("/stream")), 429U);
  clients.front().Reset();
  for (unsigned status = 429; status != 101;) {  // once it is noticed
    WebSocketClient next(server_->port());
    status = StatusOf(next.Handshake("/stream"));
    ASSERT_TRUE(status == 101 || status == 429) << status;
  }
}

TEST_F(TradeServer, HistoryUpToAnIdEnds) {
  for (int i = 1; i <= 5; ++i) Commit(R"({"event":"new"})");
  const std::string event = R"(,"event":"new"})";
  EXPECT_EQ(Events("?since_id=" + Id(1) + "&until_id=" + Id(3)), Event(2, event) + Event(3, event));
  EXPECT_EQ(Events("?since_id=earliest&until_id=" + Id(1)), Event(1, event));
  EXPECT_EQ(Events("?since_id=" + Id(5) + "&until_id=" + Id(5)), "");
  EXPECT_EQ(Events("?until_id=" + Id(5)), "");  // without since: no history
  // What a browser sends when it comes again goes first.
  EXPECT_EQ(Events("?since_id=earliest&until_id=" + Id(3), "Last-Event-ID: " + Id(2) + "\r\n"),
            Event(3, event));
  EXPECT_EQ(Events("?since_id=" + Id(2) + "&until_id=" + Id(1), "Last-Event-ID: 2020-01-01\r\n"),
            Event(1, event));
  for (const std::string name : {"last_event_id=", "Last-Event-ID="}) {
    EXPECT_EQ(Events("?since=2020-01-01&until_id=" + Id(3) + "&" + name + Id(2)), Event(3, event));
  }
}

TEST_F(TradeServer, ShowsOneAccountsOrdersAndFills) {
  Commit("{}", "alice");
  Commit("{}", "bob");
  Commit("{}", "alice", "fills");
  EXPECT_EQ(Events("?since_id=earliest&until_id=" + Id(3), "APCA-API-KEY-ID: alice\r\n"),
            Event(1, "}") + Event(3, "}"));
}

TEST_F(TradeServer, HistoryBetweenTimesEnds) {
  Commit("{}");
  const std::string between = Now();
  Commit("{}");
  Commit("{}");
  const std::string after = Now();
  EXPECT_EQ(Events("?since=" + between + "&until=" + after), Event(2, "}") + Event(3, "}"));
  EXPECT_EQ(Events("?since=2020-01-01&until=" + between), Event(1, "}"));
  EXPECT_EQ(Events("?since=2020-01-01&until=2021-01-01"), "");
  EXPECT_EQ(Events("?since=1577836800&until=1609459200000"), "");
}

TEST_F(TradeServer, SinceMayBeAnIdAsOnEveryStream) {
  for (int i = 1; i <= 3; ++i) Commit("{}");
  const std::string until = "&until_id=" + Id(3);
  EXPECT_EQ(Events("?since=" + Id(2) + until), Event(3, "}"));
  EXPECT_EQ(Events("?since=earliest" + until), Event(1, "}") + Event(2, "}") + Event(3, "}"));
}

TEST_F(TradeServer, AMomentToComeEndsTheLiveStream) {
  Commit("{}");
  Client client(server_->port());
  const std::string until = base::FormatRfc3339(clock_.Wall() + 300ms);
  client.Send("GET /v2/events/trades?since_id=earliest&until=" + until +
              " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  std::string replayed = client.ReadThrough("\ndata: ");
  replayed += client.ReadThrough("\n\n");
  Commit("{}");
  const std::string body = BodyOf(replayed + client.ReadToEnd());
  EXPECT_EQ(body, Event(1, "}") + Event(2, "}"));
  EXPECT_GE(Now(), until);
}

TEST_F(TradeServer, SaysWhatIsWrongInAlpacasForm) {
  const auto detail = [&](const std::string& query) {
    const std::string answer = http::testing::Get(server_->port(), "/v2/events/trades?" + query);
    EXPECT_EQ(StatusOf(answer), 422U) << answer;
    return answer.substr(answer.find("\r\n\r\n") + 4);
  };
  EXPECT_EQ(
      detail("since=yesterday"),
      R"({"code":42210000,"message":"since must be an RFC 3339 time or seconds since 1970"})");
  EXPECT_EQ(
      detail("until=-1"),
      R"({"code":42210000,"message":"until must be an RFC 3339 time or seconds since 1970"})");
  EXPECT_EQ(detail("since=2020-01-01&since_id=" + Id(1)),
            R"({"code":42210000,"message":"since and since_id cannot be used at the same time"})");
  EXPECT_EQ(detail("until=2020-01-01&until_id=" + Id(1)),
            R"({"code":42210000,"message":"until and until_id cannot be used at the same time"})");
  EXPECT_EQ(detail("until_id=nonsense"),
            R"({"code":42210000,"message":"until_id must be the event_id of an event"})");
  EXPECT_EQ(detail("until_id=" + Id(99)),
            R"({"code":42210000,"message":"until_id must be the event_id of an event"})");
}

TEST_F(TradeServer, AnExpiredOrUnknownCursorIsToldInAComment) {
  Commit("{}");
  EXPECT_EQ(Events("?since_id=nonsense&until_id=" + Id(1)),
            ": gap {\"reason\":\"malformed\",\"requested\":\"nonsense\",\"resumed_at\":\"" + Id(1) +
                "\",\"missed\":null}\n\n");
}

}  // namespace
}  // namespace livetape::api::testing
