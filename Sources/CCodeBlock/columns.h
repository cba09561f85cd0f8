// The state of a code-block while it is decoded: what is known of each coefficient, and which ones a pass visits.
//
// Coefficients are visited in stripes of four rows, column by column. Sixteen columns of a stripe are a group: 64
// coefficients in the order of the visit, for each of which a mask has a bit, so that a pass goes from one that it has to
// decode to the next without asking those between.
#ifndef COLUMNS_H
#define COLUMNS_H

#include "CCodeBlock.h"

enum {
    longest_side = 1024,
    most_coefficients = 4096,
    // A column and a row of words more on either side; the lowest of blocks, of one stripe, needs the most.
    most_words = (longest_side + 2) * 3,
    // A group more on either side; the narrowest of blocks needs the most.
    most_groups = 3 * (longest_side / 4 + 2),
};

struct code_block_decoder {
    /// One for four rows of a column. Bits 0 to 17: which are significant of 6 rows of 3 columns around them, row by row.
    /// Bits 32 to 37: which of the 6 rows of the column itself are negative.
    uint64_t words[most_words];
    /// Of each group: significant; visited by the first pass of this bit-plane; refined before.
    uint64_t significant[most_groups], visited[most_groups], refined[most_groups];
    /// A place for what would be told to a stripe above or below, where there is nothing to tell.
    uint64_t nowhere[3];
    arithmetic_context contexts[code_block_contexts];
    uint32_t coefficients[most_coefficients];
    uint8_t significance[4][512], signs[256];

    int width, height, stripes, groups;
    /// From one stripe to the next.
    int word_stride, group_stride;
    /// Of this kind of subband.
    const uint8_t *contexts_of_significance;
};

/// A group of columns.
struct group {
    uint64_t *words;
    uint32_t *coefficients;
    /// In the masks of the block.
    int index;
    /// All rows of the stripe are within the block.
    int is_whole;
    /// Coefficients that are within the block.
    uint64_t within;
};

ALWAYS_INLINE struct group group_at(struct code_block_decoder *block, int stripe, int number) {
    int columns = block->width - 16 * number, rows = block->height - 4 * stripe;
    uint64_t within = columns >= 16 ? ~0ull : (1ull << 4 * columns) - 1;
    return (struct group){
        .words = block->words + (stripe + 1) * block->word_stride + 1 + 16 * number,
        .coefficients = block->coefficients + 4 * (block->width * stripe + 16 * number),
        .index = (stripe + 1) * block->group_stride + 1 + number,
        .is_whole = rows >= 4,
        .within = rows >= 4 ? within : within & 0x1111111111111111 * ((1ull << rows) - 1),
    };
}

#define EACH_GROUP(block, group)                               \
    for (int stripe = 0; stripe < (block)->stripes; stripe++)  \
        for (int number = 0; number < (block)->groups; number++) \
            for (struct group group = group_at(block, stripe, number), *once = &group; once; once = 0)

/// The first of a group's coefficients, which is taken out of the mask.
ALWAYS_INLINE int take_first(uint64_t *left) {
    int first = __builtin_ctzll(*left);
    *left &= *left - 1;
    return first;
}

// The neighbours of a group's coefficients in the columns on both sides.
ALWAYS_INLINE uint64_t beside(const uint64_t *group) {
    return group[0] << 4 | group[0] >> 4 | group[-1] >> 60 | group[1] << 60;
}

/// Those of a group that have a significant one among their eight neighbours.
ALWAYS_INLINE uint64_t near_significant(const uint64_t *group, int stride) {
    const uint64_t *above = group - stride, *below = group + stride;
    uint64_t sides = beside(group), rows = sides | group[0];
    return sides | (rows << 1 & 0xEEEEEEEEEEEEEEEE) | (rows >> 1 & 0x7777777777777777)
        | ((beside(above) | *above) >> 3 & 0x1111111111111111) | ((beside(below) | *below) << 3 & 0x8888888888888888);
}

/// The neighbours of a coefficient within its group, and itself.
ALWAYS_INLINE uint64_t around(int coefficient) {
    static const uint16_t three_columns[4] = {0x333, 0x777, 0xEEE, 0xCCC};
    uint64_t columns = three_columns[coefficient & 3];
    int column = coefficient & ~3;
    return column ? columns << (column - 4) : columns >> 4;
}

#endif
