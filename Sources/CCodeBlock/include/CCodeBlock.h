#ifndef CCODEBLOCK_H
#define CCODEBLOCK_H

#include "arithmetic_decoder.h"

#include <stddef.h>
#include <stdint.h>

/// Decodes code-blocks of ITU-T T.800 | ISO/IEC 15444-1, annex D, one after another, in 62 KB of its own.
struct code_block_decoder;

/// The contexts of annex D.3, by number: 0 to 8 of significance, 9 to 13 of signs, then these.
enum {
    context_of_magnitude = 14,
    context_of_magnitude_near_others = 15,
    context_of_magnitude_later = 16,
    context_of_runs = 17,
    context_uniform = 18,
    code_block_contexts = 19,
};

/// What the packets tell of a code-block.
struct code_block {
    /// 0 to 3: LL, HL, LH, HH.
    int kind;
    /// At most 1024 each, and, with the height rounded up to a multiple of 4, at most 4096 coefficients.
    int width, height;
    /// 1 to 30.
    int bit_planes;
    /// At most 3 * bit_planes - 2.
    int passes;
};

/// Makes a decoder, or NULL where there is no memory for it. The tables are copied.
///
/// `significance`: table D.1, contexts of 4 kinds of subbands x 512, by the significance of 3 x 3 coefficients, row by row
/// from bit 0. `signs`: tables D.2 and D.3, 256 contexts times 2, plus 1 where the decoded bit is inverted, by pairs of
/// bits (is negative, is significant) of the neighbours above, on the left, on the right and below, from bit 0.
struct code_block_decoder *code_block_decoder_create(const uint8_t *significance, const uint8_t *signs);
void code_block_decoder_free(struct code_block_decoder *decoder);

/// Decodes the passes of a block; `codeword` is followed by `codeword_padding` bytes 0xFF.
///
/// Returns whether that is a codeword, and the block within the bounds above.
int code_block_decode(struct code_block_decoder *decoder, struct code_block block, const uint8_t *codeword);

/// What was decoded last: four rows of a column after another, magnitude * 2, half a step more where bit-planes are
/// missing; bit 31: is negative.
const uint32_t *code_block_coefficients(const struct code_block_decoder *decoder);

#endif
