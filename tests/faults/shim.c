/* A witness between a program and its disk, preloaded by tests/faults/disk.py.
 *
 * For files under WITNESS_DIR it writes every change and every sync, in the order they happened, to WITNESS_LOG, so that
 * the disk after a power cut at any moment can be rebuilt. With WITNESS_ROOM it also lets those files grow by that many
 * bytes only, and then says ENOSPC as a full disk does.
 *
 * Record: kind (1 byte), file number (1), reserved (2), length (4), offset (8), then `length` bytes.
 * Kinds: N a file's name, W bytes written, T truncated to offset, S synced, U unlinked.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_FDS 4096
#define MAX_FILES 200

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *dir;
static size_t dir_length;
static long long room = -1;
static unsigned char number_of[MAX_FDS]; /* 0: not ours */
static char *names[MAX_FILES];
static int files;

static void record(char kind, int number, uint64_t offset, const void *data, uint32_t length) {
    struct __attribute__((packed)) { char kind; uint8_t number; uint16_t reserved; uint32_t length; uint64_t offset; }
        head = {kind, (uint8_t)number, 0, length, offset};
    if (log_fd < 0) return;
    if (syscall(SYS_write, log_fd, &head, sizeof head) != (long)sizeof head) abort();
    while (length) {
        long done = syscall(SYS_write, log_fd, data, (size_t)length);
        if (done <= 0) abort();
        data = (const char *)data + done;
        length -= (uint32_t)done;
    }
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("WITNESS_LOG"), *limit = getenv("WITNESS_ROOM");
    dir = getenv("WITNESS_DIR");
    dir_length = dir ? strlen(dir) : 0;
    if (limit) room = atoll(limit);
    if (path) log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int number(const char *path) {
    int n;
    for (n = 1; n <= files; n++)
        if (strcmp(names[n], path) == 0) return n;
    if (files + 1 >= MAX_FILES) abort();
    names[++files] = strdup(path);
    record('N', files, 0, path + dir_length, (uint32_t)strlen(path + dir_length));
    return files;
}

static int ours(const char *path) { return dir && strncmp(path, dir, dir_length) == 0; }

static void opened(int fd, const char *path, int flags) {
    if (fd < 0 || fd >= MAX_FDS) return;
    pthread_mutex_lock(&turn);
    number_of[fd] = 0;
    if (path && ours(path) && !(flags & O_DIRECTORY)) {
        number_of[fd] = (unsigned char)number(path);
        if (flags & O_TRUNC) record('T', number_of[fd], 0, "", 0);
    }
    pthread_mutex_unlock(&turn);
}

#define OPEN(name)                                                        \
    int name(const char *path, int flags, ...) {                          \
        static int (*real)(const char *, int, ...);                       \
        va_list rest; mode_t mode; int fd;                                \
        va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); \
        if (!real) real = dlsym(RTLD_NEXT, #name);                        \
        fd = real(path, flags, mode);                                     \
        opened(fd, path, flags);                                          \
        return fd;                                                        \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                      \
    int name(int at, const char *path, int flags, ...) {                  \
        static int (*real)(int, const char *, int, ...);                  \
        va_list rest; mode_t mode; int fd;                                \
        va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); \
        if (!real) real = dlsym(RTLD_NEXT, #name);                        \
        fd = real(at, path, flags, mode);                                 \
        opened(fd, path, flags);                                          \
        return fd;                                                        \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "close");
    if (fd >= 0 && fd < MAX_FDS) number_of[fd] = 0;
    return real(fd);
}

static int ours_fd(int fd) { return fd >= 0 && fd < MAX_FDS ? number_of[fd] : 0; }

/* Called with the turn held. Whether the file may grow to `end`; takes the room. */
static int may_grow(int fd, long long end) {
    struct stat now;
    long long more;
    if (room < 0 || fstat(fd, &now) != 0) return 1;
    more = end - (long long)now.st_size;
    if (more <= 0) return 1;
    if (more > room) { errno = ENOSPC; return 0; }
    room -= more;
    return 1;
}

static ssize_t put(int fd, const void *data, size_t length, off_t offset) {
    ssize_t done;
    if (!may_grow(fd, (long long)offset + (long long)length)) return -1;
    done = syscall(SYS_pwrite64, fd, data, length, offset);
    if (done > 0) record('W', number_of[fd], (uint64_t)offset, data, (uint32_t)done);
    return done;
}

#define PWRITE(name)                                                              \
    ssize_t name(int fd, const void *data, size_t length, off_t offset) {         \
        ssize_t done;                                                             \
        if (!ours_fd(fd)) return syscall(SYS_pwrite64, fd, data, length, offset); \
        pthread_mutex_lock(&turn);                                                \
        done = put(fd, data, length, offset);                                     \
        pthread_mutex_unlock(&turn);                                              \
        return done;                                                              \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t write(int fd, const void *data, size_t length) {
    ssize_t done;
    off_t offset;
    if (!ours_fd(fd)) return syscall(SYS_write, fd, data, length);
    pthread_mutex_lock(&turn);
    offset = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    done = put(fd, data, length, offset);
    if (done > 0) lseek(fd, offset + done, SEEK_SET);
    pthread_mutex_unlock(&turn);
    return done;
}

#define TRUNCATE(name)                                                                       \
    int name(int fd, off_t length) {                                                         \
        int done;                                                                            \
        if (!ours_fd(fd)) return (int)syscall(SYS_ftruncate, fd, length);                    \
        pthread_mutex_lock(&turn);                                                           \
        done = may_grow(fd, (long long)length) ? (int)syscall(SYS_ftruncate, fd, length) : -1; \
        if (done == 0) record('T', number_of[fd], (uint64_t)length, "", 0);                  \
        pthread_mutex_unlock(&turn);                                                         \
        return done;                                                                         \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define FALLOCATE(name)                                                            \
    int name(int fd, off_t offset, off_t length) {                                 \
        static int (*real)(int, off_t, off_t);                                     \
        int done;                                                                  \
        if (!real) real = dlsym(RTLD_NEXT, #name);                                 \
        if (!ours_fd(fd)) return real(fd, offset, length);                         \
        pthread_mutex_lock(&turn);                                                 \
        done = may_grow(fd, (long long)offset + length) ? real(fd, offset, length) : ENOSPC; \
        pthread_mutex_unlock(&turn);                                               \
        return done;                                                               \
    }
FALLOCATE(posix_fallocate)
FALLOCATE(posix_fallocate64)

/* A sync is only noted: what reaches the real disk does not matter here, and noting is quick. */
#define SYNC(name)                                           \
    int name(int fd) {                                       \
        static int (*real)(int);                             \
        if (!real) real = dlsym(RTLD_NEXT, #name);           \
        if (!ours_fd(fd)) return real(fd);                   \
        pthread_mutex_lock(&turn);                           \
        record('S', number_of[fd], 0, "", 0);                \
        pthread_mutex_unlock(&turn);                         \
        return 0;                                            \
    }
SYNC(fsync)
SYNC(fdatasync)

static void gone(const char *path) {
    struct stat now;
    if (!ours(path) || stat(path, &now) != 0) return;
    pthread_mutex_lock(&turn);
    if (room >= 0) room += (long long)now.st_size;
    record('U', number(path), 0, "", 0);
    pthread_mutex_unlock(&turn);
}

int unlink(const char *path) {
    static int (*real)(const char *);
    if (!real) real = dlsym(RTLD_NEXT, "unlink");
    gone(path);
    return real(path);
}
