#include "sha256_blocks.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#if defined(__linux__)
#include <sys/auxv.h>

bool cd_sha256_hardware_exists(void) {
    // HWCAP_SHA2 of the kernel's user interface for 64-bit ARM.
    return getauxval(AT_HWCAP) & (1UL << 6);
}
#else
// Every 64-bit Apple processor has them.
bool cd_sha256_hardware_exists(void) { return true; }
#endif

#if defined(__clang__)
#define CD_SHA256_TARGET __attribute__((target("sha2")))
#define CD_SHA256_INLINE __attribute__((target("sha2"), always_inline)) static inline
#else
#define CD_SHA256_TARGET __attribute__((target("+crypto")))
#define CD_SHA256_INLINE __attribute__((target("+crypto"), always_inline)) static inline
#endif

CD_SHA256_INLINE void four_rounds(uint32x4_t *abcd, uint32x4_t *efgh, uint32x4_t w, const uint32_t *constants) {
    const uint32x4_t sum = vaddq_u32(w, vld1q_u32(constants)), abcd_before = *abcd;
    *abcd = vsha256hq_u32(*abcd, *efgh, sum);
    *efgh = vsha256h2q_u32(*efgh, abcd_before, sum);
}

/// The four words after `w3`, from the sixteen before them.
CD_SHA256_INLINE uint32x4_t next_words(uint32x4_t w0, uint32x4_t w1, uint32x4_t w2, uint32x4_t w3) {
    return vsha256su1q_u32(vsha256su0q_u32(w0, w1), w2, w3);
}

CD_SHA256_TARGET void cd_sha256_blocks_hardware(uint32_t *state, const uint8_t *blocks, size_t count) {
    uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
    for (; count > 0; count--, blocks += 64) {
        const uint32x4_t abcd_before = abcd, efgh_before = efgh;
        uint32x4_t w0 = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(blocks)));
        uint32x4_t w1 = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(blocks + 16)));
        uint32x4_t w2 = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(blocks + 32)));
        uint32x4_t w3 = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(blocks + 48)));
        for (int i = 0; i < 48; i += 16) {
            four_rounds(&abcd, &efgh, w0, cd_sha256_constants + i);
            w0 = next_words(w0, w1, w2, w3);
            four_rounds(&abcd, &efgh, w1, cd_sha256_constants + i + 4);
            w1 = next_words(w1, w2, w3, w0);
            four_rounds(&abcd, &efgh, w2, cd_sha256_constants + i + 8);
            w2 = next_words(w2, w3, w0, w1);
            four_rounds(&abcd, &efgh, w3, cd_sha256_constants + i + 12);
            w3 = next_words(w3, w0, w1, w2);
        }
        four_rounds(&abcd, &efgh, w0, cd_sha256_constants + 48);
        four_rounds(&abcd, &efgh, w1, cd_sha256_constants + 52);
        four_rounds(&abcd, &efgh, w2, cd_sha256_constants + 56);
        four_rounds(&abcd, &efgh, w3, cd_sha256_constants + 60);
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    vst1q_u32(state, abcd);
    vst1q_u32(state + 4, efgh);
}

#endif
