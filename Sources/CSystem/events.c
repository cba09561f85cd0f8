#include "CSystem.h"

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int system_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int system_signal_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void system_signal_raise(int signal) {
    // Fails only where the signal is raised already, more often than 64 bits can count.
    if (eventfd_write(signal, 1) != 0) return;
}

void system_epoll_watch(int epoll, int descriptor, bool reading, bool writing) {
    struct epoll_event event = {.data.fd = descriptor};
    event.events = (reading ? EPOLLIN : 0u) | (writing ? EPOLLOUT : 0u);
    if (event.events == 0) {
        // A descriptor that was closed has left by itself.
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event);
    } else if (epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) != 0) {
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
    }
}

int system_epoll_wait(int epoll, int signal, struct system_event *events, int most, int milliseconds) {
    struct epoll_event found[64];
    int count = epoll_wait(epoll, found, most < 64 ? most : 64, milliseconds);
    for (int i = 0; i < count; i++) {
        events[i].descriptor = found[i].data.fd;
        events[i].is_readable = (found[i].events & EPOLLIN) != 0;
        events[i].is_writable = (found[i].events & EPOLLOUT) != 0;
        if (found[i].data.fd != signal) continue;
        eventfd_t value;
        if (eventfd_read(signal, &value) != 0) continue;
    }
    // Interrupted by a signal handler: nothing is ready.
    return count < 0 ? 0 : count;
}
