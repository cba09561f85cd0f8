// https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.202.pdf
#include "CChecksum.h"
#include "vectors.h"

#include <string.h>

static const uint64_t round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};
// By how much word w is rotated, and where it goes then.
static const int rotations[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                  25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};
static const int places[25] = {0, 10, 20, 5, 15, 16, 1, 11, 21, 6, 7, 17, 2, 12, 22, 23, 8, 18, 3, 13, 14, 24, 9, 19, 4};

#define ROTATE(x, n) ((n) == 0 ? (x) : ((x) << (n) | (x) >> ((64 - (n)) & 63)))
#define EACH(variable, limit) _Pragma("clang loop unroll(full)") for (int variable = 0; variable < (limit); variable++)

// Of two vectors: their even words in turn, their odd ones, the lower and the higher pairs of each half.
#define EVENS_4(a, b) __builtin_shufflevector(a, b, 0, 4, 2, 6)
#define ODDS_4(a, b) __builtin_shufflevector(a, b, 1, 5, 3, 7)
#define LOW_PAIRS_4(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5)
#define HIGH_PAIRS_4(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7)
#define EVENS_8(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define ODDS_8(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define LOW_PAIRS_8(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_PAIRS_8(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)

#define LANES 4
#include "sha3_body.h"
#undef LANES
#define LANES 8
#include "sha3_body.h"
#undef LANES

DEFINE(sha3_256_update, struct sha3_256_state, 4, 8)
