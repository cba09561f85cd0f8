#define _GNU_SOURCE
#include "CSystem.h"

#include <linux/fs.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

int system_affinity_count(void) {
    enum { processors = 8192 };
    cpu_set_t *mask = CPU_ALLOC(processors);
    if (!mask) return 0;
    size_t size = CPU_ALLOC_SIZE(processors);
    int count = sched_getaffinity(0, size, mask) == 0 ? CPU_COUNT_S(size, mask) : 0;
    CPU_FREE(mask);
    return count;
}

struct system_gate {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

void *system_gate_create(void) {
    struct system_gate *gate = malloc(sizeof *gate);
    if (!gate) abort();
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&gate->condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return gate;
}

void system_gate_destroy(void *opaque) {
    struct system_gate *gate = opaque;
    pthread_cond_destroy(&gate->condition);
    pthread_mutex_destroy(&gate->mutex);
    free(gate);
}

void system_gate_lock(void *gate) { pthread_mutex_lock(&((struct system_gate *)gate)->mutex); }
void system_gate_unlock(void *gate) { pthread_mutex_unlock(&((struct system_gate *)gate)->mutex); }
void system_gate_wake_all(void *gate) { pthread_cond_broadcast(&((struct system_gate *)gate)->condition); }
void system_gate_wake_one(void *gate) { pthread_cond_signal(&((struct system_gate *)gate)->condition); }
void system_gate_wait(void *gate) {
    pthread_cond_wait(&((struct system_gate *)gate)->condition, &((struct system_gate *)gate)->mutex);
}

int system_gate_wait_until(void *opaque, double seconds) {
    struct system_gate *gate = opaque;
    struct timespec limit = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    return pthread_cond_timedwait(&gate->condition, &gate->mutex, &limit) == 0;
}

int system_start_thread(void *(*body)(void *), void *context, size_t stack_bytes) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int status = pthread_create(&thread, &attributes, body, context);
    pthread_attr_destroy(&attributes);
    return status;
}

int system_direct_flag(void) { return O_DIRECT; }

int system_syncfs(int descriptor) { return syncfs(descriptor); }

void system_begin_writing(int descriptor, size_t offset, size_t count) {
    (void)sync_file_range(descriptor, (off_t)offset, (off_t)count, SYNC_FILE_RANGE_WRITE);
}

int system_clone_range(int target, int source, size_t offset, size_t count) {
    struct file_clone_range range = {source, offset, count, offset};
    return ioctl(target, FICLONERANGE, &range);
}
