#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The round constants of FIPS 180-4, section 4.2.2.
extern const uint32_t cd_sha256_constants[64];

#if defined(__x86_64__)
#define CD_SHA256_HARDWARE 1
#elif defined(__aarch64__)
#define CD_SHA256_HARDWARE 1
#else
#define CD_SHA256_HARDWARE 0
#endif

#if CD_SHA256_HARDWARE
/// Asks the processor, each time anew.
bool cd_sha256_hardware_exists(void);

/// The compression function in the processor's own instructions; only where `cd_sha256_hardware_exists`.
void cd_sha256_blocks_hardware(uint32_t *state, const uint8_t *blocks, size_t count);
#endif
