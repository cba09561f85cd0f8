// Included for each number of `LANES`: makes `sha3_256_update_LANES`.
#define words NAMED(words, LANES)
#define permute NAMED(permute, LANES)

typedef uint64_t words __attribute__((vector_size(8 * LANES)));

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

static inline __attribute__((always_inline)) void NAMED(sha3_256_update, LANES)(
    struct sha3_256_state *state, size_t first, const uint8_t *const *messages, size_t count
) {
    words sum[25];
    EACH(w, 25) memcpy(&sum[w], &state->word[w][first], sizeof sum[w]);
    for (size_t offset = 0; offset < sha3_256_block * count; offset += sha3_256_block) {
        EACH(w, sha3_256_block / 8) {
            words word;
            EACH(m, LANES) {
                uint64_t value;
                memcpy(&value, messages[first + m] + offset + 8 * w, sizeof value);
                word[m] = value;
            }
            sum[w] ^= word;
        }
        permute(sum);
    }
    EACH(w, 25) memcpy(&state->word[w][first], &sum[w], sizeof sum[w]);
}

#undef words
#undef permute
