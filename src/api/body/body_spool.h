#pragma once

// BodySpool: bodies of requests on their way into files, for routes whose bodies have no bound. A
// thread of its own writes them, so that no event loop waits for a disk.
//
// At most kBodiesMax bodies are under way, each with about kAheadBytesMax that have not been written:
// its connection is not read while there are more. A file goes with its SpooledBody; what a crash
// has left goes at the next Open.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/publishing/mailbox.h"
#include "base/result.h"
#include "http/body_sink.h"

namespace livetape::api {

// A whole body in a file, which goes with it. The file is on disk, with its name. Movable; any thread.
class SpooledBody {
 public:
  SpooledBody(std::filesystem::path path, uint64_t bytes, std::string file_name)
      : path_(std::move(path)), bytes_(bytes), file_name_(std::move(file_name)) {}
  ~SpooledBody();
  SpooledBody(SpooledBody&& other) noexcept;
  SpooledBody& operator=(SpooledBody&& other) noexcept;

  const std::filesystem::path& path() const { return path_; }
  uint64_t bytes() const { return bytes_; }
  // The file stays where it is.
  void Keep() { path_.clear(); }
  // As the client's form calls it; empty: it has not said.
  const std::string& file_name() const { return file_name_; }

 private:
  void Remove();

  std::filesystem::path path_;  // empty: none that goes with it
  uint64_t bytes_;
  std::string file_name_;
};

class BodySpool {
 public:
  static constexpr size_t kBodiesMax = 16;
  static constexpr size_t kAheadBytesMax = 1 << 20;

  // What becomes of the bodies of a route.
  struct Uses {
    // A new name for a whole body, in a folder that there is, on the same disk. Any thread.
    std::function<std::filesystem::path()> place{};
    // The others run on the request's loop.
    // What the request is refused with before its body is read; nothing: it is welcome.
    std::function<std::optional<http::Response>(const http::Request& head)> refuse{};
    // The body is there. The answer goes through the responder, at any time.
    std::function<void(const http::Request& head, size_t loop, SpooledBody body,
                       http::Responder responder)>
        take{};
  };

  // `folder` is made if it is missing; files in it go. A body of more than `bytes_max` gets 413; 0:
  // as much as the disk has. `loops`: by index; they outlive the spool, as the spool does the server.
  static base::Result<std::unique_ptr<BodySpool>> Open(std::filesystem::path folder,
                                                       uint64_t bytes_max,
                                                       std::vector<Mailbox*> loops);
  // Bodies that are not whole go.
  ~BodySpool();
  BodySpool(const BodySpool&) = delete;
  BodySpool& operator=(const BodySpool&) = delete;

  // For Route::body. The bytes are spooled as they are, but of multipart/form-data the first file;
  // Content-Encoding may be gzip, which is left as it is. Otherwise 415; too many bodies at a time:
  // 503; the disk has no room to spare (base/disk_room.h): 507.
  http::BodyStart Into(Uses uses);

 private:
  class Sink;
  // A body under way, of its sink and the spool's thread.
  struct Body;
  struct Task {
    std::shared_ptr<Body> body;
    std::string bytes{};
    std::move_only_function<void(const std::shared_ptr<Body>&)>
        last{};  // instead of bytes: there are no more
  };

  BodySpool(std::filesystem::path folder, uint64_t bytes_max, std::vector<Mailbox*> loops);
  std::expected<std::unique_ptr<http::BodySink>, http::Response> Begin(
      const std::shared_ptr<const Uses>& uses, const http::Request& head, size_t loop);
  void Put(Task task);
  void Run();
  bool Failed(const Body& body);
  void Write(Body& body, std::string_view bytes);
  void Sync(Body& body);
  void Place(Body& body, const std::filesystem::path& path);
  void Fail(Body& body, int code);
  void TellRoom(const std::shared_ptr<Body>& body, size_t written);

  const std::filesystem::path folder_;
  const uint64_t bytes_max_;
  const std::vector<Mailbox*> loops_;
  std::mutex mutex_;  // of what follows, and of the bodies' shared parts
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  size_t bodies_ = 0;
  uint64_t last_number_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace livetape::api
