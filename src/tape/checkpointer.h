#pragma once

// Checkpointer: copies the write-ahead log into the main file on a thread and a connection of its
// own, so that commits go on meanwhile. Its owner's thread asks for a pass and looks when it is over.

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/log.h"
#include "sqlite/database.h"

namespace livetape::tape {

class Checkpointer {
 public:
  Checkpointer(std::filesystem::path path, std::string vfs, base::Log& log);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Asks for a pass; there is none under way.
  void Request();
  bool busy() const;
  void WaitUntilIdle();
  // Frames of the log that were in the main file after the last pass; 0 after one that failed.
  uint64_t copied_frames() const;

 private:
  void Run();
  uint64_t Pass();

  const std::filesystem::path path_;
  const std::string vfs_;
  base::Log& log_;
  std::optional<sqlite::Database> database_;  // the thread's
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool busy_ = false, stopping_ = false;
  uint64_t copied_frames_ = 0;
  std::thread thread_;
};

}  // namespace livetape::tape
