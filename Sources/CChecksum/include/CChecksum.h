#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has an instruction for CRC-32C.
bool crc32c_has_instruction(void);

/// CRC-32C of `count` bytes that follow those whose checksum is `previous`, 0 for none; needs the instruction.
uint32_t crc32c_by_instruction(uint32_t previous, const uint8_t *bytes, size_t count);

#endif
