#include "CDigests.h"

#include <string.h>

#include "sha256_blocks.h"

CDSHA256 cd_sha256_start(void) {
    // FIPS 180-4, section 5.3.3.
    return (CDSHA256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
                                0x5be0cd19}};
}

bool cd_sha256_is_accelerated(void) {
#if CD_SHA256_HARDWARE
    // 0 not asked yet, 1 no, 2 yes. Threads that ask at the same time get the same answer.
    static int answer = 0;
    int known = __atomic_load_n(&answer, __ATOMIC_RELAXED);
    if (known == 0) {
        known = cd_sha256_hardware_exists() ? 2 : 1;
        __atomic_store_n(&answer, known, __ATOMIC_RELAXED);
    }
    return known == 2;
#else
    return false;
#endif
}

void cd_sha256_blocks(uint32_t *state, const uint8_t *blocks, size_t count) {
#if CD_SHA256_HARDWARE
    if (cd_sha256_is_accelerated()) {
        cd_sha256_blocks_hardware(state, blocks, count);
        return;
    }
#endif
    cd_sha256_blocks_portable(state, blocks, count);
}

void cd_sha256_update(CDSHA256 *hash, const void *bytes, size_t count) {
    if (count == 0) return;
    const uint8_t *next = bytes;
    const size_t held = hash->byte_count % 64;
    hash->byte_count += count;
    if (held > 0) {
        const size_t taken = count < 64 - held ? count : 64 - held;
        memcpy(hash->waiting + held, next, taken);
        if (held + taken < 64) return;
        cd_sha256_blocks(hash->state, hash->waiting, 1);
        next += taken;
        count -= taken;
    }
    cd_sha256_blocks(hash->state, next, count / 64);
    memcpy(hash->waiting, next + count / 64 * 64, count % 64);
}

void cd_sha256_finish(CDSHA256 *hash, uint8_t *digest) {
    const uint64_t bit_count = hash->byte_count * 8;
    const size_t held = hash->byte_count % 64;
    // A one bit, zeros, and the length in the last eight bytes: one block more if they don't fit into this one.
    uint8_t tail[128] = {0};
    memcpy(tail, hash->waiting, held);
    tail[held] = 0x80;
    const size_t block_count = held < 56 ? 1 : 2;
    for (size_t i = 0; i < 8; i++) tail[block_count * 64 - 1 - i] = (uint8_t)(bit_count >> (8 * i));
    cd_sha256_blocks(hash->state, tail, block_count);
    for (size_t i = 0; i < 32; i++) digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}
