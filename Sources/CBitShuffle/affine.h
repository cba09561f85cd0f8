#ifndef AFFINE_H
#define AFFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether the processor has the instructions that `restore_by_affine` takes.
bool has_affine(void);

enum { groups_by_affine = 64 };

/// Restores 64 groups of eight elements, of 16 planes that lie `stride` bytes apart.
void restore_by_affine(const uint8_t *planes, size_t stride, uint8_t *result);

#endif
