// A link between a client and a server: delays what goes over it, and lets through so much a second in each direction.
//
//     link-proxy SERVER-ADDRESS SERVER-PORT RTT-MILLISECONDS MBIT-PER-SECOND [MBIT-PER-SECOND-OF-A-CONNECTION]
//
// Listens on 127.0.0.1 and writes the port to standard output; 0 Mbit/s is no limit. A connection brings its first byte
// after the round trip that its handshake would take. All connections share the first rate. What it does not have is TCP's slow
// start, and losses: it is a link that nobody else uses. Bytes stay in the kernel (splice), in a pipe for each direction.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

// Of a direction of a connection: 10 Gbit/s for 30 ms need 37 MB, which several connections share. More than this a process
// without rights may not ask for.
enum { PIPE_BYTES = 1 << 20, MOST_EVENTS = 64 };

// What a descriptor of epoll is.
enum Kind { LISTENER, TIMER, ENDPOINT };

struct Endpoint;

struct Direction {
    struct Endpoint *from, *to;
    int pipe[2];
    // Bytes in the pipe that may leave it, and that may not yet.
    size_t due, waiting;
    bool ended, told;
    uint64_t not_before;
    // When its own rate has let through all that was given to it.
    uint64_t idle_from;
};

struct Endpoint {
    enum Kind kind;
    int socket;
    bool readable, writable;
    struct Connection *connection;
};

struct Connection {
    struct Endpoint ends[2];
    struct Direction directions[2];
    // Parcels of it that the heap still has.
    int parcels;
    bool closed;
};

// So many bytes of a direction may leave at a time.
struct Parcel {
    uint64_t time;
    struct Direction *direction;
    struct Connection *connection;
    size_t count;
};

static struct Parcel *heap;
static size_t heap_count, heap_capacity;
static uint64_t delay;
static double nanoseconds_per_byte, nanoseconds_per_byte_of_connection;
// When the link has taken all that was given to it, by direction.
static uint64_t idle_from[2];
static int poll_descriptor, timer_descriptor;
static struct sockaddr_in server;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t latest(uint64_t one, uint64_t other) { return one > other ? one : other; }

static double nanoseconds_at(const char *mbit) { return atof(mbit) > 0 ? 8e3 / atof(mbit) : 0; }

static void push(struct Parcel parcel) {
    if (heap_count == heap_capacity) {
        heap_capacity = heap_capacity ? 2 * heap_capacity : 1024;
        heap = realloc(heap, heap_capacity * sizeof *heap);
        if (!heap) fail("memory");
    }
    size_t place = heap_count++;
    for (; place > 0 && heap[(place - 1) / 2].time > parcel.time; place = (place - 1) / 2) heap[place] = heap[(place - 1) / 2];
    heap[place] = parcel;
    parcel.connection->parcels++;
}

static struct Parcel pop(void) {
    struct Parcel first = heap[0], last = heap[--heap_count];
    size_t place = 0;
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= heap_count) break;
        if (child + 1 < heap_count && heap[child + 1].time < heap[child].time) child++;
        if (heap[child].time >= last.time) break;
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = last;
    first.connection->parcels--;
    return first;
}

static void watch(int descriptor, void *who, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = who};
    if (epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
}

static void free_if_unused(struct Connection *connection) {
    if (connection->closed && connection->parcels == 0) free(connection);
}

static void end(struct Connection *connection) {
    if (connection->closed) return;
    connection->closed = true;
    for (int i = 0; i < 2; i++) {
        close(connection->ends[i].socket);
        close(connection->directions[i].pipe[0]);
        close(connection->directions[i].pipe[1]);
    }
}

// Takes what the source has.
static void take(struct Direction *direction, int number) {
    struct Connection *connection = direction->from->connection;
    while (direction->from->readable && !direction->ended && !connection->closed) {
        ssize_t count = splice(direction->from->socket, NULL, direction->pipe[1], NULL, 1 << 18, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (count < 0 && errno == EAGAIN) {
            // Where the pipe is full it goes on when some of it has left.
            if (direction->due + direction->waiting == 0) direction->from->readable = false;
            return;
        }
        if (count < 0) return end(connection);
        uint64_t time = now();
        if (idle_from[number] < time) idle_from[number] = time;
        idle_from[number] += (uint64_t)((double)count * nanoseconds_per_byte);
        if (direction->idle_from < time) direction->idle_from = time;
        direction->idle_from += (uint64_t)((double)count * nanoseconds_per_byte_of_connection);
        time = latest(latest(idle_from[number], direction->idle_from), direction->not_before);
        direction->waiting += (size_t)count;
        if (count == 0) direction->ended = true;
        push((struct Parcel){time + delay, direction, connection, (size_t)count});
    }
}

// Gives the destination what may leave.
static void give(struct Direction *direction) {
    struct Connection *connection = direction->to->connection;
    while (direction->due > 0 && direction->to->writable && !connection->closed) {
        ssize_t count = splice(direction->pipe[0], NULL, direction->to->socket, NULL, direction->due, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (count < 0 && errno == EAGAIN) {
            direction->to->writable = false;
            return;
        }
        if (count <= 0) return end(connection);
        direction->due -= (size_t)count;
    }
    if (direction->ended && !direction->told && direction->due + direction->waiting == 0 && !connection->closed) {
        direction->told = true;
        shutdown(direction->to->socket, SHUT_WR);
        if (connection->directions[0].told && connection->directions[1].told) end(connection);
    }
}

static void move_on(struct Connection *connection) {
    for (int i = 0; i < 2 && !connection->closed; i++) {
        give(&connection->directions[i]);
        take(&connection->directions[i], i);
    }
}

static void accept_all(int listener) {
    int client;
    while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        int upstream = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
        if (upstream < 0) fail("socket");
        if (connect(upstream, (struct sockaddr *)&server, sizeof server) < 0) {
            close(client);
            close(upstream);
            continue;
        }
        fcntl(upstream, F_SETFL, O_NONBLOCK);
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        setsockopt(upstream, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct Connection *connection = calloc(1, sizeof *connection);
        if (!connection) fail("memory");
        for (int i = 0; i < 2; i++) {
            struct Direction *direction = &connection->directions[i];
            connection->ends[i] = (struct Endpoint){ENDPOINT, i ? upstream : client, false, true, connection};
            direction->from = &connection->ends[i];
            direction->to = &connection->ends[1 - i];
            if (pipe2(direction->pipe, O_NONBLOCK) < 0) fail("pipe");
            fcntl(direction->pipe[1], F_SETPIPE_SZ, PIPE_BYTES);
        }
        // The client believes in the connection at once; it would learn of it a round trip later.
        connection->directions[0].not_before = now() + 2 * delay;
        for (int i = 0; i < 2; i++) watch(connection->ends[i].socket, &connection->ends[i], EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
    }
}

static void release_due(void) {
    uint64_t expirations, time = now();
    if (read(timer_descriptor, &expirations, sizeof expirations) < 0 && errno != EAGAIN) fail("timer");
    while (heap_count > 0 && heap[0].time <= time) {
        struct Parcel parcel = pop();
        if (!parcel.connection->closed) {
            parcel.direction->due += parcel.count;
            parcel.direction->waiting -= parcel.count;
            move_on(parcel.connection);
        }
        free_if_unused(parcel.connection);
    }
}

static void set_timer(void) {
    if (heap_count == 0) return;
    struct itimerspec when = {.it_value = {(time_t)(heap[0].time / 1000000000), (long)(heap[0].time % 1000000000)}};
    timerfd_settime(timer_descriptor, TFD_TIMER_ABSTIME, &when, NULL);
}

static int listen_anywhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0) fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int count, char **arguments) {
    if (count != 5 && count != 6) {
        fprintf(stderr, "usage: link-proxy SERVER-ADDRESS SERVER-PORT RTT-MILLISECONDS MBIT-PER-SECOND [OF-A-CONNECTION]\n");
        return 64;
    }
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[2]))};
    if (inet_pton(AF_INET, arguments[1], &server.sin_addr) != 1) fail(arguments[1]);
    delay = (uint64_t)(atof(arguments[3]) / 2 * 1e6);
    nanoseconds_per_byte = nanoseconds_at(arguments[4]);
    if (count == 6) nanoseconds_per_byte_of_connection = nanoseconds_at(arguments[5]);
    // A client that is gone is found out by what splice returns.
    signal(SIGPIPE, SIG_IGN);
    poll_descriptor = epoll_create1(0);
    timer_descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    enum Kind listener_kind = LISTENER, timer_kind = TIMER;
    int listener = listen_anywhere();
    watch(listener, &listener_kind, EPOLLIN);
    watch(timer_descriptor, &timer_kind, EPOLLIN);
    for (;;) {
        struct epoll_event events[MOST_EVENTS];
        set_timer();
        int ready = epoll_wait(poll_descriptor, events, MOST_EVENTS, -1);
        // Connections that end are freed when all events of this time are dealt with, for both their ends may be among them.
        struct Connection *touched[MOST_EVENTS];
        int touched_count = 0;
        for (int i = 0; i < ready; i++) {
            enum Kind kind = *(enum Kind *)events[i].data.ptr;
            if (kind == LISTENER) accept_all(listener);
            if (kind != ENDPOINT) continue;
            struct Endpoint *endpoint = events[i].data.ptr;
            if (events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) endpoint->readable = true;
            if (events[i].events & (EPOLLOUT | EPOLLERR)) endpoint->writable = true;
            endpoint->connection->parcels++;
            touched[touched_count++] = endpoint->connection;
            move_on(endpoint->connection);
        }
        for (int i = 0; i < touched_count; i++) {
            touched[i]->parcels--;
            // Its other event of this time counts as well, so that it is freed once.
            free_if_unused(touched[i]);
        }
        release_due();
    }
}
