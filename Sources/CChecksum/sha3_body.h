// Included for each number of `LANES`: makes `sha3_256_update_LANES`.
#define words NAMED(words, LANES)
#define permute NAMED(permute, LANES)
#define read_words NAMED(read_words, LANES)

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

/// Reads four words of each message, so that `result[w]` has word w of all of them: whole rows, four messages to a half of
/// the vectors where these are wide, and then two steps of exchange. Word by word it would take a quarter of all the time.
static inline __attribute__((always_inline)) void read_words(
    const uint8_t *const *messages, size_t offset, words result[4]
) {
    words row[4];
    EACH(m, LANES) memcpy((uint8_t *)&row[m % 4] + 32 * (m / 4), messages[m] + offset, 32);
    words even = NAMED(EVENS, LANES)(row[0], row[1]), odd = NAMED(ODDS, LANES)(row[0], row[1]);
    words next_even = NAMED(EVENS, LANES)(row[2], row[3]), next_odd = NAMED(ODDS, LANES)(row[2], row[3]);
    result[0] = NAMED(LOW_PAIRS, LANES)(even, next_even);
    result[1] = NAMED(LOW_PAIRS, LANES)(odd, next_odd);
    result[2] = NAMED(HIGH_PAIRS, LANES)(even, next_even);
    result[3] = NAMED(HIGH_PAIRS, LANES)(odd, next_odd);
}

static inline __attribute__((always_inline)) void NAMED(sha3_256_update, LANES)(
    struct sha3_256_state *state, size_t first, const uint8_t *const *messages, size_t count
) {
    words sum[25];
    EACH(w, 25) memcpy(&sum[w], &state->word[w][first], sizeof sum[w]);
    for (size_t offset = 0; offset < sha3_256_block * count; offset += sha3_256_block) {
        EACH(four, sha3_256_block / 32) {
            words word[4];
            read_words(messages + first, offset + 32 * four, word);
            EACH(w, 4) sum[4 * four + w] ^= word[w];
        }
        words last;
        EACH(m, LANES) {
            uint64_t value;
            memcpy(&value, messages[first + m] + offset + sha3_256_block - sizeof value, sizeof value);
            last[m] = value;
        }
        sum[sha3_256_block / 8 - 1] ^= last;
        permute(sum);
    }
    EACH(w, 25) memcpy(&state->word[w][first], &sum[w], sizeof sum[w]);
}

#undef words
#undef permute
#undef read_words
