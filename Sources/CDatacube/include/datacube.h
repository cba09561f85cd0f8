// libdatacube: windows of Sentinel-2 time series from SAFE, COG and Zarr, on folders and S3, into the caller's memory.
//
// Rules for all functions:
//
// * Any thread may call any function at any time; calls for one cube run side by side.
// * Cubes and calls are named by numbers above 0. A number that means nothing is an error, never a crash.
// * A function that fails returns -1 and leaves what failed with the calling thread: datacube_error_message().
// * Texts are UTF-8 and end with a zero byte. Texts that are given are copied before the function returns.
// * A process that was forked may go on using the cubes of its parent: each is opened anew at its first use there.
//   Calls that were begun before the fork belong to the parent.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The version of the library, `1.2.3`; it lives as long as the process.
const char *datacube_version(void);

// What the last call that failed in this thread said: a code such as `notFound`, and one line `code: what failed and what to do`.
// Both live until the thread's next call of this library.
const char *datacube_error_code(void);
const char *datacube_error_message(void);

// Which tile-year to open. What is NULL or 0 has the default.
typedef struct datacube_place {
    const char *store;        // a folder or s3://bucket/prefix with all tiles of a format; NULL: `storage` says
    const char *storage;      // network, temp or s3: where the DSLAB_ variables say that `format` lies
    const char *profile;      // of the AWS tools, for S3; NULL: that of DSLAB_S2L1C_S3_PROFILE
    const char *format;       // safe, cog, zarr, shardzarr or zipzarr; NULL: found out
    const char *tile;         // 35VLH
    int32_t year;             // of sensing, UTC
    const char *resolutions;  // `10m,20m`, for instance; NULL: all
    int32_t threads;          // that decode; 0: as many as the process has processors
} datacube_place;

// Opens a tile-year and returns its number; metadata are read, pixels are not. Dates that are added later are not seen.
int64_t datacube_open(const datacube_place *place);

// What there is, as one JSON object: `time` (milliseconds since 1970, UTC), `product_id`, `crs`, and by resolution `bands`,
// `width`, `height`, `transform` (column and row to metres) and `radiometric_add_offset` (date, band), among others.
// Writes at most `capacity` bytes, with a zero byte at the end, and returns how many bytes the whole takes.
int64_t datacube_describe(int64_t cube, char *text, int64_t capacity);

// What pixels become.
enum {
    DATACUBE_DN = 0,           // uint16_t, DN as delivered: 0 is no data, 65535 saturated
    DATACUBE_REFLECTANCE = 1,  // float, (DN + offset) / quantification value; NaN for no data and saturated pixels
};

// A window to read, and memory for it as an array (time, band, y, x), which the caller keeps until the read has ended.
typedef struct datacube_window {
    int32_t resolution;         // metres: 10, 20 or 60
    int32_t content;            // DATACUBE_DN or DATACUBE_REFLECTANCE
    int32_t x, y;               // column and row of the upper left pixel, in pixels of the resolution
    int32_t width, height;      // pixels
    const int32_t *dates;       // positions on the time axis, in the order in which they are wanted; NULL: all
    const int32_t *bands;       // positions among the resolution's bands, likewise
    int32_t date_count;         // how many `dates` has
    int32_t band_count;         // how many `bands` has
    void *pixels;               // the first pixel's element
    int64_t strides[4];         // bytes from one element to the next along time, band, y and x, of any sign
} datacube_window;

// Reads windows, all at once; the fastest memory for DN is contiguous. Where it fails, what the memory holds is undefined.
int datacube_read(int64_t cube, const datacube_window *windows, int32_t count);

// The same two, for callers that want to do something else meanwhile, or to end them early: both return the number of a call.
int64_t datacube_start_opening(const datacube_place *place);
int64_t datacube_start_reading(int64_t cube, const datacube_window *windows, int32_t count);

// Waits at most so many seconds for a call. Returns 0 when it has ended well, with its result (the number of a cube that was
// opened) in `result` unless that is NULL; 1 when it has not ended; -1 when it failed. Once it has ended, its number means nothing.
int datacube_wait(int64_t call, double seconds, int64_t *result);

// Ends a call as soon as what runs of it has ended. Its memory is in use until datacube_wait has told the end.
int datacube_cancel(int64_t call);

// Draws the patches that `patch-bench run` draws with the same seed from the whole tile: `rounds` (without the warm-up) times
// `per_round`, each as column and row of its upper left pixel at 60 m.
int datacube_draw_patches(int64_t cube, int32_t size_metres, int32_t rounds, int32_t per_round, uint64_t seed, int32_t *corners);

// Closes a cube. Reads that have begun go on to their end.
int datacube_close(int64_t cube);

#ifdef __cplusplus
}
#endif
