#include "reference_decoder.h"

#include <openjpeg.h>
#include <string.h>

struct source {
    const uint8_t *bytes;
    size_t count, position;
};

struct said {
    char *words;
    int warnings, errors;
};

static OPJ_SIZE_T read_source(void *buffer, OPJ_SIZE_T count, void *context) {
    struct source *source = context;
    size_t left = source->count - source->position;
    if (left == 0) return (OPJ_SIZE_T)-1;
    if (count > left) count = left;
    memcpy(buffer, source->bytes + source->position, count);
    source->position += count;
    return count;
}

static OPJ_OFF_T skip_source(OPJ_OFF_T count, void *context) {
    struct source *source = context;
    if (count < 0 || (size_t)count > source->count - source->position) source->position = source->count;
    else source->position += (size_t)count;
    return count;
}

static OPJ_BOOL seek_source(OPJ_OFF_T position, void *context) {
    struct source *source = context;
    if (position < 0 || (size_t)position > source->count) return OPJ_FALSE;
    source->position = (size_t)position;
    return OPJ_TRUE;
}

static void note(struct said *said, const char *message) {
    if (said->words[0] == 0) strncpy(said->words, message, 199);
}

static void warn(const char *message, void *context) {
    ((struct said *)context)->warnings++;
    note(context, message);
}

static void refuse(const char *message, void *context) {
    ((struct said *)context)->errors++;
    note(context, message);
}

static int copy_pixels(const opj_image_t *image, int32_t *pixels, size_t width, size_t height) {
    if (image->numcomps < 1 || image->comps[0].data == NULL) return 0;
    if (image->comps[0].w != width || image->comps[0].h != height) return 0;
    memcpy(pixels, image->comps[0].data, width * height * sizeof *pixels);
    return 1;
}

enum reference_end reference_decode(const uint8_t *bytes, size_t count, int32_t *pixels, size_t width, size_t height,
                                    char words[200]) {
    struct source source = {bytes, count, 0};
    struct said said = {words, 0, 0};
    memset(words, 0, 200);
    opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_J2K);
    opj_stream_t *stream = opj_stream_create(count > 4096 ? count : 4096, OPJ_TRUE);
    opj_stream_set_user_data(stream, &source, NULL);
    opj_stream_set_user_data_length(stream, count);
    opj_stream_set_read_function(stream, read_source);
    opj_stream_set_skip_function(stream, skip_source);
    opj_stream_set_seek_function(stream, seek_source);
    opj_set_warning_handler(codec, warn, &said);
    opj_set_error_handler(codec, refuse, &said);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t *image = NULL;
    int done = opj_setup_decoder(codec, &parameters) && opj_read_header(stream, codec, &image)
        && opj_decode(codec, stream, image) && copy_pixels(image, pixels, width, height);
    // What follows the last tile may be damaged as well; that costs no pixel.
    opj_image_destroy(image);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    if (!done) return REFERENCE_REFUSED;
    return said.warnings + said.errors > 0 ? REFERENCE_WARNED : REFERENCE_DECODED;
}
