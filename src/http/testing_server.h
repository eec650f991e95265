#pragma once

// For tests: a running server on a free port of loopback, with a few routes, and an observer that
// keeps what it is told about streams.

#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.h"
#include "http/testing_client.h"

namespace livetape::http::testing {

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
  std::string Metrics() const { return metrics_.Text(); }
  // The first line that was logged, once there is one.
  std::string Logged() {
    std::unique_lock lock(logged_mutex_);
    logged_changed_.wait_for(lock, std::chrono::seconds(Client::kPatience),
                             [this] { return !logged_.empty(); });
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
  void AddRoutes();
  void Add(std::string method, std::string pattern, Handler handler, bool stream = false) {
    Route route;
    route.method = std::move(method);
    route.pattern = std::move(pattern);
    route.handler = std::move(handler);
    route.stream = stream;
    router_.Add(std::move(route));
  }

  ServerOptions options_;
  Router router_;
  base::RealClock clock_;
  metrics::Registry metrics_;
  std::mutex logged_mutex_;
  std::condition_variable logged_changed_;
  std::string logged_;
  base::Log log_{base::LogLevel::kInfo, [this](base::LogLevel, std::string_view line) {
                   const std::scoped_lock lock(logged_mutex_);
                   if (logged_.empty()) logged_ = line;
                   logged_changed_.notify_all();
                 }};
  Witness witness_;
  std::vector<StreamId> opened_;  // one loop's
  std::unique_ptr<Server> server_;
  bool bound_ = false;
};

// GET /stream?open=TEXT or ?size=N, GET /ended, GET /fails, POST /echo, GET /hello.
inline void RunningServer::AddRoutes() {
  Add("GET", "/hello", [](const Request& request, size_t) -> Reply {
    Response response;
    response.content_type = "text/plain";
    response.body = "hello " + request.peer;
    return response;
  });
  Add("POST", "/echo", [](const Request& request, size_t) -> Reply {
    Response response;
    response.content_type = "text/plain";
    response.body = request.body;
    return response;
  });
  Add("GET", "/throws", [](const Request&, size_t) -> Reply { throw std::bad_alloc(); });
  const auto stream = [this](std::function<std::string(StreamId)> open) {
    StreamStart start;
    start.observer = &witness_;
    start.open = std::move(open);
    return start;
  };
  Add(
      "GET", "/stream",
      [this, stream](const Request& request, size_t) -> Reply {
        std::string opening(request.query.Find("open").value_or(""));
        if (const auto size = request.query.Find("size")) {
          opening.assign(std::stoul(std::string(*size)), 'o');
        }
        return stream([this, opening](StreamId id) {
          opened_.push_back(id);
          return opening;
        });
      },
      true);
  Add(
      "GET", "/ended",
      [this, stream](const Request&, size_t loop) -> Reply {
        return stream([this, loop](StreamId id) {
          server_->loop(loop).streams().End(id, "last");
          return std::string("first");
        });
      },
      true);
  Add(
      "GET", "/aborted",
      [this, stream](const Request&, size_t loop) -> Reply {
        return stream([this, loop](StreamId id) {
          server_->loop(loop).streams().Abort(id);
          return std::string("first");
        });
      },
      true);
  Add(
      "GET", "/fails",
      [stream](const Request&, size_t) -> Reply {
        return stream([](StreamId) -> std::string { throw std::runtime_error("no"); });
      },
      true);
}

}  // namespace livetape::http::testing
