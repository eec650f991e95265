#include "sqlite/fault_vfs.h"

#include <sqlite3.h>

#include <new>

#include "base/assert.h"

namespace livetape::sqlite {

// SQLite allocates szOsFile bytes for a file: this, and behind it the real file's.
struct FaultFile {
  sqlite3_file base;
  FaultVfs* faults;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  static FaultFile* Of(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file); }

  static bool TakeOne(std::atomic<int>& count) {
    int left = count;
    while (left > 0 && !count.compare_exchange_weak(left, left - 1)) {
    }
    return left > 0;
  }

  static int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    auto* const self = Of(file);
    if (self->faults->unreadable_) return SQLITE_IOERR_READ;
    return self->real()->pMethods->xRead(self->real(), out, size, offset);
  }

  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    auto* const self = Of(file);
    sqlite3_file* const real = self->real();
    ++self->faults->writes_;
    if (self->faults->full_) return SQLITE_FULL;
    if (!TakeOne(self->faults->healthy_writes_) && TakeOne(self->faults->short_writes_)) {
      real->pMethods->xWrite(real, bytes, size / 2, offset);
      return SQLITE_IOERR_WRITE;
    }
    return real->pMethods->xWrite(real, bytes, size, offset);
  }

  static int Sync(sqlite3_file* file, int flags) {
    auto* const self = Of(file);
    self->faults->BeforeSync();
    if (!TakeOne(self->faults->healthy_syncs_) && TakeOne(self->faults->failing_syncs_)) {
      return SQLITE_IOERR_FSYNC;
    }
    return self->real()->pMethods->xSync(self->real(), flags);
  }

  static const sqlite3_io_methods* Methods();
};

struct FaultVfs::Registration {
  sqlite3_vfs vfs;
};

namespace {

// Calls a method of the real file.
template <auto Method, typename... Args>
auto Forward(sqlite3_file* file, Args... args) {
  sqlite3_file* const real = FaultFile::Of(file)->real();
  return (real->pMethods->*Method)(real, args...);
}

}  // namespace

const sqlite3_io_methods* FaultFile::Methods() {
  using M = sqlite3_io_methods;
  static const sqlite3_io_methods methods = {
      .iVersion = 2,  // 3 is memory mapping
      .xClose = Forward<&M::xClose>,
      .xRead = Read,
      .xWrite = Write,
      .xTruncate = Forward<&M::xTruncate, sqlite3_int64>,
      .xSync = Sync,
      .xFileSize = Forward<&M::xFileSize, sqlite3_int64*>,
      .xLock = Forward<&M::xLock, int>,
      .xUnlock = Forward<&M::xUnlock, int>,
      .xCheckReservedLock = Forward<&M::xCheckReservedLock, int*>,
      .xFileControl = Forward<&M::xFileControl, int, void*>,
      .xSectorSize = Forward<&M::xSectorSize>,
      .xDeviceCharacteristics = Forward<&M::xDeviceCharacteristics>,
      .xShmMap = Forward<&M::xShmMap, int, int, int, void volatile**>,
      .xShmLock = Forward<&M::xShmLock, int, int, int>,
      .xShmBarrier = Forward<&M::xShmBarrier>,
      .xShmUnmap = Forward<&M::xShmUnmap, int>,
      .xFetch = nullptr,
      .xUnfetch = nullptr,
  };
  return &methods;
}

namespace {

int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  auto* const self = new (file)
      FaultFile{.base = {.pMethods = nullptr}, .faults = static_cast<FaultVfs*>(vfs->pAppData)};
  sqlite3_vfs* const real = sqlite3_vfs_find("unix");
  const int code = real->xOpen(real, path, self->real(), flags, out_flags);
  // Without methods SQLite does not close it.
  if (self->real()->pMethods != nullptr) self->base.pMethods = FaultFile::Methods();
  return code;
}

}  // namespace

FaultVfs::FaultVfs(std::string name, bool usual)
    : name_(std::move(name)), registration_(std::make_unique<Registration>()) {
  sqlite3_initialize();
  sqlite3_vfs* const real = sqlite3_vfs_find("unix");
  LT_ASSERT(real != nullptr && sqlite3_vfs_find(name_.c_str()) == nullptr, "{}", name_);
  // All but opening is the real one's: those methods look at nothing but their path arguments.
  registration_->vfs = *real;
  registration_->vfs.pNext = nullptr;
  registration_->vfs.zName = name_.c_str();
  registration_->vfs.pAppData = this;
  registration_->vfs.szOsFile = static_cast<int>(sizeof(FaultFile)) + real->szOsFile;
  registration_->vfs.xOpen = Open;
  sqlite3_vfs_register(&registration_->vfs, usual ? 1 : 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&registration_->vfs); }

void FaultVfs::HoldSyncs() {
  const std::scoped_lock lock(mutex_);
  held_ = true;
}

void FaultVfs::LetSyncsGo() {
  const std::scoped_lock lock(mutex_);
  held_ = false;
  let_go_.notify_all();
}

void FaultVfs::BeforeSync() {
  ++syncs_;
  std::unique_lock lock(mutex_);
  let_go_.wait(lock, [this] { return !held_; });
  const std::chrono::milliseconds delay = sync_delay_;
  if (delay.count() > 0) let_go_.wait_for(lock, delay, [] { return false; });
}

}  // namespace livetape::sqlite
