#pragma once

// FaultVfs: SQLite's usual file layer with a disk that can be made to fail, for tests only.
//
// One test owns it; its switches may be turned by any thread while others write. The files stand
// in the real file system. Limits: no memory mapping, which livetape does not use.
// Interface: sqlite.org/c3ref/vfs.html.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace livetape::sqlite {

class FaultVfs {
 public:
  // Registers it with SQLite as `name`, which no other has; must outlive all files opened by it.
  // `usual`: those are also the ones that are opened without a name.
  explicit FaultVfs(std::string name, bool usual = false);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  const std::string& name() const { return name_; }

  // Every write fails with "disk full".
  void SetFull(bool full) { full_ = full; }
  // After `healthy` more, the next `count` writes store the first half of their bytes and fail.
  void ShortenWrites(int count, int healthy = 0) {
    healthy_writes_ = healthy;
    short_writes_ = count;
  }
  // After `healthy` more, the next `count` syncs fail after everything has been written.
  void FailSyncs(int count, int healthy = 0) {
    healthy_syncs_ = healthy;
    failing_syncs_ = count;
  }
  // Every read fails.
  void SetUnreadable(bool unreadable) { unreadable_ = unreadable; }
  // Each sync waits this long.
  void SlowSyncs(std::chrono::milliseconds by) { sync_delay_ = by; }
  // Syncs wait until they are let go.
  void HoldSyncs();
  void LetSyncsGo();

  uint64_t syncs() const { return syncs_; }
  uint64_t writes() const { return writes_; }

 private:
  friend struct FaultFile;
  struct Registration;

  void BeforeSync();

  const std::string name_;
  std::atomic<bool> full_ = false, unreadable_ = false;
  std::atomic<int> healthy_writes_ = 0, short_writes_ = 0, failing_syncs_ = 0, healthy_syncs_ = 0;
  std::atomic<std::chrono::milliseconds> sync_delay_{};
  std::atomic<uint64_t> syncs_ = 0, writes_ = 0;
  std::mutex mutex_;
  std::condition_variable let_go_;
  bool held_ = false;
  std::unique_ptr<Registration> registration_;
};

}  // namespace livetape::sqlite
