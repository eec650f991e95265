// A library to be preloaded: writes down what its process does to the files below $JOURNALED_DISK's
// device, in the file $WRITE_JOURNAL, so that whoever reads that can take back what was not
// synced, as the loss of power does. Writes go where they always go.
//
// The journal is mapped by all processes that have the library. Its first eight bytes are its length;
// each entry takes its place by moving that. An entry, numbers of the machine's order:
//
//   u64 length        of all of it, a multiple of 8
//   u64 kind          kWrite, kTruncate, kSync or kRename; 0 while it is being written
//   u64 inode         kSync: a folder's too; kRename: of the folder that has the new name
//   u64 offset        of the first byte that changed; kSync: the journal's length when the sync began
//   u64 before        the file's size before
//   u64 old_bytes     how many bytes from `offset` on follow as they were; the others were not there
//   u64 new_bytes     kWrite: how many follow them as they are now
//                     kRename: old_bytes and new_bytes are of the old and the new path
//
// One thread at a time writes to a file, as SQLite's locks and livetape's own rules have it: the order of
// entries for a file is that of its writes.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { kWrite = 1, kTruncate = 2, kSync = 3, kRename = 4 };

struct Entry {
  uint64_t length;
  _Atomic uint64_t kind;
  uint64_t inode, offset, before, old_bytes, new_bytes;
};

static uint8_t *journal;
static uint64_t journal_size;
static dev_t device;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int), (*real_fdatasync)(int);
static int (*real_rename)(const char *, const char *);

// ISO C has no cast from an object pointer to a function's.
static void Find(void *function, const char *name) {
  void *const found = dlsym(RTLD_NEXT, name);
  memcpy(function, &found, sizeof(found));
}

__attribute__((constructor)) static void Begin(void) {
  Find(&real_pwrite, "pwrite");
  Find(&real_write, "write");
  Find(&real_writev, "writev");
  Find(&real_ftruncate, "ftruncate");
  Find(&real_fsync, "fsync");
  Find(&real_fdatasync, "fdatasync");
  Find(&real_rename, "rename");
  const char *const root = getenv("JOURNALED_DISK"), *const path = getenv("WRITE_JOURNAL");
  struct stat disk, file;
  if (!root || !path || stat(root, &disk) != 0) return;
  const int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  if (fstat(fd, &file) == 0) {
    void *const bytes =
        mmap(NULL, (size_t)file.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes != MAP_FAILED) {
      device = disk.st_dev;
      journal_size = (uint64_t)file.st_size;
      journal = bytes;
    }
  }
  close(fd);
}

// Whether what happens to the file is written down; then `file` tells of it as it is.
static int Watched(int fd, struct stat *file) {
  return journal && fstat(fd, file) == 0 && S_ISREG(file->st_mode) && file->st_dev == device;
}

static _Atomic uint64_t *Length(void) { return (_Atomic uint64_t *)journal; }

// A place for an entry with so many bytes behind it; null if the journal is full, which its reader
// sees by its length.
static struct Entry *Place(uint64_t bytes) {
  const uint64_t length = (sizeof(struct Entry) + bytes + 7) / 8 * 8;
  const uint64_t at = atomic_fetch_add(Length(), length);
  if (at + length > journal_size) return NULL;
  struct Entry *const entry = (struct Entry *)(journal + at);
  entry->length = length;
  return entry;
}

static void Note(uint64_t kind, ino_t inode, uint64_t offset, uint64_t before, const void *old_bytes,
                 uint64_t old_size, const struct iovec *parts, uint64_t new_size) {
  struct Entry *const entry = Place(old_size + new_size);
  if (!entry) return;
  entry->inode = inode;
  entry->offset = offset;
  entry->before = before;
  entry->old_bytes = old_size;
  entry->new_bytes = new_size;
  uint8_t *to = (uint8_t *)(entry + 1);
  if (old_size > 0) memcpy(to, old_bytes, old_size);
  to += old_size;
  for (uint64_t left = new_size; left > 0; ++parts) {
    const uint64_t size = parts->iov_len < left ? parts->iov_len : left;
    memcpy(to, parts->iov_base, size);
    to += size;
    left -= size;
  }
  atomic_store(&entry->kind, kind);
}

// The bytes that stand at `offset`, up to `most` of them. A descriptor that cannot be read is one that
// only appends, so that there are none.
static uint64_t Standing(int fd, uint64_t offset, uint64_t most, uint64_t size, uint8_t **bytes) {
  *bytes = NULL;
  if (offset >= size) return 0;
  const uint64_t wanted = most < size - offset ? most : size - offset;
  *bytes = malloc(wanted);
  if (!*bytes) return 0;
  const ssize_t got = pread(fd, *bytes, wanted, (off_t)offset);
  return got > 0 ? (uint64_t)got : 0;
}

static ssize_t WriteParts(int fd, const struct iovec *parts, int count, off_t offset, int at_offset) {
  struct stat file;
  if (!Watched(fd, &file)) {
    return at_offset ? real_pwrite(fd, parts->iov_base, parts->iov_len, offset)
                     : real_writev(fd, parts, count);
  }
  if (!at_offset) {
    offset = fcntl(fd, F_GETFL) & O_APPEND ? file.st_size : lseek(fd, 0, SEEK_CUR);
  }
  uint64_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  uint8_t *old_bytes;
  const uint64_t before = (uint64_t)file.st_size;
  const uint64_t old_size = Standing(fd, (uint64_t)offset, size, before, &old_bytes);
  const ssize_t written = at_offset ? real_pwrite(fd, parts->iov_base, parts->iov_len, offset)
                                    : real_writev(fd, parts, count);
  const int error = errno;
  if (written > 0) {
    const uint64_t changed = (uint64_t)written < old_size ? (uint64_t)written : old_size;
    Note(kWrite, file.st_ino, (uint64_t)offset, before, old_bytes, changed, parts,
         (uint64_t)written);
  }
  free(old_bytes);
  errno = error;
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
  const struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
  return WriteParts(fd, &part, 1, offset, 1);
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
  return pwrite(fd, bytes, size, offset);
}
ssize_t write(int fd, const void *bytes, size_t size) {
  if (!journal) {
    if (!real_write) Begin();
    return real_write(fd, bytes, size);
  }
  const struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
  return WriteParts(fd, &part, 1, 0, 0);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!real_writev) Begin();
  return WriteParts(fd, parts, count, 0, 0);
}

int ftruncate(int fd, off_t size) {
  struct stat file;
  if (!Watched(fd, &file)) return real_ftruncate(fd, size);
  uint8_t *old_bytes;
  const uint64_t old_size =
      Standing(fd, (uint64_t)size, UINT64_MAX, (uint64_t)file.st_size, &old_bytes);
  const int status = real_ftruncate(fd, size);
  const int error = errno;
  if (status == 0) {
    Note(kTruncate, file.st_ino, (uint64_t)size, (uint64_t)file.st_size, old_bytes, old_size, NULL, 0);
  }
  free(old_bytes);
  errno = error;
  return status;
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

static int Sync(int fd, int (*real)(int)) {
  struct stat file;
  const int watched =
      Watched(fd, &file) || (journal && S_ISDIR(file.st_mode) && file.st_dev == device);
  const uint64_t begun = watched ? atomic_load(Length()) : 0;
  const int status = real(fd);
  if (watched && status == 0) Note(kSync, file.st_ino, begun, 0, NULL, 0, NULL, 0);
  return status;
}
int fsync(int fd) { return Sync(fd, real_fsync); }
int fdatasync(int fd) { return Sync(fd, real_fdatasync); }

// The folder of the new name is the one that has to be synced; both paths are absolute.
int rename(const char *from, const char *to) {
  const char *const end = strrchr(to, '/');
  char folder[PATH_MAX];
  struct stat file;
  const int status = real_rename(from, to);
  if (status != 0 || !journal || !end || end == to || end - to >= PATH_MAX) return status;
  const int error = errno;
  memcpy(folder, to, (size_t)(end - to));
  folder[end - to] = '\0';
  if (stat(folder, &file) == 0 && file.st_dev == device) {
    const struct iovec part = {.iov_base = (void *)to, .iov_len = strlen(to)};
    Note(kRename, file.st_ino, 0, 0, from, strlen(from), &part, strlen(to));
  }
  errno = error;
  return status;
}
