// Bodies that go into sinks, over real sockets.

#include <fcntl.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/body_sink.h"
#include "http/server.h"
#include "http/testing_client.h"

namespace livetape::http::testing {
namespace {

using namespace std::chrono_literals;

// What sinks are to do, and what has happened to them.
class SinkWitness {
 public:
  // The first byte beyond so many makes a sink full, once, or fails it.
  size_t full_at = SIZE_MAX, fault_at = SIZE_MAX;
  bool throws = false;

  void Add(std::string_view event) {
    const std::scoped_lock lock(mutex_);
    seen_ += event;
    changed_.notify_all();
  }
  void Pause(const BodyFlow& flow) {
    const std::scoped_lock lock(mutex_);
    paused_ = flow;
    seen_ += "full ";
    changed_.notify_all();
  }
  // All events, once the last of them is `last`.
  std::string SeenThrough(std::string_view last) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(Client::kPatience),
                      [&] { return seen_.ends_with(last); });
    return seen_;
  }
  BodyFlow paused() {
    const std::scoped_lock lock(mutex_);
    return paused_.value();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string seen_;
  std::optional<BodyFlow> paused_;
};

// Answers with the number of bytes and their sum.
class SummingSink final : public BodySink {
 public:
  explicit SummingSink(SinkWitness& witness) : witness_(witness) { witness_.Add("open "); }
  ~SummingSink() override { witness_.Add("gone "); }

  std::expected<Room, Response> Put(std::string_view bytes, const BodyFlow& flow) override {
    if (witness_.throws) throw std::runtime_error("no");
    for (const char c : bytes) sum_ += static_cast<uint8_t>(c);
    const bool filled = bytes_ <= witness_.full_at && bytes_ + bytes.size() > witness_.full_at;
    bytes_ += bytes.size();
    if (bytes_ > witness_.fault_at) return std::unexpected(Problem(507, "no room"));
    if (!filled) return Room::kMore;
    witness_.Pause(flow);
    return Room::kFull;
  }
  Reply Finish() override {
    witness_.Add("whole ");
    Response response;
    response.content_type = "text/plain";
    response.body = std::to_string(bytes_) + " " + std::to_string(sum_);
    return response;
  }

 private:
  SinkWitness& witness_;
  uint64_t bytes_ = 0, sum_ = 0;
};

class SinkServer {
 public:
  explicit SinkServer(ServerOptions options = {}) : options_(std::move(options)) {
    options_.port = 0;
    Route route;
    route.method = "POST";
    route.pattern = "/sink";
    route.body = [this](const Request& head,
                        size_t) -> std::expected<std::unique_ptr<BodySink>, Response> {
      if (head.query.Find("refuse")) return std::unexpected(Problem(403, "not you"));
      return std::make_unique<SummingSink>(witness);
    };
    router_.Add(std::move(route));
    server_ = std::make_unique<Server>(options_, router_, clock_, metrics_, log_);
    if (server_->Bind()) server_->Start();
  }
  uint16_t port() const { return server_->port(); }
  void Resume() {
    std::promise<void> done;
    server_->loop(0).Post([this, &done] {
      witness.paused().Resume();
      done.set_value();
    });
    done.get_future().wait();
  }

  SinkWitness witness;

 private:
  ServerOptions options_;
  Router router_;
  base::RealClock clock_;
  metrics::Registry metrics_;
  base::Log log_{base::LogLevel::kError, [](base::LogLevel, std::string_view) {}};
  std::unique_ptr<Server> server_;
};

std::string Post(size_t length, std::string_view more = "", std::string_view query = "") {
  return "POST /sink" + std::string(query) + " HTTP/1.1\r\nHost: localhost\r\n" +
         std::string(more) + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}
constexpr std::string_view kChunked =
    "POST /sink HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string AnswerOf(const std::string& body) {
  uint64_t sum = 0;
  for (const char c : body) sum += static_cast<uint8_t>(c);
  return "\r\n\r\n" + std::to_string(body.size()) + " " + std::to_string(sum);
}

TEST(BodySink, TakesBodiesOfAnyLength) {
  ServerOptions options;
  options.bodies_bytes_max = 100'000;
  SinkServer server(options);
  Client client(server.port());
  for (const size_t length : {size_t{0}, size_t{1}, size_t{5000}, size_t{9'000'000}}) {
    std::string body(length, 'b');
    for (size_t i = 0; i < length; i += 7) body[i] = static_cast<char>(i % 251);
    client.Send(Post(length));
    client.Send(body);
    EXPECT_TRUE(client.ReadAnswer().ends_with(AnswerOf(body))) << length;
    // In chunks, and with the next request behind them.
    std::string chunks(kChunked);
    for (size_t at = 0; at < length; at += 100'000) {
      const std::string piece = body.substr(at, 100'000);
      char size[20];
      std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
      chunks += size + piece + "\r\n";
    }
    client.Send(chunks + "0\r\n\r\n" + Post(2) + "hi");
    EXPECT_TRUE(client.ReadAnswer().ends_with(AnswerOf(body))) << length;
    EXPECT_TRUE(client.ReadAnswer().ends_with(AnswerOf("hi"))) << length;
  }
}

TEST(BodySink, ThatIsFullStopsTheReading) {
  SinkServer server;
  server.witness.full_at = 100'000;
  Client client(server.port());
  client.Send(Post(64'000'000));
  const std::string piece(1'000'000, 'x');
  client.Send(piece);
  EXPECT_EQ(server.witness.SeenThrough("full "), "open full ");
  // What the kernel holds between the two ends is bounded, so sending stops somewhere.
  size_t sent = piece.size();
  for (;;) {
    const ssize_t more =
        ::send(client.fd(), piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (more < 0) break;
    sent += static_cast<size_t>(more);
    ASSERT_LT(sent, 64'000'000u) << "it reads on";
  }
  EXPECT_EQ(errno, EAGAIN);
  server.Resume();
  for (size_t left = 64'000'000 - sent; left > 0;) {
    const size_t now = std::min(left, piece.size());
    ASSERT_TRUE(client.Send(std::string_view(piece).substr(0, now)));
    left -= now;
  }
  EXPECT_TRUE(client.ReadAnswer().ends_with(AnswerOf(std::string(64'000'000, 'x'))));
}

TEST(BodySink, ThatStaysFullIsAnswered503) {
  ServerOptions options;
  options.answer_timeout = 100ms;
  SinkServer server(options);
  server.witness.full_at = 0;
  Client client(server.port());
  client.Send(Post(10) + "x");
  const std::string answer = client.ReadToEnd();
  EXPECT_EQ(StatusOf(answer), 503U);
  EXPECT_TRUE(Has(answer, "Retry-After: 1"));
  EXPECT_EQ(server.witness.SeenThrough("gone "), "open full gone ");
  server.Resume();  // too late, and harmless
}

TEST(BodySink, LearnsThatTheClientHasGone) {
  SinkServer server;
  Client client(server.port());
  client.Send(Post(10) + "x");
  server.witness.SeenThrough("open ");
  client.Close();
  EXPECT_EQ(server.witness.SeenThrough("gone "), "open gone ");
}

TEST(BodySink, OfASlowClientIsGivenUp) {
  ServerOptions options;
  options.head_timeout = 100ms;
  SinkServer server(options);
  Client client(server.port());
  client.Send(Post(10) + "x");
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(server.witness.SeenThrough("gone "), "open gone ");
}

TEST(BodySink, IsNotOpenedForTheRefused) {
  SinkServer server;
  Client refused(server.port());
  refused.Send(Post(5'000'000, "Expect: 100-continue\r\n", "?refuse=1"));
  EXPECT_TRUE(refused.ReadToEnd().starts_with("HTTP/1.1 403 "));
  Client stranger(server.port());
  stranger.Send("POST /sink HTTP/1.1\r\nHost: elsewhere\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(StatusOf(stranger.ReadToEnd()), 421U);
  Client empty(server.port());
  empty.Send(Post(0, "", "?refuse=1"));
  EXPECT_EQ(StatusOf(empty.ReadAnswer()), 403U);
  EXPECT_EQ(server.witness.SeenThrough(""), "");
}

TEST(BodySink, IsOpenBeforeTheClientIsAskedForTheBody) {
  SinkServer server;
  Client client(server.port());
  client.Send(Post(3, "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.ReadThrough("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(server.witness.SeenThrough("open "), "open ");
  client.Send("abc");
  EXPECT_TRUE(client.ReadAnswer().ends_with(AnswerOf("abc")));
}

TEST(BodySink, FaultIsTheAnswerAndEndsTheConnection) {
  SinkServer server;
  server.witness.fault_at = 3;
  Client client(server.port());
  client.Send(Post(5'000'000, "Origin: http://localhost:3000\r\n") + "abcdef");
  const std::string refused = client.ReadToEnd();
  EXPECT_EQ(StatusOf(refused), 507U);
  EXPECT_TRUE(Has(refused, "Access-Control-Allow-Origin: http://localhost:3000"));
  EXPECT_EQ(server.witness.SeenThrough("gone "), "open gone ");
  server.witness.throws = true;
  Client second(server.port());
  second.Send(Post(3) + "abc");
  EXPECT_EQ(StatusOf(second.ReadToEnd()), 500U);
}

}  // namespace
}  // namespace livetape::http::testing
