#pragma once

// Log: one logger that enters by reference; lines of text on stderr, thread-safe.
//
// A thin front to spdlog, so that no other file depends on it and tests can read what was said.

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/log_line.h"
#include "base/result.h"

namespace livetape::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson };

Result<LogLevel> ParseLogLevel(std::string_view text);

class Log {
 public:
  // Writes to stderr. JSON lines: {"time":"...","level":"info","message":"...","field":value}.
  Log(LogLevel level, LogFormat format);
  // Hands each line at or above `level` to `sink` instead. The sink is called under a lock.
  Log(LogLevel level, std::function<void(LogLevel, std::string_view)> sink);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Nothing below the log's level.
  void Write(LogLevel level, std::string_view message, std::span<const LogField> fields = {});
  // The same without ever waiting for who reads stderr: lines pass through a queue of 8,192 to a
  // thread of the log's own. When it is full the oldest of them are dropped and counted. For lines
  // that come by the thousand; a crash takes the queued ones with it.
  void WriteLater(LogLevel level, std::string_view message, std::span<const LogField> fields);
  uint64_t dropped() const;

  template <typename... Args>
  void Debug(fmt::format_string<Args...> format, Args&&... args) {
    if (level_ <= LogLevel::kDebug) {
      Write(LogLevel::kDebug, fmt::format(format, std::forward<Args>(args)...));
    }
  }
  template <typename... Args>
  void Info(fmt::format_string<Args...> format, Args&&... args) {
    if (level_ <= LogLevel::kInfo) {
      Write(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
    }
  }
  template <typename... Args>
  void Warning(fmt::format_string<Args...> format, Args&&... args) {
    Write(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
  }
  template <typename... Args>
  void Error(fmt::format_string<Args...> format, Args&&... args) {
    Write(LogLevel::kError, fmt::format(format, std::forward<Args>(args)...));
  }

 private:
  struct Backend;
  std::string Line(std::string_view message, std::span<const LogField> fields) const;

  const LogLevel level_;
  const LogFormat format_;
  std::unique_ptr<Backend> backend_;
};

}  // namespace livetape::base
