// What Swift's Glibc module does not offer: GNU extensions hidden behind _GNU_SOURCE, and pthread types whose
// members Swift attributes to whichever C module included them first. Both stay opaque behind these functions.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

// The processors in this process's affinity mask; 0 if the kernel's mask is larger than this can hold.
static inline int system_affinity_count(void) {
    enum { processors = 8192 };
    cpu_set_t *mask = CPU_ALLOC(processors);
    if (!mask) return 0;
    size_t size = CPU_ALLOC_SIZE(processors);
    int count = sched_getaffinity(0, size, mask) == 0 ? CPU_COUNT_S(size, mask) : 0;
    CPU_FREE(mask);
    return count;
}

// A mutex and a condition in one.
struct system_gate {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

static inline void *system_gate_create(void) {
    struct system_gate *gate = malloc(sizeof *gate);
    if (!gate) abort();
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->condition, NULL);
    return gate;
}

static inline void system_gate_destroy(void *opaque) {
    struct system_gate *gate = opaque;
    pthread_cond_destroy(&gate->condition);
    pthread_mutex_destroy(&gate->mutex);
    free(gate);
}

static inline void system_gate_lock(void *gate) { pthread_mutex_lock(&((struct system_gate *)gate)->mutex); }
static inline void system_gate_unlock(void *gate) { pthread_mutex_unlock(&((struct system_gate *)gate)->mutex); }
static inline void system_gate_wake_all(void *gate) { pthread_cond_broadcast(&((struct system_gate *)gate)->condition); }
static inline void system_gate_wait(void *gate) {
    pthread_cond_wait(&((struct system_gate *)gate)->condition, &((struct system_gate *)gate)->mutex);
}

static inline int system_start_thread(void *(*body)(void *), void *context, size_t stack_bytes) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int status = pthread_create(&thread, &attributes, body, context);
    pthread_attr_destroy(&attributes);
    return status;
}

// syncfs(2): waits until all data of the descriptor's file system is on disk.
static inline int system_syncfs(int descriptor) { return syncfs(descriptor); }
