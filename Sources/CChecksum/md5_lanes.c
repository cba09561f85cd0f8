// https://www.rfc-editor.org/rfc/rfc1321
#include "CChecksum.h"
#include "vectors.h"

#include <string.h>

typedef uint32_t words_8 __attribute__((vector_size(32)));
typedef uint32_t words_16 __attribute__((vector_size(64)));
typedef uint64_t pairs __attribute__((vector_size(32)));

// The integer part of 2^32 times the sine of 1, 2, 3, ...
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

#define EVEN_LOW(a, b) (pairs)__builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define EVEN_HIGH(a, b) (pairs)__builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define FIRSTS(a, b) __builtin_shufflevector(a, b, 0, 4, 2, 6)
#define SECONDS(a, b) __builtin_shufflevector(a, b, 1, 5, 3, 7)
#define LOW_HALVES(a, b) (words_8)__builtin_shufflevector(a, b, 0, 1, 4, 5)
#define HIGH_HALVES(a, b) (words_8)__builtin_shufflevector(a, b, 2, 3, 6, 7)

#define BOTH(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

/// Reads eight words of each message, so that `result[w]` has word w of all of them.
static inline __attribute__((always_inline)) void read_words_8(
    const uint8_t *const *messages, size_t offset, words_8 result[8]
) {
    words_8 row[8];
    pairs four[8];
    for (int m = 0; m < 8; m++) memcpy(&row[m], messages[m] + offset, sizeof row[m]);
    for (int half = 0; half < 2; half++) {
        const words_8 *r = row + 4 * half;
        pairs low_ab = EVEN_LOW(r[0], r[1]), high_ab = EVEN_HIGH(r[0], r[1]);
        pairs low_cd = EVEN_LOW(r[2], r[3]), high_cd = EVEN_HIGH(r[2], r[3]);
        four[4 * half] = FIRSTS(low_ab, low_cd);
        four[4 * half + 1] = SECONDS(low_ab, low_cd);
        four[4 * half + 2] = FIRSTS(high_ab, high_cd);
        four[4 * half + 3] = SECONDS(high_ab, high_cd);
    }
    for (int w = 0; w < 4; w++) {
        result[w] = LOW_HALVES(four[w], four[w + 4]);
        result[w + 4] = HIGH_HALVES(four[w], four[w + 4]);
    }
}

static inline __attribute__((always_inline)) void read_words_16(
    const uint8_t *const *messages, size_t offset, words_16 result[8]
) {
    words_8 first[8], second[8];
    read_words_8(messages, offset, first);
    read_words_8(messages + 8, offset, second);
    for (int w = 0; w < 8; w++) result[w] = BOTH(first[w], second[w]);
}

#define F(b, c, d) ((d) ^ ((b) & ((c) ^ (d))))
#define G(b, c, d) ((c) ^ ((d) & ((b) ^ (c))))
#define H(b, c, d) ((b) ^ (c) ^ (d))
#define I(b, c, d) ((c) ^ ((b) | ~(d)))
// What does not depend on the step before is added first, so that it does not have to wait.
#define STEP(function, a, b, c, d, k, i, shift)                 \
    do {                                                        \
        (a) += word[(k) & 15] + sines[i];                       \
        (a) += function(b, c, d);                               \
        (a) = ((a) << (shift) | (a) >> (32 - (shift))) + (b);   \
    } while (0)
// Sixteen steps; step i takes the word `first + stride * i`.
#define ROUND(function, number, first, stride, s0, s1, s2, s3)                                              \
    for (int i = 0; i < 16; i += 4) {                                                                       \
        STEP(function, a, b, c, d, (first) + (stride) * i, 16 * (number) + i, s0);                          \
        STEP(function, d, a, b, c, (first) + (stride) * (i + 1), 16 * (number) + i + 1, s1);                \
        STEP(function, c, d, a, b, (first) + (stride) * (i + 2), 16 * (number) + i + 2, s2);                \
        STEP(function, b, c, d, a, (first) + (stride) * (i + 3), 16 * (number) + i + 3, s3);                \
    }

#define LANES 8
#include "md5_body.h"
#undef LANES
#define LANES 16
#include "md5_body.h"
#undef LANES

DEFINE(md5_update, struct md5_state, 8, 16)
