#pragma once
#include <stddef.h>
#include <stdint.h>

enum reference_end { REFERENCE_DECODED, REFERENCE_WARNED, REFERENCE_REFUSED };

/// Decodes the first component of a codestream by OpenJPEG alone, as far as its pixels are so many by so many.
///
/// Returns whether it was content, decoded with a warning, or refused; `words` gets what it said first.
enum reference_end reference_decode(const uint8_t *bytes, size_t count, int32_t *pixels, size_t width, size_t height,
                                    char words[200]);
