// The MQ decoder of ITU-T T.800 | ISO/IEC 15444-1, annex C.
#ifndef ARITHMETIC_DECODER_H
#define ARITHMETIC_DECODER_H

#include <stdint.h>
#include <string.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))
/// A condition that no processor could predict: both sides are worked out and one is taken.
#define CHOOSE(condition, one, other) (__builtin_unpredictable(condition) ? (one) : (other))
/// Has the compiler load a value here, before it is known whether it is needed; it would wait for that otherwise.
#define LOADED(value) __asm__("" : "+r"(value))

enum {
    /// Bytes 0xFF that have to follow a codeword: two are what a decoder reads past the end (C.3.4), and bytes are taken
    /// four at once.
    codeword_padding = 8,
    arithmetic_states = 47,
};

/// An adaptive context: `Qe`, the interval of the less probable symbol, in bits 48 to 63, and in the lowest byte
/// 2 * state of table C.2 + the more probable symbol.
typedef uint64_t arithmetic_context;

/// The contexts that follow the more and the less probable symbol, by the lowest byte.
extern const arithmetic_context after_more_probable[2 * arithmetic_states];
extern const arithmetic_context after_less_probable[2 * arithmetic_states];

/// A context in a state of table C.2, its more probable symbol 0.
arithmetic_context arithmetic_context_in(int state);

/// The interval and the code register of a codeword.
///
/// As in the standard, but that the registers have 64 bits, their 16-bit numbers at the top, so that bytes are taken
/// several at once.
struct arithmetic_decoder {
    uint64_t interval, code;
    /// Low bits of `code` that wait for bytes; far below 0 where the bytes are none of a codeword.
    int64_t vacant;
    /// The byte that was taken last.
    const uint8_t *last;
};

/// Takes bytes one by one while there is room.
void arithmetic_decoder_take(struct arithmetic_decoder *decoder);

/// Begins a codeword.
ALWAYS_INLINE struct arithmetic_decoder arithmetic_decoder_begin(const uint8_t *codeword) {
    // The first bit of the codeword is the second of the standard's 16-bit register.
    struct arithmetic_decoder decoder = {0x8000ull << 48, (uint64_t)codeword[0] << 55, 55, codeword};
    arithmetic_decoder_take(&decoder);
    return decoder;
}

/// Takes four bytes; a byte behind 0xFF, which brings seven bits, by the slower way.
ALWAYS_INLINE void arithmetic_decoder_refill(struct arithmetic_decoder *decoder) {
    uint32_t before, bytes;
    memcpy(&before, decoder->last, sizeof before);
    memcpy(&bytes, decoder->last + 1, sizeof bytes);
    // The lowest byte 0 of the complement sets its highest bit here; further ones may too.
    uint32_t complement = ~before;
    if (__builtin_expect((complement - 0x01010101u) & ~complement & 0x80808080u, 0)) {
        // A copy, so that the decoder itself stays in registers.
        struct arithmetic_decoder slow = *decoder;
        arithmetic_decoder_take(&slow);
        *decoder = slow;
        return;
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    bytes = __builtin_bswap32(bytes);
#endif
    decoder->vacant -= 32;
    decoder->code += (uint64_t)bytes << decoder->vacant;
    decoder->last += 4;
}

ALWAYS_INLINE uint32_t arithmetic_decoder_shifted(
    struct arithmetic_decoder *decoder, arithmetic_context *context, arithmetic_context now, uint64_t interval, uint64_t code
) {
    uint64_t less_interval = now & 0xFFFFull << 48;
    uint8_t state = (uint8_t)now;
    arithmetic_context more = after_more_probable[state], less = after_less_probable[state];
    LOADED(more);
    LOADED(less);
    // Figures C.16 and C.17: the less probable symbol's interval lies below; when it is the larger, it stands for the
    // more probable symbol.
    int is_below = decoder->code < less_interval;
    int is_less = is_below ^ (interval < less_interval);
    interval = CHOOSE(is_below, less_interval, interval);
    code = CHOOSE(is_below, decoder->code, code);
    arithmetic_context next = CHOOSE(is_less, less, more);
    // Without a shift nothing is learnt.
    *context = CHOOSE((int64_t)interval < 0, now, next);
    int shift = __builtin_clzll(interval);
    decoder->interval = interval << shift;
    decoder->code = code << shift;
    decoder->vacant += shift;
    // A shift is of at most 15 bits, so that 48 - 32 of them are enough for the next one.
    if (__builtin_expect(decoder->vacant >= 32, 0)) arithmetic_decoder_refill(decoder);
    return (state ^ is_less) & 1;
}

/// Decodes one symbol without a branch on it: for those that are hard to guess.
ALWAYS_INLINE uint32_t arithmetic_decoder_decode(struct arithmetic_decoder *decoder, arithmetic_context *context) {
    arithmetic_context now = *context;
    uint64_t less_interval = now & 0xFFFFull << 48;
    return arithmetic_decoder_shifted(
        decoder, context, now, decoder->interval - less_interval, decoder->code - less_interval);
}

/// Decodes one symbol that is mostly the more probable one: sooner where it is, and takes no bits.
ALWAYS_INLINE uint32_t arithmetic_decoder_decode_probable(
    struct arithmetic_decoder *decoder, arithmetic_context *context
) {
    arithmetic_context now = *context;
    uint64_t less_interval = now & 0xFFFFull << 48;
    uint64_t interval = decoder->interval - less_interval, code = decoder->code - less_interval;
    if (decoder->code >= less_interval && (int64_t)interval < 0) {
        decoder->interval = interval;
        decoder->code = code;
        return now & 1;
    }
    return arithmetic_decoder_shifted(decoder, context, now, interval, code);
}

#endif
