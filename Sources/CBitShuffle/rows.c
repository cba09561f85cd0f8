#include "CBitShuffle.h"

#include <string.h>

// What is restored at once, in elements: with the rows that it goes to, about half of the nearest cache.
enum { window = 4096 };
enum { cache_line = 64 };

// Rows go to memory that no cache has, each to some lines of its own. Writing would wait for one after another; so while a
// row is copied the lines of one that comes some microseconds later are asked for.
static inline void await_row(const uint8_t *result, size_t row) {
    enum { writing = 1, second_cache = 2 };
    for (size_t offset = 0; offset < row; offset += cache_line)
        __builtin_prefetch(result + offset, writing, second_cache);
    __builtin_prefetch(result + row - 1, writing, second_cache);
}

static inline void copy_32(const uint8_t *source, uint8_t *result) {
    // Or the compiler makes one call of memcpy of the loop around this.
    __asm__ volatile("");
    memcpy(result, source, 32);
}

// Rows are short: a call of memcpy would take longer to find out how than to copy.
static inline void copy_row(const uint8_t *source, size_t row, uint8_t *result) {
    enum { step = 32 };
    if (row < step || row > 16 * step) {
        memcpy(result, source, row);
        return;
    }
    size_t last = row - step;
    for (size_t offset = 0; offset < last; offset += step) copy_32(source + offset, result + offset);
    copy_32(source + last, result + last);
}

/// How many rows, the first one at `lead`, end within `limit`.
static inline size_t rows_within(size_t limit, size_t lead, size_t row, size_t step, size_t rows) {
    if (lead + row > limit) return 0;
    if (rows == 1 || step == 0) return 1;
    size_t fitting = (limit - lead - row) / step + 1;
    return fitting < rows ? fitting : rows;
}

/// A row that is longer than the window.
static void restore_long_row(const uint8_t *planes, size_t elements, size_t first, size_t row, uint8_t *result) {
    uint16_t restored[window];
    while (row > 0) {
        size_t base = first / 8 * 8, lead = first - base;
        size_t count = row < window - lead ? row : window - lead;
        bit_unshuffle_16(planes, elements, base, (lead + count + 7) / 8 * 8, (uint8_t *)restored);
        memcpy(result, restored + lead, 2 * count);
        first += count;
        result += 2 * count;
        row -= count;
    }
}

void bit_unshuffle_rows_16(const void *planes, size_t elements, size_t first, size_t row, size_t step, size_t rows,
                           void *places, size_t result_step, size_t next) {
    uint16_t restored[window] __attribute__((aligned(64)));
    const uint8_t *source = planes;
    uint8_t *result = places, *following = result + next;
    int is_dense = step < 2 * row;
    while (rows > 0) {
        size_t base = first / 8 * 8, lead = first - base;
        size_t taken = rows_within(window, lead, row, step, is_dense ? rows : 1);
        if (taken == 0) {
            restore_long_row(source, elements, first, row, result);
            taken = 1;
        } else {
            size_t end = lead + (taken - 1) * step + row;
            bit_unshuffle_16(source, elements, base, (end + 7) / 8 * 8, (uint8_t *)restored);
            const uint8_t *awaited = rows > taken ? result + taken * result_step : following;
            for (size_t number = 0; number < taken; number++) {
                copy_row((const uint8_t *)(restored + lead + number * step), 2 * row, result + number * result_step);
                await_row(awaited + number * result_step, 2 * row);
            }
        }
        first += taken * step;
        result += taken * result_step;
        rows -= taken;
    }
}

void copy_rows(const void *from, size_t row, size_t step, size_t rows, void *places, size_t result_step, size_t next) {
    enum { bytes_ahead = 2048 };
    const uint8_t *source = from;
    uint8_t *result = places, *following = result + next;
    size_t distance = bytes_ahead / (row + 1) + 1;
    for (size_t number = 0; number < rows; number++, source += step, result += result_step) {
        const uint8_t *awaited = number + distance < rows ? result + distance * result_step
                                                          : following + (number + distance - rows) * result_step;
        if (row < bytes_ahead) await_row(awaited, row);
        copy_row(source, row, result);
    }
}
