#include "rows.h"

#include <string.h>

// Items count in C order of (time, band, y, x), or
// of (time, y, x, band) where bands come last.
void copy_rows(const struct Piece *piece, const uint16_t *items, long start, long end, const long shape[AXES],
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

// Copies what is wanted of a TIFF tile while it undoes predictor 2: each sample was stored as its difference from the
// same band's sample on the left, so a row has to be added up from its beginning.
void copy_sums(const struct Piece *piece, const uint16_t *samples, const long shape[AXES], uint16_t *pixels) {
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
