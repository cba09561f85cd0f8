// The three kinds of coding passes over a bit-plane, T.800, D.3.
#ifndef PASSES_H
#define PASSES_H

#include "columns.h"

/// Decodes the insignificant coefficients that have a significant neighbour (D.3.1).
void propagate_significance(struct code_block_decoder *block, struct arithmetic_decoder *state, int plane);

/// Decodes one more bit of the coefficients that were significant before this bit-plane (D.3.3).
void refine_magnitudes(struct code_block_decoder *block, struct arithmetic_decoder *state, int plane);

/// Decodes the coefficients that the other two passes of this bit-plane left out (D.3.4).
void clean_up(struct code_block_decoder *block, struct arithmetic_decoder *state, int plane);

#endif
