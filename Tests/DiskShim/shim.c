// Stands between a process and its disk (LD_PRELOAD): records what is written and synced below a folder, lets
// calls fail or come late, ends the process at an exact call, and moves the wall clock.
//
// PETREL_DISK_ROOT     the folder, absolute
// PETREL_DISK_CONTROL  a file of `struct control` that the test holds in memory too
// PETREL_DISK_LOG      where the record goes; none is kept without it
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// Kinds of calls. A write to a descriptor that syncs by itself (LMDB's meta page) is one of its own.
enum { DATA = 1, SYNC = 2, META = 4, NAMES = 8 };
enum { BEFORE, HALF, AFTER };
enum { SHORT_WRITE = -1 };

static struct control {
  _Atomic int64_t kinds;  // which calls fail
  _Atomic int64_t error;  // how: errno, or SHORT_WRITE
  _Atomic int64_t times;  // how many more; below zero for good
  _Atomic int64_t delay_ms;  // how much later every sync comes
  _Atomic int64_t clock_ms;  // how far CLOCK_REALTIME is moved
  _Atomic int64_t dies_at;  // the call at which the process ends; 0 for none
  _Atomic int64_t dies_how;
  _Atomic int64_t calls;  // how many there were
  _Atomic int64_t skips;  // how many of those that fail still succeed before
} unset, *control = &unset;

static char root[4096];
static size_t root_length;
static int log_file = -1;
static uint32_t sequence;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

// What each descriptor is to us.
enum { OURS = 1, SYNCED = 2, FOLDER = 4 };
static _Atomic uint8_t descriptors[65536];

// The function behind ours, as `real`.
#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("PETREL_DISK_ROOT"), *file = getenv("PETREL_DISK_CONTROL"), *log = getenv("PETREL_DISK_LOG");
  if (!folder || !file) return;
  int descriptor = open(file, O_RDWR | O_CLOEXEC);
  void *mapped = mmap(0, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (mapped == MAP_FAILED) abort();
  control = mapped;
  if (log) log_file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  strncpy(root, folder, sizeof root - 1);
  root_length = strlen(root);
}

// The path below the root; null for what lies elsewhere.
static const char *below(const char *path) {
  return root_length && strncmp(path, root, root_length) == 0 && path[root_length] == '/' ? path + root_length + 1 : 0;
}

static size_t length(const char *text) { return text ? strlen(text) : 0; }

static uint8_t what(int fd) { return fd >= 0 && fd < 65536 ? descriptors[fd] : 0; }

// MARK: Fates

static int fails(int64_t kind) {
  if (!(control->kinds & kind)) return 0;
  if (control->skips > 0 && atomic_fetch_sub(&control->skips, 1) > 0) return 0;
  int64_t left = control->times;
  do {
    if (left == 0) return 0;
  } while (left > 0 && !atomic_compare_exchange_weak(&control->times, &left, left - 1));
  return (int)control->error;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

// Counts a call; whether the process is to end at this one.
static int last_call(void) {
  int64_t number = atomic_fetch_add(&control->calls, 1) + 1;
  if (number != control->dies_at) return 0;
  if (control->dies_how == BEFORE) die();
  return 1;
}

// MARK: The record

struct entry {
  uint8_t kind, flags;
  uint16_t path;  // bytes of path that follow
  uint32_t sequence;
  uint64_t file, at, count;  // count bytes follow the path, unless they are zeros
};
enum { ZEROS = 1, SYNCS = 2 };

// With the turn taken. Answers the entry's number.
static uint32_t note(struct entry entry, const char *path, const void *bytes) {
  if (log_file < 0) return 0;
  entry.sequence = ++sequence;
  entry.path = length(path);
  struct iovec parts[3] = {
      {&entry, sizeof entry}, {(void *)path, entry.path}, {(void *)bytes, bytes && !(entry.flags & ZEROS) ? entry.count : 0}};
  REAL(writev);
  if (real(log_file, parts, 3) != (ssize_t)(parts[0].iov_len + parts[1].iov_len + parts[2].iov_len)) abort();
  return entry.sequence;
}

static uint32_t note_now(struct entry entry, const char *path, const void *bytes) {
  pthread_mutex_lock(&turn);
  uint32_t number = note(entry, path, bytes);
  pthread_mutex_unlock(&turn);
  return number;
}

static uint64_t number_of(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

// MARK: Writes

static ssize_t write_at(int fd, const char *bytes, size_t count, off_t at) {
  REAL(pwrite);
  return real(fd, bytes, count, at);
}

// Bytes that are gathered, at a place that is known: every kind of write comes to this.
static ssize_t put(int fd, const char *bytes, size_t count, off_t at) {
  int syncs = what(fd) & SYNCED, dies = last_call();
  int error = fails(syncs ? META : DATA);
  if (error == SHORT_WRITE) count /= 2;
  if (error > 0) return errno = error, -1;
  if (dies && control->dies_how == HALF) write_at(fd, bytes, count / 2, at), die();
  struct entry entry = {.kind = 'w', .flags = syncs ? SYNCS : 0, .file = number_of(fd), .at = at, .count = count};
  if (count && !*bytes && !memcmp(bytes, bytes + 1, count - 1)) entry.flags |= ZEROS;
  ssize_t done;
  if (syncs) {
    uint32_t begun = note_now(entry, 0, bytes);
    done = write_at(fd, bytes, count, at);
    if (done == (ssize_t)count) note_now((struct entry){.kind = 'd', .at = begun}, 0, 0);
  } else {
    pthread_mutex_lock(&turn);
    done = write_at(fd, bytes, count, at);
    if (done > 0) entry.count = done, note(entry, 0, bytes);
    pthread_mutex_unlock(&turn);
  }
  if (dies) die();
  return done;
}

static ssize_t put_next(int fd, const char *bytes, size_t count) {
  off_t at = lseek(fd, 0, SEEK_CUR);
  ssize_t done = put(fd, bytes, count, at);
  if (done > 0) lseek(fd, at + done, SEEK_SET);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  return what(fd) & OURS ? put(fd, bytes, count, at) : write_at(fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) { return pwrite(fd, bytes, count, at); }

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write);
  return what(fd) & OURS ? put_next(fd, bytes, count) : real(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  if (!(what(fd) & OURS)) return real(fd, parts, count);
  size_t size = 0;
  for (int i = 0; i < count; i++) size += parts[i].iov_len;
  char *bytes = malloc(size), *end = bytes;
  for (int i = 0; i < count; i++) end = mempcpy(end, parts[i].iov_base, parts[i].iov_len);
  ssize_t done = put_next(fd, bytes, size);
  free(bytes);
  return done;
}

// MARK: Syncs and lengths

static int sync_by(int fd, int (*real)(int)) {
  if (!(what(fd) & OURS)) return real(fd);
  int dies = last_call(), error = fails(SYNC);
  if (control->delay_ms) {
    struct timespec span = {control->delay_ms / 1000, control->delay_ms % 1000 * 1000000};
    nanosleep(&span, 0);
  }
  if (error > 0) return errno = error, -1;
  uint32_t begun = note_now((struct entry){.kind = 's', .file = number_of(fd)}, 0, 0);
  int result = real(fd);
  if (result == 0) note_now((struct entry){.kind = 'd', .at = begun}, 0, 0);
  if (dies) die();
  return result;
}

int fdatasync(int fd) {
  REAL(fdatasync);
  return sync_by(fd, real);
}

int fsync(int fd) {
  REAL(fsync);
  return sync_by(fd, real);
}

int ftruncate(int fd, off_t size) {
  REAL(ftruncate);
  if (!(what(fd) & OURS)) return real(fd, size);
  int dies = last_call(), error = fails(DATA);
  if (error > 0) return errno = error, -1;
  pthread_mutex_lock(&turn);
  int result = real(fd, size);
  if (result == 0) note((struct entry){.kind = 't', .file = number_of(fd), .at = size}, 0, 0);
  pthread_mutex_unlock(&turn);
  if (dies) die();
  return result;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

// MARK: Names

int open(const char *path, int flags, ...) {
  REAL(open);
  va_list list;
  va_start(list, flags);
  mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
  va_end(list);
  const char *name = below(path);
  int writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
  if (!name || !(writes || flags & O_DIRECTORY)) {
    int fd = real(path, flags, mode);
    if (fd >= 0 && fd < 65536) descriptors[fd] = 0;
    return fd;
  }
  int creates = flags & O_CREAT && access(path, F_OK) != 0;
  int dies = creates && last_call();
  // A disk that is read-only opens nothing for writing.
  int error = creates || (writes && control->error == EROFS) ? fails(NAMES) : 0;
  if (error > 0) return errno = error, -1;
  pthread_mutex_lock(&turn);
  int fd = real(path, flags, mode);
  if (fd >= 0 && fd < 65536) {
    descriptors[fd] = OURS | (flags & O_DSYNC ? SYNCED : 0) | (flags & O_DIRECTORY ? FOLDER : 0);
    note((struct entry){.kind = creates ? 'c' : 'o', .file = number_of(fd)}, name, 0);
    if (flags & O_TRUNC && !creates) note((struct entry){.kind = 't', .file = number_of(fd)}, 0, 0);
  }
  pthread_mutex_unlock(&turn);
  if (dies) die();
  return fd;
}
int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
  va_end(list);
  return open(path, flags, mode);
}

int close(int fd) {
  REAL(close);
  if (fd >= 0 && fd < 65536) descriptors[fd] = 0;
  return real(fd);
}

// A call on a name, with its real function as `expression`.
#define ON_NAME(path, letter, other, expression) \
  const char *name = below(path); \
  if (!name) return expression; \
  int dies = last_call(), error = fails(NAMES); \
  if (error > 0) return errno = error, -1; \
  pthread_mutex_lock(&turn); \
  int result = expression; \
  if (result == 0) note((struct entry){.kind = letter, .count = length(other)}, name, other); \
  pthread_mutex_unlock(&turn); \
  if (dies) die(); \
  return result

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  ON_NAME(path, 'm', 0, real(path, mode));
}

int rmdir(const char *path) {
  REAL(rmdir);
  ON_NAME(path, 'u', 0, real(path));
}

int unlink(const char *path) {
  REAL(unlink);
  ON_NAME(path, 'u', 0, real(path));
}

int rename(const char *path, const char *target) {
  REAL(rename);
  ON_NAME(path, 'r', below(target), real(path, target));
}

// MARK: What is said to the outside

// Notes the value that follows `field` in what is about to be sent, where it begins with `start`.
static void tell(char letter, const char *bytes, size_t count, const char *start, const char *field) {
  if (log_file < 0 || count < strlen(start) || memcmp(bytes, start, strlen(start))) return;
  const char *found = memmem(bytes, count, field, strlen(field));
  if (!found) return;
  char value[256] = {0};
  found += strlen(field);
  for (size_t i = 0; i < sizeof value - 1 && found + i < bytes + count && found[i] != '\r'; i++) value[i] = found[i];
  note_now((struct entry){.kind = letter}, value, 0);
}

static void tell_all(const char *bytes, size_t count) {
  tell('a', bytes, count, "HTTP/1.1 20", "Petrel-Event-Id: ");
  tell('b', bytes, count, "POST ", "Idempotency-Key: ");
}

ssize_t send(int fd, const void *bytes, size_t count, int flags) {
  REAL(send);
  tell_all(bytes, count);
  return real(fd, bytes, count, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  REAL(sendmsg);
  if (message->msg_iovlen) tell_all(message->msg_iov[0].iov_base, message->msg_iov[0].iov_len);
  return real(fd, message, flags);
}

// MARK: The clock

int clock_gettime(clockid_t clock, struct timespec *time) {
  REAL(clock_gettime);
  int result = real(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) {
    time->tv_sec += control->clock_ms / 1000;
    time->tv_nsec += control->clock_ms % 1000 * 1000000;
    if (time->tv_nsec >= 1000000000) time->tv_sec++, time->tv_nsec -= 1000000000;
    if (time->tv_nsec < 0) time->tv_sec--, time->tv_nsec += 1000000000;
  }
  return result;
}
