#include "datacube.h"
#include "datacube_error.h"

#include <string.h>

static _Thread_local char error_code[32];
// The longest line that the library makes is shorter.
static _Thread_local char error_message[8192];

static void copy(char *target, size_t size, const char *text) {
    size_t length = strlen(text);
    if (length >= size) length = size - 1;
    // Not within a character: bytes 10xxxxxx follow another.
    while (length > 0 && length < strlen(text) && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
    memcpy(target, text, length);
    target[length] = 0;
}

void datacube_set_error(const char *code, const char *message) {
    copy(error_code, sizeof error_code, code);
    copy(error_message, sizeof error_message, message);
}

const char *datacube_error_code(void) { return error_code; }
const char *datacube_error_message(void) { return error_message; }
