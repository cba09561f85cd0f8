// One tile of a GeoTIFF as safe2cog has GDAL make it: bands interleaved by pixel, horizontal differences, Zstandard.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct TileEncoder;

struct TileEncoder *_Nullable tile_encoder_create(int bands, long side, int level);
void tile_encoder_free(struct TileEncoder *_Nullable encoder);

// Compresses the tile at (x, y), zeros beyond the raster's edge, and returns the bytes that came; 0 is a failure.
size_t tile_encoder_encode(struct TileEncoder *_Nonnull encoder, const uint16_t *_Nonnull planes, long width,
                           long height, long x, long y);
