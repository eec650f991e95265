#pragma once

// Checkpointer: copies the write-ahead log of a database into its main file on a thread and a
// connection of its own, so that commits go on meanwhile and nobody waits for its syncs. Its owner's
// thread asks for a pass and looks when it is over.

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/result.h"
#include "sqlite/database.h"

namespace livetape::sqlite {

class Checkpointer {
 public:
  // `failed` is told of each pass that the disk did not take, on the checkpointer's thread.
  Checkpointer(std::filesystem::path path, std::string vfs,
               std::function<void(const base::Error&)> failed);
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
  const std::function<void(const base::Error&)> failed_;
  std::optional<Database> database_;  // the thread's
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool busy_ = false, stopping_ = false;
  uint64_t copied_frames_ = 0;
  std::thread thread_;
};

}  // namespace livetape::sqlite
