#include "CChecksum.h"

#include <string.h>

#if defined(__x86_64__)
#define WITH_INSTRUCTION __attribute__((target("sse4.2")))
#define STEP_8(crc, word) ((uint32_t)__builtin_ia32_crc32di((crc), (word)))
#define STEP_1(crc, byte) __builtin_ia32_crc32qi((crc), (byte))
bool crc32c_has_instruction(void) { return __builtin_cpu_supports("sse4.2"); }
#elif defined(__aarch64__)
#include <sys/auxv.h>
#define WITH_INSTRUCTION __attribute__((target("crc")))
#define STEP_8(crc, word) __builtin_arm_crc32cd((crc), (word))
#define STEP_1(crc, byte) __builtin_arm_crc32cb((crc), (byte))
// HWCAP_CRC32 of Linux on this architecture.
bool crc32c_has_instruction(void) { return (getauxval(AT_HWCAP) & 1 << 7) != 0; }
#else
#define WITH_INSTRUCTION
#define STEP_8(crc, word) ((void)(word), (crc))
#define STEP_1(crc, byte) ((void)(byte), (crc))
bool crc32c_has_instruction(void) { return false; }
#endif

// The instruction takes three cycles and a new one may begin in each, so three stretches are computed side by side.
enum { stretch = 1024 };

// What a checksum becomes after a stretch of zero bytes, for each of its four bytes apart: the operation is linear.
static uint32_t after_stretch[4][256];

WITH_INSTRUCTION __attribute__((constructor)) static void fill_table(void) {
    if (!crc32c_has_instruction()) return;
    for (int byte = 0; byte < 4; byte++) {
        for (uint32_t value = 0; value < 256; value++) {
            uint32_t crc = value << 8 * byte;
            for (int done = 0; done < stretch; done += 8) crc = STEP_8(crc, (uint64_t)0);
            after_stretch[byte][value] = crc;
        }
    }
}

static inline uint32_t skip_stretch(uint32_t crc) {
    return after_stretch[0][crc & 0xFF] ^ after_stretch[1][crc >> 8 & 0xFF] ^ after_stretch[2][crc >> 16 & 0xFF]
        ^ after_stretch[3][crc >> 24];
}

static inline uint64_t word_at(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

WITH_INSTRUCTION uint32_t crc32c_by_instruction(uint32_t previous, const uint8_t *bytes, size_t count) {
    uint32_t crc = ~previous;
    for (; count >= 3 * stretch; bytes += 3 * stretch, count -= 3 * stretch) {
        uint32_t second = 0, third = 0;
        for (int done = 0; done < stretch; done += 8) {
            crc = STEP_8(crc, word_at(bytes + done));
            second = STEP_8(second, word_at(bytes + stretch + done));
            third = STEP_8(third, word_at(bytes + 2 * stretch + done));
        }
        crc = skip_stretch(skip_stretch(crc) ^ second) ^ third;
    }
    for (; count >= 8; bytes += 8, count -= 8) crc = STEP_8(crc, word_at(bytes));
    for (; count > 0; bytes++, count--) crc = STEP_1(crc, *bytes);
    return ~crc;
}
