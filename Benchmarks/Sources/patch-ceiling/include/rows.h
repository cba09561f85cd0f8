// Bringing decoded pixels to their places.
#pragma once
#include "worklist.h"

// Copies what `items`, the decoded ones from `start` to `end`, hold of the wanted box; zeros where `items` is null.
void copy_rows(const struct Piece *piece, const uint16_t *items, long start, long end, const long shape[AXES],
               uint16_t *pixels);

// Copies the wanted box out of a TIFF tile whose samples are differences.
void copy_sums(const struct Piece *piece, const uint16_t *samples, const long shape[AXES], uint16_t *pixels);
