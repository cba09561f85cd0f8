#include "tile_encoder.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

struct TileEncoder {
    int bands, level;
    long side;
    uint16_t *pixels;
    void *compressed;
    size_t capacity;
    ZSTD_CCtx *context;
};

struct TileEncoder *tile_encoder_create(int bands, long side, int level) {
    struct TileEncoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) return NULL;
    size_t bytes = sizeof(uint16_t) * bands * side * side;
    *encoder = (struct TileEncoder){bands, level, side, malloc(bytes), NULL, ZSTD_compressBound(bytes), NULL};
    encoder->compressed = malloc(encoder->capacity);
    encoder->context = ZSTD_createCCtx();
    if (encoder->pixels && encoder->compressed && encoder->context) return encoder;
    tile_encoder_free(encoder);
    return NULL;
}

void tile_encoder_free(struct TileEncoder *encoder) {
    if (!encoder) return;
    ZSTD_freeCCtx(encoder->context);
    free(encoder->compressed);
    free(encoder->pixels);
    free(encoder);
}

size_t tile_encoder_encode(struct TileEncoder *encoder, const uint16_t *planes, long width, long height, long x,
                           long y) {
    const long bands = encoder->bands, side = encoder->side;
    const long columns = width - x < side ? width - x : side, rows = height - y < side ? height - y : side;
    const size_t bytes = sizeof(uint16_t) * bands * side * side;
    if (columns < side || rows < side) memset(encoder->pixels, 0, bytes);
    for (long row = 0; row < rows; row++)
        for (long band = 0; band < bands; band++) {
            const uint16_t *from = planes + (band * height + y + row) * width + x;
            uint16_t *to = encoder->pixels + row * side * bands + band;
            uint16_t left = 0;
            for (long column = 0; column < columns; column++) {
                to[column * bands] = from[column] - left;
                left = from[column];
            }
            // Beyond the edge lie zeros, whose first is a difference too.
            if (columns < side) to[columns * bands] = -left;
        }
    size_t size = ZSTD_compressCCtx(encoder->context, encoder->compressed, encoder->capacity, encoder->pixels, bytes,
                                    encoder->level);
    return ZSTD_isError(size) ? 0 : size;
}
