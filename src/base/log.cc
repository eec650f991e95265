#include "base/log.h"

#include <pthread.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <mutex>
#include <utility>

namespace livetape::base {
namespace {

constexpr size_t kQueuedLines = 8192;

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

LogLevel FromSpdlog(spdlog::level::level_enum level) {
  if (level <= spdlog::level::debug) return LogLevel::kDebug;
  if (level == spdlog::level::info) return LogLevel::kInfo;
  if (level == spdlog::level::warn) return LogLevel::kWarning;
  return LogLevel::kError;
}

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(LogLevel, std::string_view)> function)
      : function_(std::move(function)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    function_(FromSpdlog(message.level),
              std::string_view(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

  const std::function<void(LogLevel, std::string_view)> function_;
};

std::unique_ptr<spdlog::formatter> MakeFormatter(LogFormat format) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  if (format == LogFormat::kText) {
    formatter->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-7l %v");
  } else {
    // Write gives it members, not a bare message.
    formatter->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})");
  }
  return formatter;
}

}  // namespace

struct Log::Backend {
  explicit Backend(spdlog::sink_ptr sink)
      : logger(std::make_shared<spdlog::logger>("livetape", std::move(sink))) {
    logger->set_level(spdlog::level::trace);  // Write has the say
  }

  // The logger of WriteLater, with its thread from the first call on: most logs need none.
  spdlog::logger& Later() {
    std::call_once(later_started, [this] {
      pool = std::make_shared<spdlog::details::thread_pool>(
          kQueuedLines, 1, [] { pthread_setname_np(pthread_self(), "log"); });
      later = std::make_shared<spdlog::async_logger>("livetape", logger->sinks().front(), pool,
                                                     spdlog::async_overflow_policy::overrun_oldest);
      queue.store(pool.get());
    });
    return *later;
  }

  const std::shared_ptr<spdlog::logger> logger;
  std::once_flag later_started;
  std::shared_ptr<spdlog::logger> later;
  std::shared_ptr<spdlog::details::thread_pool> pool;  // its end writes what is queued
  std::atomic<spdlog::details::thread_pool*> queue = nullptr;
  bool own_thread = true;  // for WriteLater; not with a sink that is a function
};

Result<LogLevel> ParseLogLevel(std::string_view text) {
  if (text == "debug") return LogLevel::kDebug;
  if (text == "info") return LogLevel::kInfo;
  if (text == "warning") return LogLevel::kWarning;
  if (text == "error") return LogLevel::kError;
  return Fail(fmt::format("'{}' is not a log level; use debug, info, warning or error", text));
}

Log::Log(LogLevel level, LogFormat format) : level_(level), format_(format) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_formatter(MakeFormatter(format));
  backend_ = std::make_unique<Backend>(std::move(sink));
}

Log::Log(LogLevel level, std::function<void(LogLevel, std::string_view)> sink)
    : level_(level),
      format_(LogFormat::kText),
      backend_(std::make_unique<Backend>(std::make_shared<FunctionSink>(std::move(sink)))) {
  backend_->own_thread = false;
}

Log::~Log() = default;

std::string Log::Line(std::string_view message, std::span<const LogField> fields) const {
  std::string line;
  if (format_ == LogFormat::kJson) {
    AppendLogJson(line, message, fields);
  } else {
    AppendLogText(line, message, fields);
  }
  return line;
}

void Log::Write(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  if (level < level_) return;
  backend_->logger->log(ToSpdlog(level), Line(message, fields));
}

void Log::WriteLater(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  if (!backend_->own_thread) return Write(level, message, fields);
  if (level < level_) return;
  backend_->Later().log(ToSpdlog(level), Line(message, fields));
}

uint64_t Log::dropped() const {
  auto* const queue = backend_->queue.load();
  return queue == nullptr ? 0 : queue->overrun_counter();
}

}  // namespace livetape::base
