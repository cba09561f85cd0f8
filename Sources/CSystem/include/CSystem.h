// What Swift's Glibc module does not offer: GNU extensions hidden behind _GNU_SOURCE, and pthread types. Their
// headers stay out of sight here, because _GNU_SOURCE gives structures of the C library other members than the
// modules of other libraries see.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// The revision of the source tree that was built, as `git describe` names it; empty where it is not known.
const char *system_revision(void);

// The processors in this process's affinity mask; 0 if the kernel's mask is larger than this can hold.
int system_affinity_count(void);

// A mutex and a condition in one.
void *system_gate_create(void);
void system_gate_destroy(void *gate);
void system_gate_lock(void *gate);
void system_gate_unlock(void *gate);
void system_gate_wait(void *gate);
void system_gate_wake_all(void *gate);
void system_gate_wake_one(void *gate);
// Waits at most until `seconds` on the monotonic clock; returns 0 when that time has come.
int system_gate_wait_until(void *gate, double seconds);

// Starts a detached thread; returns 0 or an errno value.
int system_start_thread(void *(*body)(void *), void *context, size_t stack_bytes);

// O_DIRECT of open(2).
int system_direct_flag(void);

// syncfs(2): waits until all data of the descriptor's file system is on disk.
int system_syncfs(int descriptor);

// Lets the disk begin to write a part of a file, without waiting for it.
void system_begin_writing(int descriptor, size_t offset, size_t count);

// ioctl_ficlonerange(2): makes a range of the target share the blocks of the source; -1 where the file systems cannot. The
// range begins and ends at a block's border, or ends with the source.
int system_clone_range(int target, int source, size_t offset, size_t count);

// epoll(7) and eventfd(2). Descriptors, -1 where the system grants none.
int system_epoll_create(void);
int system_signal_create(void);
// Ends the wait of whoever watches the signal; may be called by any thread.
void system_signal_raise(int signal);
// Watches a descriptor from now on for what is given, or no longer.
void system_epoll_watch(int epoll, int descriptor, bool reading, bool writing);
struct system_event {
    int descriptor;
    bool is_readable;
    bool is_writable;
};
// Waits at most so long, and returns how many descriptors are ready; a signal among them is taken back.
int system_epoll_wait(int epoll, int signal, struct system_event *events, int most, int milliseconds);
