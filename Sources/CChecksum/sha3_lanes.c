// https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.202.pdf
#include "CChecksum.h"
#include "vectors.h"

#include <string.h>

typedef uint64_t words __attribute__((vector_size(8 * sha3_256_lanes)));

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

static inline __attribute__((always_inline)) void permute(words state[25]) {
    for (int round = 0; round < 24; round++) {
        words parity[5], moved[25];
        EACH(x, 5) parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
        EACH(w, 25) {
            words mixed = parity[(w + 4) % 5] ^ ROTATE(parity[(w + 1) % 5], 1);
            moved[places[w]] = ROTATE(state[w] ^ mixed, rotations[w]);
        }
        EACH(w, 25) {
            int row = w - w % 5;
            state[w] = moved[w] ^ (~moved[row + (w + 1) % 5] & moved[row + (w + 2) % 5]);
        }
        state[0] ^= round_constants[round];
    }
}

static inline __attribute__((always_inline)) void sha3_256_update_body(
    struct sha3_256_state *state, const uint8_t *const *messages, size_t count
) {
    words sum[25];
    memcpy(sum, state->word, sizeof sum);
    for (size_t offset = 0; offset < sha3_256_block * count; offset += sha3_256_block) {
        EACH(w, sha3_256_block / 8) {
            uint64_t word[sha3_256_lanes];
            EACH(m, sha3_256_lanes) memcpy(&word[m], messages[m] + offset + 8 * w, 8);
            sum[w] ^= (words){word[0], word[1], word[2], word[3]};
        }
        permute(sum);
    }
    memcpy(state->word, sum, sizeof sum);
}

DEFINE(sha3_256_update, struct sha3_256_state)
