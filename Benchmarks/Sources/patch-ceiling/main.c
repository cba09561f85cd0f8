// The time below which no program can load a patch from these files on this machine: threads read what a patch touches,
// decode it block by block and copy the pixels to their places. No store, no metadata, no codec pipeline, and nothing of
// this project's library; checksums of what came prove that nothing was left out.
//
//     patch-ceiling WORKLIST THREADS
//
// A line on standard input is the number of a patch; the answer is a line of JSON, as by Benchmarks/peers/worker.py.
#include <libdeflate.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "decode.h"
#include "worklist.h"

struct Load {
    const struct Worklist *list;
    const struct Patch *patch;
    struct Scratch *scratch;
    atomic_int *next;
};

static void *load_pieces(void *argument) {
    struct Load *load = argument;
    for (int i; (i = atomic_fetch_add(load->next, 1)) < load->patch->count;) {
        const struct Piece *piece = &load->patch->pieces[i];
        piece_load(piece, load->list->shape[piece->resolution], load->list->pixels[piece->resolution], load->scratch);
    }
    return NULL;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

static double load(const struct Worklist *list, int number, struct Scratch *scratches, int threads) {
    double start = seconds();
    atomic_int next = 0;
    pthread_t handles[threads];
    struct Load loads[threads];
    for (int i = 0; i < threads; i++) {
        loads[i] = (struct Load){list, &list->patches[number], &scratches[i], &next};
        if (pthread_create(&handles[i], NULL, load_pieces, &loads[i])) fail("cannot start a thread");
    }
    for (int i = 0; i < threads; i++) pthread_join(handles[i], NULL);
    return seconds() - start;
}

// As docs/benchmark.md defines it: CRC-32 of the little-endian CRC-32 of every plane.
static uint32_t checksum(const long shape[AXES], const uint16_t *pixels) {
    long planes = shape[0] * shape[1], plane_items = shape[2] * shape[3];
    uint32_t sum = 0;
    for (long i = 0; i < planes; i++) {
        uint32_t plane = libdeflate_crc32(0, pixels + i * plane_items, plane_items * sizeof *pixels);
        uint8_t bytes[4] = {plane, plane >> 8, plane >> 16, plane >> 24};
        sum = libdeflate_crc32(sum, bytes, 4);
    }
    return sum;
}

int main(int argc, char **argv) {
    if (argc != 3 || atoi(argv[2]) < 1) return fputs("usage: patch-ceiling WORKLIST THREADS\n", stderr), 64;
    // Blosc allocates for every block; the kernel need not take that memory away and clear it each time.
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    struct Worklist list = worklist_read(argv[1]);
    int threads = atoi(argv[2]);
    struct Scratch *scratches = calloc(threads, sizeof *scratches);
    puts("{\"ready\": true}");
    fflush(stdout);
    char line[32];
    while (fgets(line, sizeof line, stdin)) {
        int number = atoi(line);
        if (number < 0 || number >= list.count) fail("no patch %d", number);
        double duration = load(&list, number, scratches, threads);
        static const char *names[] = {"10m", "20m", "60m"};
        printf("{\"seconds\": %.6f, \"checksums\": {", duration);
        for (int i = 0; i < RESOLUTIONS; i++)
            printf("%s\"%s\": %u", i ? ", " : "", names[i], checksum(list.shape[i], list.pixels[i]));
        puts("}}");
        fflush(stdout);
    }
    return 0;
}
