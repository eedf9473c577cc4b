#include "sha256_blocks.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

bool cd_sha256_hardware_exists(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
    const bool has_ssse3 = c >> 9 & 1, has_sse41 = c >> 19 & 1;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
    return has_ssse3 && has_sse41 && (b >> 29 & 1);
}

/// Four rounds with the words `w` (lowest lane first); the state is kept as the instructions want it, {f,e,b,a} and
/// {h,g,d,c} from the lowest lane up.
__attribute__((target("sha,sse4.1"), always_inline)) static inline void four_rounds(
    __m128i *abef, __m128i *cdgh, __m128i w, const uint32_t *constants) {
    const __m128i sum = _mm_add_epi32(w, _mm_loadu_si128((const __m128i *)(const void *)constants));
    *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
    *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

/// The four words after `w3`, from the sixteen before them.
__attribute__((target("sha,sse4.1"), always_inline)) static inline __m128i next_words(
    __m128i w0, __m128i w1, __m128i w2, __m128i w3) {
    const __m128i older = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(older, w3);
}

__attribute__((target("sha,sse4.1"))) void cd_sha256_blocks_hardware(
    uint32_t *state, const uint8_t *blocks, size_t count) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    const __m128i dcba = _mm_loadu_si128((const __m128i *)(const void *)state);
    const __m128i hgfe = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    const __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1), efgh = _mm_shuffle_epi32(hgfe, 0x1B);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);

    for (; count > 0; count--, blocks += 64) {
        const __m128i *words = (const __m128i *)(const void *)blocks;
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w0 = _mm_shuffle_epi8(_mm_loadu_si128(words), big_endian);
        __m128i w1 = _mm_shuffle_epi8(_mm_loadu_si128(words + 1), big_endian);
        __m128i w2 = _mm_shuffle_epi8(_mm_loadu_si128(words + 2), big_endian);
        __m128i w3 = _mm_shuffle_epi8(_mm_loadu_si128(words + 3), big_endian);
        for (int i = 0; i < 48; i += 16) {
            four_rounds(&abef, &cdgh, w0, cd_sha256_constants + i);
            w0 = next_words(w0, w1, w2, w3);
            four_rounds(&abef, &cdgh, w1, cd_sha256_constants + i + 4);
            w1 = next_words(w1, w2, w3, w0);
            four_rounds(&abef, &cdgh, w2, cd_sha256_constants + i + 8);
            w2 = next_words(w2, w3, w0, w1);
            four_rounds(&abef, &cdgh, w3, cd_sha256_constants + i + 12);
            w3 = next_words(w3, w0, w1, w2);
        }
        four_rounds(&abef, &cdgh, w0, cd_sha256_constants + 48);
        four_rounds(&abef, &cdgh, w1, cd_sha256_constants + 52);
        four_rounds(&abef, &cdgh, w2, cd_sha256_constants + 56);
        four_rounds(&abef, &cdgh, w3, cd_sha256_constants + 60);
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }

    const __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#endif
