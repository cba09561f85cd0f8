#include "decode.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "rows.h"

uint8_t *room(uint8_t **buffer, size_t *size, size_t needed) {
    if (*size < needed) {
        free(*buffer);
        *buffer = malloc(*size = needed);
        if (!*buffer) fail("out of memory");
    }
    return *buffer;
}

void read_range(int file, const struct Piece *piece, uint8_t *to, size_t from, size_t count) {
    if (pread(file, to, count, piece->offset + from) != (ssize_t)count) fail("cannot read %s", piece->path);
}

static void load_whole(int file, const struct Piece *piece, const long shape[AXES], uint16_t *pixels,
                       struct Scratch *scratch) {
    uint8_t *source = room(&scratch->compressed, &scratch->compressed_size, piece->length);
    read_range(file, piece, source, 0, piece->length);
    long items = volume(piece->shape);
    size_t bytes = items * sizeof(uint16_t), got = 0;
    uint8_t *decoded = room(&scratch->decoded, &scratch->decoded_size, bytes);
    if (piece->codec == ZSTD) {
        if (!scratch->zstd) scratch->zstd = ZSTD_createDCtx();
        got = ZSTD_decompressDCtx(scratch->zstd, decoded, bytes, source, piece->length);
    } else {
        if (!scratch->deflate) scratch->deflate = libdeflate_alloc_decompressor();
        if (libdeflate_zlib_decompress(scratch->deflate, source, piece->length, decoded, bytes, &got)) got = 0;
    }
    if (got != bytes) fail("%s is damaged at %lld", piece->path, piece->offset);
    const uint16_t *samples = (const uint16_t *)decoded;
    if (piece->predictor == 2)
        copy_sums(piece, samples, shape, pixels);
    else
        copy_rows(piece, samples, 0, items, shape, pixels);
}

void piece_load(const struct Piece *piece, const long shape[AXES], uint16_t *pixels, struct Scratch *scratch) {
    if (piece->codec == FILL) return copy_rows(piece, NULL, 0, volume(piece->shape), shape, pixels);
    int file = open(piece->path, O_RDONLY | O_CLOEXEC);
    if (file < 0) fail("cannot open %s: %s", piece->path, strerror(errno));
    // Every byte that is wanted is asked for: what the kernel would read ahead is another patch's.
    posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM);
    (piece->codec == BLOSC ? load_blosc : load_whole)(file, piece, shape, pixels, scratch);
    close(file);
}
