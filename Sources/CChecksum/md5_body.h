// Included for each number of `LANES`: makes `md5_update_LANES`.
#define words NAMED(words, LANES)

static inline __attribute__((always_inline)) void NAMED(md5_update, LANES)(
    struct md5_state *state, size_t first, const uint8_t *const *messages, size_t count
) {
    words sum[4];
    for (int w = 0; w < 4; w++) memcpy(&sum[w], &state->word[w][first], sizeof sum[w]);
    for (size_t offset = 0; offset < md5_block * count; offset += md5_block) {
        words word[16], a = sum[0], b = sum[1], c = sum[2], d = sum[3];
        NAMED(read_words, LANES)(messages + first, offset, word);
        NAMED(read_words, LANES)(messages + first, offset + md5_block / 2, word + 8);
        ROUND(F, 0, 0, 1, 7, 12, 17, 22)
        ROUND(G, 1, 1, 5, 5, 9, 14, 20)
        ROUND(H, 2, 5, 3, 4, 11, 16, 23)
        ROUND(I, 3, 0, 7, 6, 10, 15, 21)
        sum[0] += a;
        sum[1] += b;
        sum[2] += c;
        sum[3] += d;
    }
    for (int w = 0; w < 4; w++) memcpy(&state->word[w][first], &sum[w], sizeof sum[w]);
}

#undef words
