#include "decode.h"

#include <blosc.h>
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

static uint8_t *room(uint8_t **buffer, size_t *size, size_t needed) {
    if (*size < needed) {
        free(*buffer);
        *buffer = malloc(*size = needed);
        if (!*buffer) fail("out of memory");
    }
    return *buffer;
}

static void read_range(int file, const struct Piece *piece, uint8_t *to, size_t from, size_t count) {
    if (pread(file, to, count, piece->offset + from) != (ssize_t)count) fail("cannot read %s", piece->path);
}

// Copies what the decoded items from `start` hold of the wanted box. Items count in C order of (time, band, y, x), or
// of (time, y, x, band) where bands come last.
static void copy_rows(const struct Piece *piece, const uint16_t *items, long start, long end, const long shape[AXES],
                      uint16_t *pixels) {
    const long *chunk = piece->shape, *from = piece->from, *count = piece->count, *to = piece->to;
    long step = piece->interleaved ? chunk[1] : 1;
    for (long t = 0; t < count[0]; t++)
        for (long b = 0; b < count[1]; b++)
            for (long y = 0; y < count[2]; y++) {
                long row = piece->interleaved
                               ? (((from[0] + t) * chunk[2] + from[2] + y) * chunk[3] + from[3]) * step + from[1] + b
                               : (((from[0] + t) * chunk[1] + from[1] + b) * chunk[2] + from[2] + y) * chunk[3] + from[3];
                // A row may lie in two Blosc blocks.
                long first = row < start ? start - row : 0;
                long held = (end - row + step - 1) / step, last = held < count[3] ? held : count[3];
                if (first >= last) continue;
                uint16_t *line =
                    pixels + (((to[0] + t) * shape[1] + to[1] + b) * shape[2] + to[2] + y) * shape[3] + to[3];
                if (!items)
                    memset(line + first, 0, (last - first) * sizeof *line);
                else if (step == 1)
                    memcpy(line + first, items + row + first - start, (last - first) * sizeof *line);
                else
                    for (long x = first; x < last; x++) line[x] = items[row + x * step - start];
            }
}

// Marks the Blosc blocks that the wanted box touches.
static void mark_blocks(const struct Piece *piece, long block_items, uint8_t *touched) {
    const long *chunk = piece->shape, *from = piece->from, *count = piece->count;
    for (long t = from[0]; t < from[0] + count[0]; t++)
        for (long b = from[1]; b < from[1] + count[1]; b++)
            for (long y = from[2]; y < from[2] + count[2]; y++) {
                long row = ((t * chunk[1] + b) * chunk[2] + y) * chunk[3] + from[3];
                for (long i = row / block_items; i <= (row + count[3] - 1) / block_items; i++) touched[i] = 1;
            }
}

// Decodes one block straight to `decoded`, as a frame of its own: blosc_getitem would copy it once more.
static void decode_block(const struct Piece *piece, uint8_t *frame, int32_t start, int32_t bytes, size_t block_bytes,
                         uint8_t *decoded) {
    enum { HEADER = 16, START = 4 };
    uint8_t *own = frame + start - HEADER - START, saved[HEADER + START];
    memcpy(saved, own, sizeof saved);
    const int32_t sizes[] = {bytes, (int32_t)block_bytes, (int32_t)(frame + piece->length - own)};
    memmove(own, frame, 4);
    memcpy(own + 4, sizes, sizeof sizes);
    memcpy(own + HEADER, &(int32_t){HEADER + START}, START);
    if (blosc_decompress_ctx(own, decoded, block_bytes, 1) != bytes)
        fail("%s: the block at %d is damaged", piece->path, start);
    memcpy(own, saved, sizeof saved);
}

// Decodes the touched blocks of a Blosc frame, each once, and reads no more than from the first of them to the last.
static void load_blosc(int file, const struct Piece *piece, const long shape[AXES], uint16_t *pixels,
                       struct Scratch *scratch) {
    uint8_t *frame = room(&scratch->compressed, &scratch->compressed_size, piece->length);
    long head = piece->length < 4096 ? piece->length : 4096;
    read_range(file, piece, frame, 0, head);
    size_t bytes, compressed, block_bytes, type_bytes;
    int flags;
    blosc_cbuffer_sizes(frame, &bytes, &compressed, &block_bytes);
    blosc_cbuffer_metainfo(frame, &type_bytes, &flags);
    if (compressed != (size_t)piece->length || bytes != volume(piece->shape) * sizeof(uint16_t) || type_bytes != 2)
        fail("%s is not the frame that was expected", piece->path);
    long block_items = block_bytes / 2, items = bytes / 2, blocks = (items + block_items - 1) / block_items;
    uint8_t touched[blocks];
    memset(touched, 0, blocks);
    mark_blocks(piece, block_items, touched);

    const int plain = flags & BLOSC_MEMCPYED;
    if (!plain && 16 + 4 * blocks > head) read_range(file, piece, frame + head, head, 16 + 4 * blocks - head);
    const int32_t *starts = (const int32_t *)(frame + 16);
    long low = piece->length, high = 0;
    for (long i = 0; i < blocks; i++) {
        if (!touched[i]) continue;
        long start = plain ? 16 + i * (long)block_bytes : starts[i], end = piece->length;
        for (long j = 0; j < blocks && !plain; j++)
            if (starts[j] > start && starts[j] < end) end = starts[j];
        if (start < low) low = start;
        if (end > high) high = end;
    }
    if (low < high) read_range(file, piece, frame + low, low, high - low);

    uint8_t *decoded = room(&scratch->decoded, &scratch->decoded_size, block_bytes);
    for (long i = 0; i < blocks; i++) {
        if (!touched[i]) continue;
        long start = i * block_items, end = start + block_items < items ? start + block_items : items;
        const uint8_t *block = frame + 16 + i * block_bytes;
        if (!plain) {
            decode_block(piece, frame, starts[i], (end - start) * 2, block_bytes, decoded);
            block = decoded;
        }
        copy_rows(piece, (const uint16_t *)block, start, end, shape, pixels);
    }
}

// Copies what is wanted of a TIFF tile while it undoes predictor 2: each sample was stored as its difference from the
// same band's sample on the left, so a row has to be added up from its beginning.
static void copy_sums(const struct Piece *piece, const uint16_t *samples, const long shape[AXES], uint16_t *pixels) {
    const long *from = piece->from, *count = piece->count, *to = piece->to;
    const long step = piece->interleaved ? piece->shape[1] : 1, plane = shape[2] * shape[3];
    for (long y = 0; y < count[2]; y++) {
        const uint16_t *row = samples + (from[2] + y) * piece->shape[3] * step + from[1];
        uint16_t *line = pixels + ((to[0] * shape[1] + to[1]) * shape[2] + to[2] + y) * shape[3] + to[3];
        uint16_t sums[count[1]];
        memset(sums, 0, sizeof sums);
        for (long x = 0; x < from[3]; x++, row += step)
            for (long b = 0; b < count[1]; b++) sums[b] += row[b];
        for (long x = 0; x < count[3]; x++, row += step)
            for (long b = 0; b < count[1]; b++) line[b * plane + x] = sums[b] += row[b];
    }
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
