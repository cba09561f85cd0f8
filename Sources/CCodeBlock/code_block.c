#include "passes.h"

#include <stdlib.h>

struct code_block_decoder *code_block_decoder_create(const uint8_t *significance, const uint8_t *signs) {
    struct code_block_decoder *decoder = malloc(sizeof *decoder);
    if (!decoder) return NULL;
    memcpy(decoder->significance, significance, sizeof decoder->significance);
    memcpy(decoder->signs, signs, sizeof decoder->signs);
    return decoder;
}

void code_block_decoder_free(struct code_block_decoder *decoder) { free(decoder); }

const uint32_t *code_block_coefficients(const struct code_block_decoder *decoder) { return decoder->coefficients; }

static int is_within_bounds(struct code_block block) {
    return block.kind >= 0 && block.kind < 4 && block.width > 0 && block.height > 0 && block.width <= longest_side
        && block.height <= longest_side && block.width * ((block.height + 3) / 4) <= most_coefficients / 4
        && block.bit_planes > 0 && block.bit_planes <= 30 && block.passes >= 0
        && block.passes <= 3 * block.bit_planes - 2;
}

/// Nothing is significant, and the contexts are those of table D.7.
static void begin(struct code_block_decoder *decoder, struct code_block block) {
    decoder->width = block.width;
    decoder->height = block.height;
    decoder->stripes = (block.height + 3) / 4;
    decoder->groups = (block.width + 15) / 16;
    decoder->word_stride = block.width + 2;
    decoder->group_stride = decoder->groups + 2;
    decoder->contexts_of_significance = decoder->significance[block.kind];
    size_t rows = decoder->stripes + 2, masks = rows * decoder->group_stride * sizeof(uint64_t);
    memset(decoder->words, 0, rows * decoder->word_stride * sizeof(uint64_t));
    memset(decoder->significant, 0, masks);
    memset(decoder->visited, 0, masks);
    memset(decoder->refined, 0, masks);
    memset(decoder->coefficients, 0, 4 * sizeof(uint32_t) * decoder->width * decoder->stripes);
    for (int number = 0; number < code_block_contexts; number++)
        decoder->contexts[number] = arithmetic_context_in(0);
    decoder->contexts[0] = arithmetic_context_in(4);
    decoder->contexts[context_of_runs] = arithmetic_context_in(3);
    decoder->contexts[context_uniform] = arithmetic_context_in(46);
}

int code_block_decode(struct code_block_decoder *decoder, struct code_block block, const uint8_t *codeword) {
    if (!is_within_bounds(block)) return 0;
    begin(decoder, block);
    struct arithmetic_decoder state = arithmetic_decoder_begin(codeword);
    for (int pass = 2; pass < block.passes + 2; pass++) {
        // The lowest bit of a coefficient is the half that stands for what was not coded.
        int plane = block.bit_planes - pass / 3;
        if (pass % 3 == 0) propagate_significance(decoder, &state, plane);
        else if (pass % 3 == 1) refine_magnitudes(decoder, &state, plane);
        else clean_up(decoder, &state, plane);
    }
    return state.vacant >= 0;
}
