// Reading and decoding one piece.
#pragma once
#include "worklist.h"

// Memory of one thread that is used again from piece to piece.
struct Scratch {
    uint8_t *compressed, *decoded;
    size_t compressed_size, decoded_size;
    void *zstd, *deflate;
};

// Reads what the piece needs of its file, decodes it and copies the wanted box into the pixels.
void piece_load(const struct Piece *piece, const long shape[AXES], uint16_t *pixels, struct Scratch *scratch);
