// The pieces that patches are made of, as Benchmarks/peers/ceiling.py writes them.
#pragma once
#include <stdint.h>
#include <stdio.h>

enum { AXES = 4, RESOLUTIONS = 3 };  // time, band, y, x; 10, 20 and 60 m

enum Codec { FILL, BLOSC, ZSTD, DEFLATE };

// One compressed block of pixels, the box of it that is wanted, and where that goes.
struct Piece {
    int resolution;
    enum Codec codec;
    int predictor;    // 1: none; 2: TIFF's horizontal differencing
    int interleaved;  // whether bands come last, as in GeoTIFF, instead of second
    char *path;
    long long offset, length;
    long shape[AXES], from[AXES], count[AXES], to[AXES];
};

struct Patch {
    struct Piece *pieces;
    int count;
};

struct Worklist {
    long shape[RESOLUTIONS][AXES];
    uint16_t *pixels[RESOLUTIONS];
    struct Patch *patches;
    int count;
};

static inline long volume(const long shape[AXES]) { return shape[0] * shape[1] * shape[2] * shape[3]; }

// Prints what is wrong, as printf does, and ends the program: a ceiling that is not complete is none.
_Noreturn void fail(const char *format, ...);

struct Worklist worklist_read(const char *path);
