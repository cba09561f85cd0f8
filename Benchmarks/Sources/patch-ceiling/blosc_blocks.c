#include <blosc.h>
#include <string.h>

#include "decode.h"
#include "rows.h"

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
void load_blosc(int file, const struct Piece *piece, const long shape[AXES], uint16_t *pixels,
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
