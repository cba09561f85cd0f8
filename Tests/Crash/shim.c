// Stands between a tool and the C library (LD_PRELOAD): counts the calls that read or change files, and kills the
// process right before one of them, or lets it fail.
//
//   SHIM_ROOT     only files below this folder count; sockets always do
//   SHIM_STATE    a file that this program maps and counts in, so that counts outlive a kill: struct state, below
//   SHIM_KINDS    which kinds of calls may be hit, as in "rename,unlink"; see `names`
//   SHIM_PATH     only calls whose path contains this text
//   SHIM_AT       hit the Nth such call, counted from 1 …
//   SHIM_ONE_IN   … or by chance, one in so many; SHIM_SEED chooses which
//   SHIM_ERRNO    fail with this errno, or one of several: "28,5"; without it the process is killed
//   SHIM_STICKY   1: all such calls from the Nth on fail
//   SHIM_SHORT    1: a write that is hit first writes half of its bytes, as a full disk or a kill leaves them; a write that
//                 should fail then reports this half, and the next one fails
//
// Threads count together, so that the Nth call is another one now and then.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN, CREATE, READ, WRITE, RENAME, SYNC, UNLINK, MKDIR, RMDIR, TRUNCATE, UTIME, LINK, CLONE, LIST, CLOSE, STAT,
            CONNECT, SEND, RECEIVE, KINDS };
static const char *const names[KINDS] = {"open", "create", "read", "write", "rename", "sync", "unlink", "mkdir", "rmdir",
                                         "truncate", "utime", "link", "clone", "list", "close", "stat", "connect", "send",
                                         "receive"};

// What the driver reads; shim.py knows the layout.
struct state {
    atomic_ullong counts[KINDS];
    atomic_ullong matched;
    atomic_ullong hits;
    char first[1024]; // kind and path of the first call that was hit
};

static struct state own, *state = &own;
static const char *root = "", *part;
static unsigned wanted;
static unsigned long long at, one_in, seed;
static int errors[16], error_count, sticky, is_short, is_ready;

static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static unsigned long long number(const char *name) {
    const char *value = variable(name);
    return value ? strtoull(value, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
    if (variable("SHIM_ROOT")) root = variable("SHIM_ROOT");
    part = variable("SHIM_PATH");
    at = number("SHIM_AT");
    one_in = number("SHIM_ONE_IN");
    seed = number("SHIM_SEED");
    sticky = number("SHIM_STICKY") != 0;
    is_short = number("SHIM_SHORT") != 0;
    const char *list = variable("SHIM_ERRNO");
    while (list && *list && error_count < 16) {
        char *end;
        errors[error_count++] = (int)strtol(list, &end, 10);
        list = *end ? end + 1 : end;
    }
    char kinds[512] = "";
    strncpy(kinds, variable("SHIM_KINDS") ? variable("SHIM_KINDS") : "", sizeof kinds - 1);
    char *rest = kinds, *word;
    while ((word = strsep(&rest, ",")))
        for (int kind = 0; kind < KINDS; kind++)
            if (!strcmp(word, names[kind])) wanted |= 1u << kind;
    const char *file = variable("SHIM_STATE");
    if (file) {
        int descriptor = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR);
        void *mapped = MAP_FAILED;
        if (descriptor >= 0) mapped = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (mapped == MAP_FAILED) {
            fprintf(stderr, "shim: cannot map %s\n", file);
            _exit(99);
        }
        state = mapped;
        syscall(SYS_close, descriptor);
    }
    is_ready = 1;
}

// Chance without memory, so that threads need no lock: a number's bits, well mixed.
static unsigned long long mixed(unsigned long long value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ull;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebull;
    return value ^ (value >> 31);
}

static _Noreturn void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

// Whether this call fails, and by which errno; 0 when it is let through. Does not return when the process is to be killed.
static int hit(enum kind kind, const char *path, int will_be_short) {
    atomic_fetch_add(&state->counts[kind], 1);
    if (!(wanted >> kind & 1) || (part && !strstr(path, part))) return 0;
    unsigned long long ordinal = atomic_fetch_add(&state->matched, 1) + 1, chance = mixed(seed * 1000003 + ordinal);
    int is_hit = at ? ordinal == at || (sticky && ordinal > at) : one_in && chance % one_in == 0;
    if (!is_hit) return 0;
    if (atomic_fetch_add(&state->hits, 1) == 0) snprintf(state->first, sizeof state->first, "%s %s", names[kind], path);
    if (error_count) return errors[mixed(chance + 1) % error_count];
    if (!will_be_short) die();
    return -1;
}

static int counts(const char *path) { return !strncmp(path, root, strlen(root)); }

// The path of a descriptor; empty where it is no file that counts.
static const char *path_of(int descriptor, char *buffer, size_t size) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, buffer, size - 1);
    buffer[length < 0 ? 0 : length] = 0;
    return buffer;
}

// 0, or the errno by which a call on a descriptor fails.
static int check_descriptor(enum kind kind, int descriptor, int will_be_short) {
    char buffer[4096];
    // What a tool says may go to a file as well, and is no part of its work.
    if (!is_ready || descriptor <= STDERR_FILENO) return 0;
    int saved = errno;
    const char *path = path_of(descriptor, buffer, sizeof buffer);
    int code = path[0] == '/' && counts(path) ? hit(kind, path, will_be_short) : 0;
    errno = saved;
    return code;
}

// 0, or the errno by which a call on a path fails.
static int check_path(enum kind kind, int folder, const char *path) {
    char buffer[8192];
    if (!is_ready || !path) return 0;
    int saved = errno;
    if (path[0] != '/') {
        if (folder == AT_FDCWD) {
            ssize_t length = readlink("/proc/self/cwd", buffer, 4095);
            buffer[length < 0 ? 0 : length] = 0;
        } else {
            path_of(folder, buffer, 4096);
        }
        size_t length = strlen(buffer);
        snprintf(buffer + length, sizeof buffer - length, "/%s", path);
        path = buffer;
    }
    int code = counts(path) ? hit(kind, path, 0) : 0;
    errno = saved;
    return code;
}

static int check_socket(enum kind kind, int family) {
    return is_ready && (family == AF_INET || family == AF_INET6) ? hit(kind, "socket", 0) : 0;
}

static int family_of(int descriptor) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int saved = errno, failed = getsockname(descriptor, (struct sockaddr *)&address, &length);
    errno = saved;
    return failed ? AF_UNSPEC : address.ss_family;
}

#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define FAIL(check, value) \
    do { \
        int failure = (check); \
        if (failure) { \
            errno = failure; \
            return value; \
        } \
    } while (0)

// MARK: opening

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) { \
        va_list list; \
        va_start(list, flags); \
        mode = va_arg(list, mode_t); \
        va_end(list); \
    }
#define KIND(flags) ((flags) & O_CREAT ? CREATE : OPEN)

int open(const char *path, int flags, ...) {
    NEXT(open);
    MODE(flags)
    FAIL(check_path(KIND(flags), AT_FDCWD, path), -1);
    return next(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    NEXT(open64);
    MODE(flags)
    FAIL(check_path(KIND(flags), AT_FDCWD, path), -1);
    return next(path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
    NEXT(openat);
    MODE(flags)
    FAIL(check_path(KIND(flags), folder, path), -1);
    return next(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
    NEXT(openat64);
    MODE(flags)
    FAIL(check_path(KIND(flags), folder, path), -1);
    return next(folder, path, flags, mode);
}
int creat(const char *path, mode_t mode) {
    NEXT(creat);
    FAIL(check_path(CREATE, AT_FDCWD, path), -1);
    return next(path, mode);
}
#define FOPEN(name) \
    FILE *name(const char *path, const char *mode) { \
        NEXT(name); \
        FAIL(check_path(mode[0] == 'r' ? OPEN : CREATE, AT_FDCWD, path), NULL); \
        return next(path, mode); \
    }
FOPEN(fopen)
FOPEN(fopen64)

int close(int descriptor) {
    NEXT(close);
    int code = check_descriptor(CLOSE, descriptor, 0), status = next(descriptor);
    FAIL(code, -1);
    return status;
}

// MARK: bytes

#define READER(name, parameters, arguments) \
    ssize_t name parameters { \
        NEXT(name); \
        FAIL(check_descriptor(READ, descriptor, 0), -1); \
        return next arguments; \
    }
READER(read, (int descriptor, void *bytes, size_t count), (descriptor, bytes, count))
READER(pread, (int descriptor, void *bytes, size_t count, off_t offset), (descriptor, bytes, count, offset))
READER(pread64, (int descriptor, void *bytes, size_t count, off64_t offset), (descriptor, bytes, count, offset))
READER(readv, (int descriptor, const struct iovec *parts, int count), (descriptor, parts, count))
READER(preadv, (int descriptor, const struct iovec *parts, int count, off_t offset), (descriptor, parts, count, offset))
READER(preadv64, (int descriptor, const struct iovec *parts, int count, off64_t offset), (descriptor, parts, count, offset))

// A short write is told as such once; what comes after it in the file fails.
static atomic_int is_half_written;
#define WRITER(name, parameters, arguments, half) \
    ssize_t name parameters { \
        NEXT(name); \
        int code = check_descriptor(WRITE, descriptor, is_short && count > 1); \
        if (code && is_short && count > 1 && !atomic_exchange(&is_half_written, 1)) { \
            size_t whole = count; \
            count = whole / 2; \
            ssize_t written = half; \
            if (!error_count) die(); \
            return written; \
        } \
        FAIL(code, -1); \
        return next arguments; \
    }
WRITER(write, (int descriptor, const void *bytes, size_t count), (descriptor, bytes, count), next(descriptor, bytes, count))
WRITER(pwrite, (int descriptor, const void *bytes, size_t count, off_t offset), (descriptor, bytes, count, offset),
       next(descriptor, bytes, count, offset))
WRITER(pwrite64, (int descriptor, const void *bytes, size_t count, off64_t offset), (descriptor, bytes, count, offset),
       next(descriptor, bytes, count, offset))
#define VECTOR_WRITER(name, parameters, arguments) \
    ssize_t name parameters { \
        NEXT(name); \
        FAIL(check_descriptor(WRITE, descriptor, 0), -1); \
        return next arguments; \
    }
VECTOR_WRITER(writev, (int descriptor, const struct iovec *parts, int count), (descriptor, parts, count))
VECTOR_WRITER(pwritev, (int descriptor, const struct iovec *parts, int count, off_t offset), (descriptor, parts, count, offset))
VECTOR_WRITER(pwritev64, (int descriptor, const struct iovec *parts, int count, off64_t offset),
              (descriptor, parts, count, offset))
ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t count, unsigned flags) {
    NEXT(copy_file_range);
    FAIL(check_descriptor(WRITE, to, 0), -1);
    return next(from, from_offset, to, to_offset, count, flags);
}
size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file) {
    NEXT(fwrite);
    FAIL(check_descriptor(WRITE, fileno(file), 0), 0);
    return next(bytes, size, count, file);
}

#define ON_DESCRIPTOR(kind, name, parameters, arguments) \
    int name parameters { \
        NEXT(name); \
        FAIL(check_descriptor(kind, descriptor, 0), -1); \
        return next arguments; \
    }
ON_DESCRIPTOR(SYNC, fsync, (int descriptor), (descriptor))
ON_DESCRIPTOR(SYNC, fdatasync, (int descriptor), (descriptor))
ON_DESCRIPTOR(SYNC, syncfs, (int descriptor), (descriptor))
ON_DESCRIPTOR(TRUNCATE, ftruncate, (int descriptor, off_t size), (descriptor, size))
ON_DESCRIPTOR(TRUNCATE, ftruncate64, (int descriptor, off64_t size), (descriptor, size))
ON_DESCRIPTOR(TRUNCATE, fallocate, (int descriptor, int mode, off_t offset, off_t size), (descriptor, mode, offset, size))
ON_DESCRIPTOR(TRUNCATE, fallocate64, (int descriptor, int mode, off64_t offset, off64_t size), (descriptor, mode, offset, size))
ON_DESCRIPTOR(UTIME, futimens, (int descriptor, const struct timespec times[2]), (descriptor, times))

// These give the errno back instead of setting it.
int posix_fallocate(int descriptor, off_t offset, off_t size) {
    NEXT(posix_fallocate);
    int code = check_descriptor(TRUNCATE, descriptor, 0);
    return code ? code : next(descriptor, offset, size);
}

int ioctl(int descriptor, unsigned long request, ...) {
    NEXT(ioctl);
    va_list list;
    va_start(list, request);
    void *argument = va_arg(list, void *);
    va_end(list);
    if (request == FICLONERANGE || request == FICLONE) FAIL(check_descriptor(CLONE, descriptor, 0), -1);
    return next(descriptor, request, argument);
}

// MARK: names

#define ON_PATH(kind, name, parameters, folder, path, arguments) \
    int name parameters { \
        NEXT(name); \
        FAIL(check_path(kind, folder, path), -1); \
        return next arguments; \
    }
ON_PATH(RENAME, rename, (const char *from, const char *to), AT_FDCWD, to, (from, to))
ON_PATH(RENAME, renameat, (int old, const char *from, int folder, const char *to), folder, to, (old, from, folder, to))
ON_PATH(RENAME, renameat2, (int old, const char *from, int folder, const char *to, unsigned flags), folder, to,
        (old, from, folder, to, flags))
ON_PATH(UNLINK, unlink, (const char *path), AT_FDCWD, path, (path))
ON_PATH(RMDIR, rmdir, (const char *path), AT_FDCWD, path, (path))
ON_PATH(MKDIR, mkdir, (const char *path, mode_t mode), AT_FDCWD, path, (path, mode))
ON_PATH(MKDIR, mkdirat, (int folder, const char *path, mode_t mode), folder, path, (folder, path, mode))
ON_PATH(UTIME, utimensat, (int folder, const char *path, const struct timespec times[2], int flags), folder, path,
        (folder, path, times, flags))
ON_PATH(LINK, link, (const char *from, const char *to), AT_FDCWD, to, (from, to))
ON_PATH(LINK, linkat, (int old, const char *from, int folder, const char *to, int flags), folder, to,
        (old, from, folder, to, flags))
ON_PATH(LINK, symlink, (const char *from, const char *to), AT_FDCWD, to, (from, to))
ON_PATH(TRUNCATE, truncate, (const char *path, off_t size), AT_FDCWD, path, (path, size))
int unlinkat(int folder, const char *path, int flags) {
    NEXT(unlinkat);
    FAIL(check_path(flags & AT_REMOVEDIR ? RMDIR : UNLINK, folder, path), -1);
    return next(folder, path, flags);
}

// MARK: looking

ON_PATH(STAT, stat, (const char *path, struct stat *status), AT_FDCWD, path, (path, status))
ON_PATH(STAT, lstat, (const char *path, struct stat *status), AT_FDCWD, path, (path, status))
ON_PATH(STAT, fstatat, (int folder, const char *path, struct stat *status, int flags), folder, path,
        (folder, path, status, flags))
ON_PATH(STAT, stat64, (const char *path, struct stat64 *status), AT_FDCWD, path, (path, status))
ON_PATH(STAT, lstat64, (const char *path, struct stat64 *status), AT_FDCWD, path, (path, status))
ON_PATH(STAT, fstatat64, (int folder, const char *path, struct stat64 *status, int flags), folder, path,
        (folder, path, status, flags))
ON_PATH(STAT, statx, (int folder, const char *path, int flags, unsigned mask, struct statx *status), folder, path,
        (folder, path, flags, mask, status))
ON_PATH(STAT, access, (const char *path, int mode), AT_FDCWD, path, (path, mode))
ON_PATH(STAT, faccessat, (int folder, const char *path, int mode, int flags), folder, path, (folder, path, mode, flags))
ON_DESCRIPTOR(STAT, fstat, (int descriptor, struct stat *status), (descriptor, status))
ON_DESCRIPTOR(STAT, fstat64, (int descriptor, struct stat64 *status), (descriptor, status))

DIR *opendir(const char *path) {
    NEXT(opendir);
    FAIL(check_path(LIST, AT_FDCWD, path), NULL);
    return next(path);
}
DIR *fdopendir(int descriptor) {
    NEXT(fdopendir);
    FAIL(check_descriptor(LIST, descriptor, 0), NULL);
    return next(descriptor);
}
struct dirent *readdir(DIR *folder) {
    NEXT(readdir);
    FAIL(check_descriptor(LIST, dirfd(folder), 0), NULL);
    return next(folder);
}
struct dirent64 *readdir64(DIR *folder) {
    NEXT(readdir64);
    FAIL(check_descriptor(LIST, dirfd(folder), 0), NULL);
    return next(folder);
}

// MARK: sockets

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
    NEXT(connect);
    FAIL(check_socket(CONNECT, address->sa_family), -1);
    return next(descriptor, address, length);
}
ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    NEXT(send);
    FAIL(check_socket(SEND, family_of(descriptor)), -1);
    return next(descriptor, bytes, count, flags);
}
ssize_t recv(int descriptor, void *bytes, size_t count, int flags) {
    NEXT(recv);
    FAIL(check_socket(RECEIVE, family_of(descriptor)), -1);
    return next(descriptor, bytes, count, flags);
}
