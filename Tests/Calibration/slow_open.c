// A slow store: each open of a path that contains SLOW_PATH takes SLOW_NANOSECONDS longer. Preload it (ld.so(8)).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void delay(const char *path) {
    const char *slow = getenv("SLOW_PATH"), *text = getenv("SLOW_NANOSECONDS");
    if (!slow || !text || !strstr(path, slow)) return;
    // Not nanosleep, whose shortest sleep is some 50 microseconds longer than asked for.
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec < atol(text));
}

#define SLOW(name)                                                              \
    int name(const char *path, int flags, ...) {                                \
        int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name); \
        va_list rest;                                                           \
        va_start(rest, flags);                                                  \
        int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0;       \
        va_end(rest);                                                           \
        delay(path);                                                            \
        return next(path, flags, mode);                                         \
    }

SLOW(open)
SLOW(open64)
