// Tells the thread sanitizer of the order that Swift's Mutex makes when two threads want it at once. Its fast path is
// compiled into this project and seen; the slow one is in libswiftSynchronization, which is not built for the sanitizer,
// and hands the lock over in the kernel: without this, what one thread wrote looks like a race to the next.
//
// To be preloaded into the tests; scripts/test-sanitizers builds it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define swift_function __attribute__((swiftcall))
#define swift_self __attribute__((swift_context))

// Absent in processes without the sanitizer, such as swift itself.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

typedef swift_function void lock_function(uint32_t thread, swift_self void *mutex);
typedef swift_function void unlock_function(swift_self void *mutex);

// _MutexHandle._lockSlow(_: UInt32)
static const char *const lock_name = "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF";
// _MutexHandle._unlockSlow()
static const char *const unlock_name = "$s15Synchronization12_MutexHandleV11_unlockSlowyyF";

swift_function void lock_slow(uint32_t thread, swift_self void *mutex)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
swift_function void unlock_slow(swift_self void *mutex) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

swift_function void lock_slow(uint32_t thread, swift_self void *mutex) {
    ((lock_function *)dlsym(RTLD_NEXT, lock_name))(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

swift_function void unlock_slow(swift_self void *mutex) {
    if (__tsan_release) __tsan_release(mutex);
    ((unlock_function *)dlsym(RTLD_NEXT, unlock_name))(mutex);
}
