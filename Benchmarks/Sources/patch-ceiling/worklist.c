#include "worklist.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("patch-ceiling: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void *grown(void *list, int count, size_t size) {
    // Twice as much whenever a power of two is full.
    if (count & (count - 1)) return list;
    void *larger = realloc(list, (count ? 2 * (size_t)count : 1) * size);
    return larger ? larger : (fail("out of memory"), NULL);
}

static enum Codec codec_named(const char *name) {
    static const char *names[] = {"fill", "blosc", "zstd", "deflate"};
    for (int i = 0; i < 4; i++)
        if (strcmp(name, names[i]) == 0) return i;
    fail("no codec %s", name);
}

static struct Piece piece_parse(const char *line) {
    struct Piece piece;
    char codec[16], *path = malloc(strlen(line) + 1);
    int fields = sscanf(line,
                        "read %d %15s %d %d %lld %lld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %[^\n]",
                        &piece.resolution, codec, &piece.predictor, &piece.interleaved, &piece.offset, &piece.length,
                        &piece.shape[0], &piece.shape[1], &piece.shape[2], &piece.shape[3],  //
                        &piece.from[0], &piece.from[1], &piece.from[2], &piece.from[3],      //
                        &piece.count[0], &piece.count[1], &piece.count[2], &piece.count[3],  //
                        &piece.to[0], &piece.to[1], &piece.to[2], &piece.to[3], path);
    if (fields != 23) fail("cannot understand: %s", line);
    piece.codec = codec_named(codec);
    piece.path = path;
    return piece;
}

static void shape_parse(const char *line, struct Worklist *list) {
    int resolution;
    long shape[AXES];
    if (sscanf(line, "shape %d %ld %ld %ld %ld", &resolution, &shape[0], &shape[1], &shape[2], &shape[3]) != 5 ||
        resolution < 0 || resolution >= RESOLUTIONS)
        fail("cannot understand: %s", line);
    memcpy(list->shape[resolution], shape, sizeof shape);
    list->pixels[resolution] = calloc(volume(shape), sizeof(uint16_t));
    if (!list->pixels[resolution]) fail("out of memory");
}

struct Worklist worklist_read(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot open %s", path);
    struct Worklist list = {0};
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) > 0) {
        if (strncmp(line, "shape", 5) == 0) {
            shape_parse(line, &list);
        } else if (strncmp(line, "patch", 5) == 0) {
            list.patches = grown(list.patches, list.count, sizeof *list.patches);
            list.patches[list.count++] = (struct Patch){0};
        } else {
            if (list.count == 0) fail("%s has a piece before the first patch", path);
            struct Patch *patch = &list.patches[list.count - 1];
            patch->pieces = grown(patch->pieces, patch->count, sizeof *patch->pieces);
            patch->pieces[patch->count++] = piece_parse(line);
        }
    }
    free(line);
    fclose(file);
    return list;
}
