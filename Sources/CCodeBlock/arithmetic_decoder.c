#include "arithmetic_decoder.h"

// Table C.2: state, Qe, the next state after the more and the less probable symbol, whether the latter changes sense.
#define EACH_STATE(S)                                                                                               \
    S(0, 0x5601, 1, 1, 1) S(1, 0x3401, 2, 6, 0) S(2, 0x1801, 3, 9, 0) S(3, 0x0AC1, 4, 12, 0)                       \
    S(4, 0x0521, 5, 29, 0) S(5, 0x0221, 38, 33, 0) S(6, 0x5601, 7, 6, 1) S(7, 0x5401, 8, 14, 0)                    \
    S(8, 0x4801, 9, 14, 0) S(9, 0x3801, 10, 14, 0) S(10, 0x3001, 11, 17, 0) S(11, 0x2401, 12, 18, 0)               \
    S(12, 0x1C01, 13, 20, 0) S(13, 0x1601, 29, 21, 0) S(14, 0x5601, 15, 14, 1) S(15, 0x5401, 16, 14, 0)            \
    S(16, 0x5101, 17, 15, 0) S(17, 0x4801, 18, 16, 0) S(18, 0x3801, 19, 17, 0) S(19, 0x3401, 20, 18, 0)            \
    S(20, 0x3001, 21, 19, 0) S(21, 0x2801, 22, 19, 0) S(22, 0x2401, 23, 20, 0) S(23, 0x2201, 24, 21, 0)            \
    S(24, 0x1C01, 25, 22, 0) S(25, 0x1801, 26, 23, 0) S(26, 0x1601, 27, 24, 0) S(27, 0x1401, 28, 25, 0)            \
    S(28, 0x1201, 29, 26, 0) S(29, 0x1101, 30, 27, 0) S(30, 0x0AC1, 31, 28, 0) S(31, 0x09C1, 32, 29, 0)            \
    S(32, 0x08A1, 33, 30, 0) S(33, 0x0521, 34, 31, 0) S(34, 0x0441, 35, 32, 0) S(35, 0x02A1, 36, 33, 0)            \
    S(36, 0x0221, 37, 34, 0) S(37, 0x0141, 38, 35, 0) S(38, 0x0111, 39, 36, 0) S(39, 0x0085, 40, 37, 0)            \
    S(40, 0x0049, 41, 38, 0) S(41, 0x0025, 42, 39, 0) S(42, 0x0015, 43, 40, 0) S(43, 0x0009, 44, 41, 0)            \
    S(44, 0x0005, 45, 42, 0) S(45, 0x0001, 45, 43, 0) S(46, 0x5601, 46, 46, 0)

#define INTERVAL(state, interval, more, less, changes) interval_##state = interval,
enum { EACH_STATE(INTERVAL) };

#define CONTEXT(state, symbol) ((uint64_t)interval_##state << 48 | (2 * (state) + (symbol)))
#define AFTER_MORE(state, interval, more, less, changes) CONTEXT(more, 0), CONTEXT(more, 1),
#define AFTER_LESS(state, interval, more, less, changes) CONTEXT(less, 0 ^ (changes)), CONTEXT(less, 1 ^ (changes)),
#define BEGINNING(state, interval, more, less, changes) CONTEXT(state, 0),

const arithmetic_context after_more_probable[2 * arithmetic_states] = {EACH_STATE(AFTER_MORE)};
const arithmetic_context after_less_probable[2 * arithmetic_states] = {EACH_STATE(AFTER_LESS)};

arithmetic_context arithmetic_context_in(int state) {
    static const arithmetic_context beginnings[arithmetic_states] = {EACH_STATE(BEGINNING)};
    return beginnings[state];
}

// So far below any number of vacant bits that no codeword is long enough to come back from there.
static const int64_t damaged = INT64_MIN / 2;

void arithmetic_decoder_take(struct arithmetic_decoder *decoder) {
    while (decoder->vacant >= 8) {
        uint64_t byte = decoder->last[1];
        int bits = 8;
        if (decoder->last[0] == 0xFF) {
            // C.3.4: what stands behind the codeword are ones.
            if (byte > 0x8F) {
                decoder->code += ((uint64_t)1 << decoder->vacant) - 1;
                decoder->vacant = 0;
                return;
            }
            bits = 7;
            // It carries into bits before it, and the standard takes it when they all have been decoded from: a symbol
            // that is decoded earlier must not see the carry.
            if (byte > 0x7F && decoder->vacant <= 48) return;
        }
        decoder->vacant -= bits;
        decoder->code += byte << decoder->vacant;
        decoder->last++;
        // No encoder makes one that carries beyond the interval.
        if (decoder->code >= decoder->interval) {
            decoder->vacant = damaged;
            return;
        }
    }
}
