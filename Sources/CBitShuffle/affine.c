#include "affine.h"

// x86-64 processors since about 2020 multiply matrices of 8 x 8 bits by one instruction (GFNI), and 64 bytes at once with
// AVX-512: five times as fast as what all of them have. A product with powers of two is the transposed matrix.

#if defined(__x86_64__)
#include <immintrin.h>

#define WITH_AFFINE __attribute__((target("gfni,avx512f,avx512bw")))

bool has_affine(void) {
    return __builtin_cpu_supports("gfni") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

/// Of eight planes, 64 groups wide: vector v has, in each quarter of 16 groups, groups 2v and 2v + 1, eight bytes each, of
/// which byte e belongs to element e.
WITH_AFFINE static inline void transpose(const uint8_t *planes, size_t stride, __m512i result[8]) {
    const __m512i powers = _mm512_set1_epi64((long long)0x8040201008040201);
    __m512i two[8], four[8];
    for (int pair = 0; pair < 4; pair++) {
        // The instruction counts the rows of a matrix from its last byte.
        __m512i first = _mm512_loadu_si512(planes + (7 - 2 * pair) * stride);
        __m512i second = _mm512_loadu_si512(planes + (6 - 2 * pair) * stride);
        two[pair] = _mm512_unpacklo_epi8(first, second);
        two[pair + 4] = _mm512_unpackhi_epi8(first, second);
    }
    for (int half = 0; half < 8; half += 4) {
        for (int side = 0; side < 2; side++) {
            four[half + side] = _mm512_unpacklo_epi16(two[half + 2 * side], two[half + 2 * side + 1]);
            four[half + side + 2] = _mm512_unpackhi_epi16(two[half + 2 * side], two[half + 2 * side + 1]);
        }
    }
    for (int pair = 0; pair < 8; pair += 2) {
        __m512i low = _mm512_unpacklo_epi32(four[pair], four[pair + 1]);
        __m512i high = _mm512_unpackhi_epi32(four[pair], four[pair + 1]);
        result[pair] = _mm512_gf2p8affine_epi64_epi8(powers, low, 0);
        result[pair + 1] = _mm512_gf2p8affine_epi64_epi8(powers, high, 0);
    }
}

/// Writes quarter q of four vectors as 64 bytes to `result + 256 * q`.
WITH_AFFINE static inline void store_quarters(const __m512i part[4], uint8_t *result) {
    __m512i low = _mm512_shuffle_i64x2(part[0], part[1], 0x44), high = _mm512_shuffle_i64x2(part[0], part[1], 0xEE);
    __m512i low2 = _mm512_shuffle_i64x2(part[2], part[3], 0x44), high2 = _mm512_shuffle_i64x2(part[2], part[3], 0xEE);
    _mm512_storeu_si512(result, _mm512_shuffle_i64x2(low, low2, 0x88));
    _mm512_storeu_si512(result + 256, _mm512_shuffle_i64x2(low, low2, 0xDD));
    _mm512_storeu_si512(result + 512, _mm512_shuffle_i64x2(high, high2, 0x88));
    _mm512_storeu_si512(result + 768, _mm512_shuffle_i64x2(high, high2, 0xDD));
}

WITH_AFFINE void restore_by_affine(const uint8_t *planes, size_t stride, uint8_t *result) {
    __m512i low[8], high[8];
    transpose(planes, stride, low);
    transpose(planes + 8 * stride, stride, high);
    for (int pair = 0; pair < 8; pair += 2) {
        __m512i groups[4] = {
            _mm512_unpacklo_epi8(low[pair], high[pair]),
            _mm512_unpackhi_epi8(low[pair], high[pair]),
            _mm512_unpacklo_epi8(low[pair + 1], high[pair + 1]),
            _mm512_unpackhi_epi8(low[pair + 1], high[pair + 1]),
        };
        store_quarters(groups, result + 32 * pair);
    }
}

#else

bool has_affine(void) { return false; }

void restore_by_affine(const uint8_t *planes, size_t stride, uint8_t *result) {}

#endif
