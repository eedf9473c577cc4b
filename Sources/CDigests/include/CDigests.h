#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// SHA-256 as FIPS 180-4 defines it. No function allocates, keeps a pointer, or fails.

/// A hash under way. Plain bytes: a copy goes on by itself.
typedef struct {
    uint32_t state[8];
    uint64_t byte_count;
    /// The first `byte_count % 64` bytes wait for their block to fill.
    uint8_t waiting[64];
} CDSHA256;

/// A hash of no bytes yet.
CDSHA256 cd_sha256_start(void);

/// Goes on with `count` bytes; `bytes` may be null if there are none.
void cd_sha256_update(CDSHA256 *_Nonnull hash, const void *_Nullable bytes, size_t count);

/// Pads and writes the 32 bytes of the digest. The hash is used up after this.
void cd_sha256_finish(CDSHA256 *_Nonnull hash, uint8_t *_Nonnull digest);

/// True if this processor has SHA-256 instructions that `cd_sha256_update` uses.
bool cd_sha256_is_accelerated(void);

/// The compression function over `count` blocks of 64 bytes without special instructions, whatever the machine has.
void cd_sha256_blocks_portable(uint32_t *_Nonnull state, const uint8_t *_Nonnull blocks, size_t count);

/// The compression function over `count` blocks of 64 bytes as `cd_sha256_update` uses it here.
void cd_sha256_blocks(uint32_t *_Nonnull state, const uint8_t *_Nonnull blocks, size_t count);
