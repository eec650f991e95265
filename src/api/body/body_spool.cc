#include "api/body/body_spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "api/body/multipart.h"
#include "base/disk_room.h"
#include "base/private_folder.h"
#include "base/thread_name.h"
#include "http/field_text.h"
#include "http/unavailable.h"
#include "http/unique_fd.h"

namespace livetape::api {
namespace {

// So that the sync at the end is a short one, however long the body.
constexpr uint64_t kSyncBytes = 32 << 20;

http::Response WriteFault(int code) {
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
    return http::Problem(507, "the server's disk has no room for this body");
  }
  if (code == EMFILE || code == ENFILE) {
    return http::Unavailable("the server has no file descriptor left for this body; try again");
  }
  return http::Problem(
      500, fmt::format("the body cannot be stored: {}", std::generic_category().message(code)));
}

}  // namespace

SpooledBody::~SpooledBody() { Remove(); }

SpooledBody::SpooledBody(SpooledBody&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      bytes_(other.bytes_),
      file_name_(std::move(other.file_name_)) {}

SpooledBody& SpooledBody::operator=(SpooledBody&& other) noexcept {
  if (this == &other) return *this;
  Remove();
  path_ = std::exchange(other.path_, {});
  bytes_ = other.bytes_;
  file_name_ = std::move(other.file_name_);
  return *this;
}

// A file that cannot be removed goes at the next start.
void SpooledBody::Remove() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

struct BodySpool::Body {
  explicit Body(std::filesystem::path where) : path(std::move(where)) {}
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  // A file that nobody has taken goes, at the next start at the latest.
  ~Body() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove(path, ignored);
  }

  // The spool's thread.
  std::filesystem::path path;
  http::UniqueFd fd;
  uint64_t written = 0, synced = 0;
  // Under the spool's mutex.
  size_t ahead = 0;  // bytes that are not written yet
  std::optional<http::Response> fault{};
  std::optional<std::pair<http::BodyFlow, size_t>> paused{};  // and its loop
};

class BodySpool::Sink final : public http::BodySink {
 public:
  Sink(BodySpool& spool, std::shared_ptr<const Uses> uses, const http::Request& head, size_t loop,
       std::shared_ptr<Body> body, std::optional<Multipart> form)
      : spool_(spool),
        uses_(std::move(uses)),
        head_(head),
        loop_(loop),
        body_(std::move(body)),
        form_(std::move(form)) {}
  ~Sink() override {
    if (body_ != nullptr)
      spool_.Put({.body = std::move(body_), .last = [](const std::shared_ptr<Body>&) {}});
  }

  std::expected<Room, http::Response> Put(std::string_view bytes,
                                          const http::BodyFlow& flow) override {
    std::string kept;
    if (form_) {
      if (auto put = form_->Put(bytes, kept); !put) {
        return std::unexpected(http::Problem(400, put.error().message));
      }
    } else {
      kept = bytes;
    }
    taken_ += kept.size();
    if (spool_.bytes_max_ > 0 && taken_ > spool_.bytes_max_) {
      return std::unexpected(
          http::Problem(413, fmt::format("the body is over {} bytes, the most that this path takes",
                                         spool_.bytes_max_)));
    }
    bool full = false;
    {
      const std::scoped_lock lock(spool_.mutex_);
      if (body_->fault) return std::unexpected(*body_->fault);
      body_->ahead += kept.size();
      full = body_->ahead > kAheadBytesMax;
      if (full) body_->paused.emplace(flow, loop_);
    }
    if (!kept.empty()) spool_.Put({.body = body_, .bytes = std::move(kept)});
    return full ? Room::kFull : Room::kMore;
  }

  http::Reply Finish() override {
    if (form_) {
      if (auto finished = form_->Finish(); !finished) {
        return http::Problem(400, finished.error().message);
      }
    }
    auto shared = std::make_shared<Rest>(Rest{.uses = uses_,
                                              .head = std::move(head_),
                                              .file_name = form_ ? form_->file_name() : "",
                                              .body = std::move(body_)});
    return http::DeferredReply{[&spool = spool_, loop = loop_, shared](http::Responder responder) {
      Task task{.body = std::move(shared->body)};
      task.last = [&spool, loop, shared,
                   responder = std::move(responder)](const std::shared_ptr<Body>& body) mutable {
        Answer(spool, loop, std::move(shared), *body, std::move(responder));
      };
      spool.Put(std::move(task));
    }};
  }

 private:
  // What is left of the sink behind Finish.
  struct Rest {
    std::shared_ptr<const Uses> uses;
    http::Request head;
    std::string file_name;
    std::shared_ptr<Body> body;
  };

  // The spool's thread: the last byte is written.
  static void Answer(BodySpool& spool, size_t loop, std::shared_ptr<Rest> rest, Body& body,
                     http::Responder responder) {
    spool.Sync(body);
    body.fd = http::UniqueFd();
    spool.Place(body, rest->uses->place());
    std::optional<http::Response> fault;
    {
      const std::scoped_lock lock(spool.mutex_);
      fault = body.fault;
    }
    SpooledBody file(std::exchange(body.path, {}), body.written, std::move(rest->file_name));
    spool.loops_[loop]->Put([rest = std::move(rest), loop, fault = std::move(fault),
                             file = std::move(file), responder = std::move(responder)]() mutable {
      if (fault) return responder.Send(*std::move(fault));
      rest->uses->take(rest->head, loop, std::move(file), std::move(responder));
    });
  }

  BodySpool& spool_;
  const std::shared_ptr<const Uses> uses_;
  http::Request head_;
  const size_t loop_;
  std::shared_ptr<Body> body_;
  std::optional<Multipart> form_;
  uint64_t taken_ = 0;
};

base::Result<std::unique_ptr<BodySpool>> BodySpool::Open(std::filesystem::path folder,
                                                         uint64_t bytes_max,
                                                         std::vector<Mailbox*> loops) {
  if (auto made = base::MakePrivateFolder(folder); !made) return std::unexpected(made.error());
  std::error_code error;
  for (const auto& left : std::filesystem::directory_iterator(folder, error)) {
    std::filesystem::remove(left.path(), error);
    if (error) break;
  }
  if (error) {
    return base::Fail(fmt::format("{}: what is left there of an earlier run cannot be removed: {}",
                                  folder.string(), error.message()));
  }
  return std::unique_ptr<BodySpool>(new BodySpool(std::move(folder), bytes_max, std::move(loops)));
}

BodySpool::BodySpool(std::filesystem::path folder, uint64_t bytes_max, std::vector<Mailbox*> loops)
    : folder_(std::move(folder)),
      bytes_max_(bytes_max),
      loops_(std::move(loops)),
      thread_([this] { Run(); }) {}

BodySpool::~BodySpool() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

http::BodyStart BodySpool::Into(Uses uses) {
  return [this, shared = std::make_shared<const Uses>(std::move(uses))](
             const http::Request& head, size_t loop) { return Begin(shared, head, loop); };
}

std::expected<std::unique_ptr<http::BodySink>, http::Response> BodySpool::Begin(
    const std::shared_ptr<const Uses>& uses, const http::Request& head, size_t loop) {
  const auto boundary = Multipart::BoundaryOf(head.headers.Find("Content-Type").value_or(""));
  if (!boundary) return std::unexpected(http::Problem(400, boundary.error().message));
  const std::string_view coding = head.headers.Find("Content-Encoding").value_or("identity");
  const bool plain = http::EqualsIgnoringCase(coding, "identity");
  if (!plain && (!http::EqualsIgnoringCase(coding, "gzip") || boundary->has_value())) {
    return std::unexpected(
        http::Problem(415, "the only Content-Encoding understood is gzip, and none around a form"));
  }
  if (auto refused = uses->refuse(head)) return std::unexpected(*std::move(refused));
  std::shared_ptr<Body> body;
  {
    const std::scoped_lock lock(mutex_);
    if (bodies_ == kBodiesMax)
      return std::unexpected(http::Unavailable("too many bodies are being received; try again"));
    ++bodies_;
    body = std::make_shared<Body>(folder_ / fmt::format("body-{}", ++last_number_));
  }
  std::optional<Multipart> form;
  if (*boundary) form.emplace(**boundary);
  return std::make_unique<Sink>(*this, uses, head, loop, std::move(body), std::move(form));
}

void BodySpool::Put(Task task) {
  {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void BodySpool::Run() {
  base::NameThread("spool");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !tasks_.empty() || stopping_; });
    if (stopping_) break;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    if (!task.last) {
      Write(*task.body, task.bytes);
      TellRoom(task.body, task.bytes.size());
    } else {
      // A body of no bytes is a file as well.
      Write(*task.body, {});
      task.last(task.body);
    }
    const bool ended = static_cast<bool>(task.last);
    task = {};
    lock.lock();
    if (ended) --bodies_;
  }
  tasks_.clear();
}

void BodySpool::Write(Body& body, std::string_view bytes) {
  if (Failed(body)) return;
  int code = 0;
  if (body.fd.get() < 0) {
    body.fd =
        http::UniqueFd(::open(body.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (body.fd.get() < 0) code = errno;
  }
  if (code == 0 && !bytes.empty() && !base::CheckRoom(folder_)) code = ENOSPC;
  while (code == 0 && !bytes.empty()) {
    const ssize_t wrote = ::write(body.fd.get(), bytes.data(), bytes.size());
    if (wrote >= 0) {
      bytes.remove_prefix(static_cast<size_t>(wrote));
      body.written += static_cast<uint64_t>(wrote);
    } else if (errno != EINTR) {
      code = errno;
    }
  }
  if (code != 0) return Fail(body, code);
  if (body.written - body.synced >= kSyncBytes) Sync(body);
}

bool BodySpool::Failed(const Body& body) {
  const std::scoped_lock lock(mutex_);
  return body.fault.has_value();
}

// What is made of the body may be promised to last, so the body must, and its name.
void BodySpool::Sync(Body& body) {
  if (Failed(body)) return;
  if (::fdatasync(body.fd.get()) != 0) return Fail(body, errno);
  body.synced = body.written;
}

void BodySpool::Place(Body& body, const std::filesystem::path& path) {
  if (Failed(body)) return;
  if (::rename(body.path.c_str(), path.c_str()) != 0) return Fail(body, errno);
  body.path = path;
  if (!base::SyncFolder(path.parent_path())) Fail(body, EIO);
}

void BodySpool::Fail(Body& body, int code) {
  const std::scoped_lock lock(mutex_);
  body.fault = WriteFault(code);
}

// A paused connection is read again when half of what was ahead is written, or to learn of a fault.
void BodySpool::TellRoom(const std::shared_ptr<Body>& body, size_t written) {
  std::optional<std::pair<http::BodyFlow, size_t>> paused;
  {
    const std::scoped_lock lock(mutex_);
    body->ahead -= written;
    if (body->ahead > kAheadBytesMax / 2 && !body->fault) return;
    paused = std::exchange(body->paused, std::nullopt);
  }
  if (!paused) return;
  loops_[paused->second]->Put([flow = std::move(paused->first)] { flow.Resume(); });
}

}  // namespace livetape::api
