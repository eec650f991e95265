#pragma once

// For tests: a running server on a free port of loopback, with a few routes, and observers that
// keep what they are told about streams and WebSockets.

#include <algorithm>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.h"
#include "http/testing_client.h"

namespace livetape::http::testing {

// The machine's time that goes forward, and a time of day that stands still, for the field Date.
class TodayIn1994 final : public base::Clock {
 public:
  base::WallTime Wall() const override { return base::WallTime{std::chrono::seconds(784111777)}; }
  base::MonoTime Mono() const override { return base::RealClock{}.Mono(); }
};

// What has happened to each stream, in order: 'w' for OnWritable, 'c' for OnClosed.
class Witness final : public StreamObserver {
 public:
  void OnWritable(StreamId stream) override { Add(stream, 'w'); }
  void OnClosed(StreamId stream) override { Add(stream, 'c'); }

  // Waits until it is told more of `stream` than `known` tells.
  std::string After(StreamId stream, const std::string& known) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(Client::kPatience),
                      [&] { return seen_[stream].size() > known.size(); });
    return seen_[stream];
  }
  std::string Seen(StreamId stream) {
    const std::scoped_lock lock(mutex_);
    return seen_[stream];
  }

 private:
  void Add(StreamId stream, char event) {
    const std::scoped_lock lock(mutex_);
    seen_[stream] += event;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<StreamId, std::string> seen_;
};

// Answers each message with itself; "close" with "goodbye" and 1008, "flood" with 16 MiB; fails on
// "throw". Of one loop.
class Echo final : public WebSocketObserver {
 public:
  WebSockets* table = nullptr;

  void OnOpened() { Add("o"); }
  void OnText(WebSocketId socket, std::string_view text) override {
    Add("t:" + std::string(text.substr(0, 16)));
    if (text == "throw") throw std::runtime_error("no");
    if (text == "close") {
      Send(socket, "goodbye", WebSocketKind::kText);
      return table->Close(socket, CloseCode::kPolicy, "as asked");
    }
    if (text != "flood") return Send(socket, text, WebSocketKind::kText);
    const std::string much(32 * 1024, 'x');
    for (int i = 0; i < 512; ++i) Send(socket, much, WebSocketKind::kText);
  }
  void OnBinary(WebSocketId socket, std::string_view bytes) override {
    Add("b");
    Send(socket, bytes, WebSocketKind::kBinary);
  }
  void OnClosed(WebSocketId) override { Add("c"); }

  // What has happened, in order: "o" opened, "t:TEXT", "b", "c" closed; once it is over.
  std::string Seen() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(Client::kPatience),
                      [this] { return seen_.ends_with("c "); });
    return seen_;
  }

 private:
  void Send(WebSocketId socket, std::string_view text, WebSocketKind kind) {
    table->Send(socket, base::SharedBytes::Copy(text), kind);
  }
  void Add(const std::string& event) {
    const std::scoped_lock lock(mutex_);
    seen_ += event + " ";
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string seen_;
};

class RunningServer {
 public:
  explicit RunningServer(ServerOptions options = {}) : options_(std::move(options)) {
    options_.port = 0;
    AddRoutes();
    server_ = std::make_unique<Server>(options_, router_, clock_, metrics_, log_);
    bound_ = server_->Bind().has_value();
    if (bound_) server_->Start();
  }

  uint16_t port() const { return server_->port(); }
  Server& server() { return *server_; }
  Witness& witness() { return witness_; }
  Echo& sockets() { return echo_; }
  std::string Metrics() const { return metrics_.Text(); }
  // The first line of the log with `mark` in it, once there is one.
  std::string Logged(std::string_view mark) {
    std::unique_lock lock(mutex_);
    const auto line = [&] {
      return std::ranges::find_if(logged_, [&](const auto& text) { return text.contains(mark); });
    };
    changed_.wait_for(lock, std::chrono::seconds(Client::kPatience),
                      [&] { return line() != logged_.end(); });
    return line() == logged_.end() ? "" : *line();
  }
  std::vector<std::string> LogSoFar() {
    const std::scoped_lock lock(mutex_);
    return logged_;
  }

  // Runs `task` on the loop and waits for it.
  template <typename Task>
  auto OnLoop(Task task, size_t loop = 0) {
    std::packaged_task<decltype(task(server_->loop(loop).streams()))()> packaged(
        [&] { return task(server_->loop(loop).streams()); });
    auto result = packaged.get_future();
    server_->loop(loop).Post([&packaged] { packaged(); });
    return result.get();
  }

  // The answer that /later owes to its n-th request, from 0, once that has come.
  Responder Owed(size_t n) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(Client::kPatience),
                      [&] { return owed_.size() > n; });
    return owed_.at(n);
  }
  // Pays it.
  void Answer(const Responder& responder, std::string body) {
    OnLoop([&](Streams&) {
      Response response;
      response.content_type = "text/plain";
      response.body = std::move(body);
      responder.Send(std::move(response));
      return 0;
    });
  }
  // The answer that opens a stream with these first bytes.
  StreamStart Opening(std::string opening) {
    return Start([this, opening = std::move(opening)](StreamId id) {
      opened_.push_back(id);
      return opening;
    });
  }

  // Waits until the loop has done what it had to do.
  void Turn() {
    OnLoop([](Streams&) { return 0; });
  }
  // Waits for the loop's timer.
  void Pass(std::chrono::milliseconds time) {
    std::promise<void> passed;
    OnLoop([&](Streams&) {
      server_->loop(0).Every(time, [&passed, done = false]() mutable {
        if (!std::exchange(done, true)) passed.set_value();
      });
      return 0;
    });
    passed.get_future().wait();
  }

  std::vector<SendOutcome> Broadcast(std::string_view body, std::vector<StreamId> streams) {
    return OnLoop([&](Streams& table) {
      std::vector<SendOutcome> outcomes;
      table.Broadcast(base::ChunkFrame::Encode(body), streams, outcomes);
      return outcomes;
    });
  }

  // The streams opened so far by /stream on the loop, in order.
  std::vector<StreamId> Opened() {
    return OnLoop([this](Streams&) { return opened_; });
  }

 private:
  StreamStart Start(std::function<std::string(StreamId)> open) {
    StreamStart start;
    start.observer = &witness_;
    start.open = std::move(open);
    return start;
  }
  void AddRoutes();
  void AddDeferredRoutes();
  void Add(std::string method, std::string pattern, Handler handler, bool stream = false,
           size_t body_bytes_max = 0) {
    Route route;
    route.body_bytes_max = body_bytes_max;
    route.method = std::move(method);
    route.pattern = std::move(pattern);
    route.handler = std::move(handler);
    route.stream = stream;
    router_.Add(std::move(route));
  }

  ServerOptions options_;
  Router router_;
  TodayIn1994 clock_;
  metrics::Registry metrics_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> logged_;
  std::vector<Responder> owed_;
  base::Log log_{base::LogLevel::kInfo, [this](base::LogLevel, std::string_view line) {
                   const std::scoped_lock lock(mutex_);
                   logged_.emplace_back(line);
                   changed_.notify_all();
                 }};
  Witness witness_;
  Echo echo_;
  std::vector<StreamId> opened_;  // one loop's
  std::unique_ptr<Server> server_;
  bool bound_ = false;
};

// GET /stream?open=TEXT or ?size=N, GET /ended, GET /fails, POST /echo, POST /large, POST /closed (to
// all), GET /hello, GET /socket.
inline void RunningServer::AddRoutes() {
  Add("GET", "/hello", [](const Request& request, size_t) -> Reply {
    Response response;
    response.content_type = "text/plain";
    response.body = "hello " + request.peer;
    return response;
  });
  const auto echo = [](const Request& request, size_t) -> Reply {
    Response response;
    response.content_type = "text/plain";
    response.body = request.body;
    return response;
  };
  Add("POST", "/echo", echo);
  Add("POST", "/large", echo, false, 3'000'000);
  Route closed;
  closed.method = "POST";
  closed.pattern = "/closed";
  closed.admit = [](const Request& head) { return Problem(401, "not " + head.peer); };
  closed.handler = echo;
  router_.Add(std::move(closed));
  Add("GET", "/throws", [](const Request&, size_t) -> Reply { throw std::bad_alloc(); });
  Add(
      "GET", "/stream",
      [this](const Request& request, size_t) -> Reply {
        std::string opening(request.query.Find("open").value_or(""));
        if (const auto size = request.query.Find("size")) {
          opening.assign(std::stoul(std::string(*size)), 'o');
        }
        return Opening(opening);
      },
      true);
  Add(
      "GET", "/ended",
      [this](const Request&, size_t loop) -> Reply {
        return Start([this, loop](StreamId id) {
          server_->loop(loop).streams().End(id, "last");
          return std::string("first");
        });
      },
      true);
  Add(
      "GET", "/aborted",
      [this](const Request&, size_t loop) -> Reply {
        return Start([this, loop](StreamId id) {
          server_->loop(loop).streams().Abort(id);
          return std::string("first");
        });
      },
      true);
  Add(
      "GET", "/fails",
      [this](const Request&, size_t) -> Reply {
        return Start([](StreamId) -> std::string { throw std::runtime_error("no"); });
      },
      true);
  Add("GET", "/socket", [this](const Request&, size_t loop) -> Reply {
    echo_.table = &server_->loop(loop).websockets();
    return WebSocketStart{&echo_, [this](WebSocketId) { echo_.OnOpened(); }};
  });
  AddDeferredRoutes();
}

// GET and POST /later, GET /later-stream: see Owed. POST /at-once: answered from inside. POST
// /begin-throws.
inline void RunningServer::AddDeferredRoutes() {
  const auto later = [this](const Request&, size_t) -> Reply {
    return DeferredReply{[this](const Responder& responder) {
      const std::scoped_lock lock(mutex_);
      owed_.push_back(responder);
      changed_.notify_all();
    }};
  };
  Add("GET", "/later", later);
  Add("POST", "/later", later);
  Add("GET", "/later-stream", later, true);
  Add("POST", "/at-once", [](const Request& request, size_t) -> Reply {
    return DeferredReply{[body = request.body](const Responder& responder) {
      Response response;
      response.content_type = "text/plain";
      response.body = body;
      responder.Send(response);
      responder.Send(Problem(500, "a second answer"));
    }};
  });
  Add("POST", "/begin-throws", [](const Request&, size_t) -> Reply {
    return DeferredReply{[](const Responder&) { throw std::runtime_error("no"); }};
  });
}

}  // namespace livetape::http::testing
