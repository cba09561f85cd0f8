#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has an instruction for CRC-32C.
bool crc32c_has_instruction(void);

/// CRC-32C of `count` bytes that follow those whose checksum is `previous`, 0 for none; needs the instruction.
uint32_t crc32c_by_instruction(uint32_t previous, const uint8_t *bytes, size_t count);

// Several messages hashed side by side, one in each lane of a vector: a step of MD5 waits for the one before, and one of
// SHA3 has too few operations for all that a processor can do at a time. The caller pads the messages.

enum { md5_lanes = 16, md5_block = 64, sha3_256_lanes = 8, sha3_256_block = 136 };

/// Word w of the state of message m is `word[w][m]`.
struct md5_state {
    uint32_t word[4][md5_lanes];
};
struct sha3_256_state {
    uint64_t word[25][sha3_256_lanes];
};

/// Adds `count` blocks to each of the messages in the first `lanes`, a half of them or all; `messages` says where those of
/// each begin. A half costs half as much as all but where the processor has vectors for all.
void md5_update(struct md5_state *state, size_t lanes, const uint8_t *const *messages, size_t count);
void sha3_256_update(struct sha3_256_state *state, size_t lanes, const uint8_t *const *messages, size_t count);

#endif
