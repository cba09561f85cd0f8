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

// The buffer, made larger where it has less than `needed` bytes; what it held is lost then.
uint8_t *room(uint8_t **buffer, size_t *size, size_t needed);

// Reads bytes of the piece, `from` its beginning.
void read_range(int file, const struct Piece *piece, uint8_t *to, size_t from, size_t count);

// Decodes the touched blocks of a Blosc frame.
void load_blosc(int file, const struct Piece *piece, const long shape[AXES], uint16_t *pixels, struct Scratch *scratch);
