#ifndef CBITSHUFFLE_H
#define CBITSHUFFLE_H

#include <stddef.h>
#include <stdint.h>

/// Restores elements of 16 bits that bit shuffling took apart.
///
/// `planes` holds the bits of `elements` elements, a multiple of 8: bit 0 of all of them, eight to a byte, then bit 1,
/// and so on to bit 15. Elements `first` to `first + count`, both multiples of 8, go to `result`, 2 * count bytes.
void bit_unshuffle_16(const uint8_t *planes, size_t elements, size_t first, size_t count, uint8_t *result);

/// The same by what all processors have.
void bit_unshuffle_16_portable(const uint8_t *planes, size_t elements, size_t first, size_t count, uint8_t *result);

/// Restores rows of `row` elements, the first one at element `first` and each `step` elements behind the one before, to
/// places that lie `result_step` bytes apart.
///
/// Rows that are written after these, if any, begin `next` bytes behind the first place.
void bit_unshuffle_rows_16(const void *planes, size_t elements, size_t first, size_t row, size_t step, size_t rows,
                           void *places, size_t result_step, size_t next);

/// Copies rows of `row` bytes that lie `step` bytes apart to places that lie `result_step` bytes apart; `next` as above.
void copy_rows(const void *from, size_t row, size_t step, size_t rows, void *places, size_t result_step, size_t next);

#endif
