#include "CBitShuffle.h"
#include "affine.h"

#include <string.h>

// Vectors of 16 bytes, which x86-64 and aarch64 both have; the compiler turns each operation into one instruction or
// two. Elements are little-endian, as on both.
typedef uint8_t bytes __attribute__((vector_size(16)));
typedef uint16_t words __attribute__((vector_size(16)));
typedef uint32_t doubles __attribute__((vector_size(16)));
typedef uint64_t quads __attribute__((vector_size(16)));

enum { groups_at_once = 16 };

#define EXCHANGE(upper, lower, shift, mask)                       \
    do {                                                          \
        bytes differing = (((upper) >> (shift)) ^ (lower)) & (mask); \
        (lower) ^= differing;                                     \
        (upper) ^= differing << (shift);                          \
    } while (0)

/// Turns eight planes of bits, 16 groups of eight elements wide, into eight vectors of bytes: vector e has byte e of
/// each group. Every lane transposes a matrix of 8 x 8 bits whose rows lie in the eight vectors.
static inline void transpose_bits(bytes plane[8]) {
    for (int row = 0; row < 4; row++) EXCHANGE(plane[row], plane[row + 4], 4, (uint8_t)0x0F);
    for (int row = 0; row < 2; row++) {
        EXCHANGE(plane[row], plane[row + 2], 2, (uint8_t)0x33);
        EXCHANGE(plane[row + 4], plane[row + 6], 2, (uint8_t)0x33);
    }
    for (int row = 0; row < 8; row += 2) EXCHANGE(plane[row], plane[row + 1], 1, (uint8_t)0x55);
}

#define LOW(type, a, b) ((type)__builtin_shufflevector(a, b, LOW_##type))
#define HIGH(type, a, b) ((type)__builtin_shufflevector(a, b, HIGH_##type))
#define LOW_words 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_words 4, 12, 5, 13, 6, 14, 7, 15
#define LOW_doubles 0, 4, 1, 5
#define HIGH_doubles 2, 6, 3, 7
#define LOW_quads 0, 2
#define HIGH_quads 1, 3

/// Writes eight groups of eight elements: vector e of `element` has element e of each group.
static inline void store_groups(const words element[8], uint8_t *result) {
    doubles pair[8];
    for (int e = 0; e < 8; e += 2) {
        pair[e] = (doubles)LOW(words, element[e], element[e + 1]);
        pair[e + 1] = (doubles)HIGH(words, element[e], element[e + 1]);
    }
    quads four[8];
    for (int half = 0; half < 2; half++) {
        for (int e = 0; e < 2; e++) {
            four[4 * half + 2 * e] = (quads)LOW(doubles, pair[4 * half + e], pair[4 * half + e + 2]);
            four[4 * half + 2 * e + 1] = (quads)HIGH(doubles, pair[4 * half + e], pair[4 * half + e + 2]);
        }
    }
    for (int group = 0; group < 4; group++) {
        quads low = LOW(quads, four[group], four[group + 4]);
        quads high = HIGH(quads, four[group], four[group + 4]);
        memcpy(result + 32 * group, &low, sizeof low);
        memcpy(result + 32 * group + 16, &high, sizeof high);
    }
}

/// Restores 16 groups of eight elements.
static inline void restore(const uint8_t *planes, size_t stride, uint8_t *result) {
    bytes low[8], high[8];
    for (int bit = 0; bit < 8; bit++) memcpy(&low[bit], planes + bit * stride, sizeof low[bit]);
    for (int bit = 0; bit < 8; bit++) memcpy(&high[bit], planes + (bit + 8) * stride, sizeof high[bit]);
    transpose_bits(low);
    transpose_bits(high);
    words first[8], second[8];
    for (int e = 0; e < 8; e++) {
        first[e] = (words)__builtin_shufflevector(
            low[e], high[e], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        second[e] = (words)__builtin_shufflevector(
            low[e], high[e], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    store_groups(first, result);
    store_groups(second, result + 128);
}

/// Restores fewer than 16 groups.
static void restore_few(const uint8_t *planes, size_t stride, size_t groups, uint8_t *result) {
    uint8_t padded[16 * groups_at_once] = {0};
    uint8_t restored[16 * groups_at_once];
    for (int bit = 0; bit < 16; bit++) memcpy(padded + bit * groups_at_once, planes + bit * stride, groups);
    restore(padded, groups_at_once, restored);
    memcpy(result, restored, 16 * groups);
}

// The sixteen planes of a large block lie a multiple of 4 KiB apart, so their bytes compete for the same few places in
// the cache. Whole cache lines are therefore copied together first.
enum { groups_of_segment = 128 };

/// Restores 16 to 128 groups; the last 16 overlap those before where the number is no multiple of 16.
static inline void restore_segment(const uint8_t *planes, size_t stride, size_t groups, uint8_t *result) {
    uint8_t lines[16][groups_of_segment] __attribute__((aligned(64)));
    size_t last = groups - groups_at_once;
    for (int bit = 0; bit < 16; bit++) {
        const uint8_t *plane = planes + bit * stride;
        for (size_t group = 0; group < last; group += groups_at_once) memcpy(lines[bit] + group, plane + group, 16);
        memcpy(lines[bit] + last, plane + last, 16);
    }
    for (size_t group = 0; group < last; group += groups_at_once)
        restore(lines[0] + group, groups_of_segment, result + 16 * group);
    restore(lines[0] + last, groups_of_segment, result + 16 * last);
}

void bit_unshuffle_16_portable(const uint8_t *planes, size_t elements, size_t first, size_t count, uint8_t *result) {
    size_t stride = elements / 8;
    planes += first / 8;
    for (size_t groups = count / 8; groups > 0;) {
        size_t segment = groups < groups_of_segment ? groups : groups_of_segment;
        if (segment < groups_at_once) restore_few(planes, stride, segment, result);
        else restore_segment(planes, stride, segment, result);
        planes += segment;
        result += 16 * segment;
        groups -= segment;
    }
}

void bit_unshuffle_16(const uint8_t *planes, size_t elements, size_t first, size_t count, uint8_t *result) {
    size_t stride = elements / 8, groups = count / 8;
    if (groups < groups_by_affine || !has_affine()) {
        bit_unshuffle_16_portable(planes, elements, first, count, result);
        return;
    }
    planes += first / 8;
    size_t last = groups - groups_by_affine;
    for (size_t group = 0; group < last; group += groups_by_affine)
        restore_by_affine(planes + group, stride, result + 16 * group);
    // Overlaps those before where the number is no multiple of 64.
    restore_by_affine(planes + last, stride, result + 16 * last);
}
