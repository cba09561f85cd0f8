// The three kinds of coding passes, T.800, D.3.
#include "passes.h"

/// Decodes the sign (D.3.2) of a coefficient that becomes significant, and tells its neighbours.
ALWAYS_INLINE void become_significant(
    struct code_block_decoder *block, struct arithmetic_decoder *decoder, struct group group, int coefficient, int plane
) {
    int row = coefficient & 3;
    uint64_t *word = group.words + (coefficient >> 2);
    uint64_t own = word[0], left = word[-1], right = word[1], signs = own >> 32;
    unsigned neighbours = (own >> 3 * row & 0xAA) | (signs >> row & 1) | (left >> (33 + row) & 1) << 2
        | (right >> (33 + row) & 1) << 4 | (signs >> (row + 2) & 1) << 6;
    uint8_t entry = block->signs[neighbours];
    uint64_t sign = arithmetic_decoder_decode(decoder, &block->contexts[entry >> 1]) ^ (entry & 1);
    // Half a step more stands for the bit-planes that are missing.
    group.coefficients[coefficient] = 3u << (plane - 1) | (uint32_t)sign << 31;

    int place = 3 * (row + 1);
    word[0] = own | 2ull << place | sign << (33 + row);
    word[-1] = left | 4ull << place;
    word[1] = right | 1ull << place;
    // The outer rows are the last of the stripe above or the first of the one below. A branch would be as hard to guess.
    uint64_t *next = block->nowhere + 1;
    next = CHOOSE(row == 3, word + block->word_stride, next);
    next = CHOOSE(row == 0, word - block->word_stride, next);
    int next_place = CHOOSE(row == 0, 15, 0);
    next[0] |= 2ull << next_place | sign << (32 + next_place / 3);
    next[-1] |= 4ull << next_place;
    next[1] |= 1ull << next_place;
}

ALWAYS_INLINE arithmetic_context *context_of_significance(
    struct code_block_decoder *block, struct group group, int coefficient
) {
    uint64_t word = group.words[coefficient >> 2];
    return &block->contexts[block->contexts_of_significance[word >> 3 * (coefficient & 3) & 0x1FF]];
}

void propagate_significance(struct code_block_decoder *block, struct arithmetic_decoder *state, int plane) {
    struct arithmetic_decoder decoder = *state;
    EACH_GROUP(block, group) {
        uint64_t *mask = &block->significant[group.index], significant = *mask, visited = 0;
        uint64_t left = near_significant(mask, block->group_stride) & ~significant & group.within;
        while (left) {
            int coefficient = take_first(&left);
            uint64_t itself = 1ull << coefficient;
            visited |= itself;
            if (!arithmetic_decoder_decode(&decoder, context_of_significance(block, group, coefficient))) continue;
            become_significant(block, &decoder, group, coefficient, plane);
            significant |= itself;
            left |= around(coefficient) & ~significant & group.within & ~1ull << coefficient;
        }
        *mask = significant;
        block->visited[group.index] = visited;
    }
    *state = decoder;
}

void refine_magnitudes(struct code_block_decoder *block, struct arithmetic_decoder *state, int plane) {
    struct arithmetic_decoder decoder = *state;
    arithmetic_context alone = block->contexts[context_of_magnitude];
    arithmetic_context near = block->contexts[context_of_magnitude_near_others];
    arithmetic_context later = block->contexts[context_of_magnitude_later];
    EACH_GROUP(block, group) {
        uint64_t *mask = &block->significant[group.index];
        uint64_t left = *mask & ~block->visited[group.index], first = left & ~block->refined[group.index];
        uint64_t first_near = first & near_significant(mask, block->group_stride), first_alone = first & ~first_near;
        block->refined[group.index] |= left;
        while (left) {
            int coefficient = take_first(&left);
            // The three contexts stay in registers, and no branch chooses.
            int is_near = first_near >> coefficient & 1, is_alone = first_alone >> coefficient & 1;
            arithmetic_context context = CHOOSE(is_near, near, later);
            context = CHOOSE(is_alone, alone, context);
            uint32_t bit = arithmetic_decoder_decode(&decoder, &context);
            // Half a step more was assumed before.
            group.coefficients[coefficient] += (bit << plane) - (1u << (plane - 1));
            later = CHOOSE(is_near | is_alone, later, context);
            near = CHOOSE(is_near, context, near);
            alone = CHOOSE(is_alone, context, alone);
        }
    }
    block->contexts[context_of_magnitude] = alone;
    block->contexts[context_of_magnitude_near_others] = near;
    block->contexts[context_of_magnitude_later] = later;
    *state = decoder;
}

void clean_up(struct code_block_decoder *block, struct arithmetic_decoder *state, int plane) {
    struct arithmetic_decoder decoder = *state;
    EACH_GROUP(block, group) {
        uint64_t significant = block->significant[group.index];
        uint64_t left = ~significant & ~block->visited[group.index] & group.within;
        block->visited[group.index] = 0;
        while (left) {
            int coefficient = take_first(&left);
            // Nothing within or around the column is significant: one symbol for all of its rows.
            int is_run = (coefficient & 3) == 0 && group.is_whole && (group.words[coefficient >> 2] & 0x3FFFF) == 0;
            if (is_run) {
                uint64_t rows = 0xFull << coefficient;
                if (!arithmetic_decoder_decode_probable(&decoder, &block->contexts[context_of_runs])) {
                    left &= ~rows;
                    continue;
                }
                uint32_t row = arithmetic_decoder_decode(&decoder, &block->contexts[context_uniform]) << 1;
                row |= arithmetic_decoder_decode(&decoder, &block->contexts[context_uniform]);
                coefficient += row;
                left &= ~rows | ~1ull << coefficient;
            } else if (!arithmetic_decoder_decode_probable(
                           &decoder, context_of_significance(block, group, coefficient))) {
                continue;
            }
            become_significant(block, &decoder, group, coefficient, plane);
            significant |= 1ull << coefficient;
        }
        block->significant[group.index] = significant;
    }
    *state = decoder;
}
