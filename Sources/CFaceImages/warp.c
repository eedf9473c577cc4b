#include "CFaceImages.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// A fused multiply-add rounds once where two instructions round twice: contracting would make the result depend on
// the machine.
#pragma STDC FP_CONTRACT OFF

/// Where one output row samples the image: an integer base, so that floats keep their precision in large photos, and
/// floats relative to it.
typedef struct {
    int32_t base_x, base_y;
    float first_x, first_y, step_x, step_y;
} FIRow;

static FIRow row_at(const double *inverse, int32_t y) {
    const double x0 = inverse[1] * y + inverse[2];
    const double y0 = inverse[4] * y + inverse[5];
    const double base_x = floor(x0), base_y = floor(y0);
    FIRow row = {
        (int32_t)base_x, (int32_t)base_y, (float)(x0 - base_x), (float)(y0 - base_y), (float)inverse[0],
        (float)inverse[3],
    };
    return row;
}

static bool corners_in_reach(const double *inverse, int32_t side) {
    // Twice the limit must still fit a signed 32-bit step from one edge of the square to the other.
    const double limit = 1 << 29;
    for (int corner = 0; corner < 4; corner++) {
        const double x = (corner & 1) ? side : 0, y = (corner & 2) ? side : 0;
        const double sx = inverse[0] * x + inverse[1] * y + inverse[2];
        const double sy = inverse[3] * x + inverse[4] * y + inverse[5];
        // Written so that NaN fails.
        if (!(fabs(sx) < limit && fabs(sy) < limit)) return false;
    }
    return true;
}

static inline int32_t floor_to_int(float value) {
    const int32_t truncated = (int32_t)value;
    return truncated - ((float)truncated > value);
}

static inline uint8_t round_to_byte(float value) {
    // Adding 1.5 · 2^23 leaves the integer, rounded to nearest even, in the low bits of the significand.
    const float shifted = value + 12582912.0f;
    uint32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    return (uint8_t)bits;
}

static inline const uint8_t *pixel_or_black(const FIImage *image, int32_t x, int32_t y) {
    static const uint8_t black[3] = {0, 0, 0};
    if (x < 0 || y < 0 || x >= image->width || y >= image->height) return black;
    return image->pixels + (ptrdiff_t)y * image->row_bytes + (ptrdiff_t)x * 3;
}

static inline void sample(const FIImage *image, const FIRow *row, int32_t x, uint8_t *out) {
    const float sx = row->step_x * (float)x + row->first_x;
    const float sy = row->step_y * (float)x + row->first_y;
    const int32_t floor_x = floor_to_int(sx), floor_y = floor_to_int(sy);
    const float fx = sx - (float)floor_x, fy = sy - (float)floor_y;
    const int32_t ix = row->base_x + floor_x, iy = row->base_y + floor_y;
    const uint8_t *p00 = pixel_or_black(image, ix, iy), *p01 = pixel_or_black(image, ix + 1, iy);
    const uint8_t *p10 = pixel_or_black(image, ix, iy + 1), *p11 = pixel_or_black(image, ix + 1, iy + 1);
    for (int channel = 0; channel < 3; channel++) {
        const float a = p00[channel], b = p01[channel], c = p10[channel], d = p11[channel];
        const float top = a + (b - a) * fx;
        const float bottom = c + (d - c) * fx;
        out[channel] = round_to_byte(top + (bottom - top) * fy);
    }
}

bool fi_warp_square_portable(FIImage image, const double *inverse, int32_t side, uint8_t *out) {
    if (!corners_in_reach(inverse, side)) return false;
    for (int32_t y = 0; y < side; y++) {
        const FIRow row = row_at(inverse, y);
        uint8_t *out_row = out + (ptrdiff_t)y * side * 3;
        for (int32_t x = 0; x < side; x++) sample(&image, &row, x, out_row + (ptrdiff_t)x * 3);
    }
    return true;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static inline __m256 channel_of(__m256i pixels, int shift) {
    return _mm256_cvtepi32_ps(_mm256_and_si256(_mm256_srli_epi32(pixels, shift), _mm256_set1_epi32(0xFF)));
}

__attribute__((target("avx2"))) static inline __m256i blend(
    __m256i p00, __m256i p01, __m256i p10, __m256i p11, __m256 fx, __m256 fy, int shift) {
    const __m256 a = channel_of(p00, shift), b = channel_of(p01, shift);
    const __m256 c = channel_of(p10, shift), d = channel_of(p11, shift);
    const __m256 top = _mm256_add_ps(a, _mm256_mul_ps(_mm256_sub_ps(b, a), fx));
    const __m256 bottom = _mm256_add_ps(c, _mm256_mul_ps(_mm256_sub_ps(d, c), fx));
    const __m256 value = _mm256_add_ps(top, _mm256_mul_ps(_mm256_sub_ps(bottom, top), fy));
    return _mm256_slli_epi32(_mm256_cvtps_epi32(value), shift);
}

/// Eight pixels a step. Each neighbour is one 32-bit load (three bytes and one to spare), so a step goes this way
/// only if all its pixels lie at least two columns left of the right edge; the others are sampled one by one.
__attribute__((target("avx2"))) static void warp_row_avx2(
    const FIImage *image, const FIRow *row, int32_t side, uint8_t *out) {
    const __m256 lanes = _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i last_x = _mm256_set1_epi32(image->width - 3), last_y = _mm256_set1_epi32(image->height - 2);
    const __m256i stride = _mm256_set1_epi32((int32_t)image->row_bytes);
    const __m256i dense = _mm256_setr_epi8(
        0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    const int *base = (const int *)(const void *)image->pixels;

    for (int32_t x = 0; x < side; x += 8) {
        const __m256 xs = _mm256_add_ps(lanes, _mm256_set1_ps((float)x));
        const __m256 sx =
            _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(row->step_x), xs), _mm256_set1_ps(row->first_x));
        const __m256 sy =
            _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(row->step_y), xs), _mm256_set1_ps(row->first_y));
        const __m256 floor_x = _mm256_floor_ps(sx), floor_y = _mm256_floor_ps(sy);
        const __m256i ix = _mm256_add_epi32(_mm256_cvttps_epi32(floor_x), _mm256_set1_epi32(row->base_x));
        const __m256i iy = _mm256_add_epi32(_mm256_cvttps_epi32(floor_y), _mm256_set1_epi32(row->base_y));
        const __m256i outside = _mm256_or_si256(
            _mm256_or_si256(_mm256_cmpgt_epi32(ix, last_x), _mm256_cmpgt_epi32(iy, last_y)),
            _mm256_srai_epi32(_mm256_or_si256(ix, iy), 31));
        uint8_t *target = out + (ptrdiff_t)x * 3;
        if (!_mm256_testz_si256(outside, outside)) {
            for (int32_t lane = 0; lane < 8; lane++) sample(image, row, x + lane, target + lane * 3);
            continue;
        }
        const __m256 fx = _mm256_sub_ps(sx, floor_x), fy = _mm256_sub_ps(sy, floor_y);
        const __m256i right = _mm256_set1_epi32(3);
        const __m256i offset = _mm256_add_epi32(
            _mm256_mullo_epi32(iy, stride), _mm256_add_epi32(ix, _mm256_add_epi32(ix, ix)));
        const __m256i below = _mm256_add_epi32(offset, stride);
        const __m256i p00 = _mm256_i32gather_epi32(base, offset, 1);
        const __m256i p01 = _mm256_i32gather_epi32(base, _mm256_add_epi32(offset, right), 1);
        const __m256i p10 = _mm256_i32gather_epi32(base, below, 1);
        const __m256i p11 = _mm256_i32gather_epi32(base, _mm256_add_epi32(below, right), 1);
        const __m256i pixels = _mm256_or_si256(
            blend(p00, p01, p10, p11, fx, fy, 0),
            _mm256_or_si256(blend(p00, p01, p10, p11, fx, fy, 8), blend(p00, p01, p10, p11, fx, fy, 16)));
        const __m256i packed = _mm256_shuffle_epi8(pixels, dense);
        uint8_t bytes[32];
        _mm256_storeu_si256((__m256i *)(void *)bytes, packed);
        memcpy(target, bytes, 12);
        memcpy(target + 12, bytes + 16, 12);
    }
}

bool fi_warp_is_vectorised(void) { return __builtin_cpu_supports("avx2"); }

bool fi_warp_square(FIImage image, const double *inverse, int32_t side, uint8_t *out) {
    // Gathers index with signed 32-bit byte offsets.
    const bool offsets_fit = (int64_t)image.row_bytes * image.height < INT32_MAX;
    if (side % 8 != 0 || !offsets_fit || !fi_warp_is_vectorised()) {
        return fi_warp_square_portable(image, inverse, side, out);
    }
    if (!corners_in_reach(inverse, side)) return false;
    for (int32_t y = 0; y < side; y++) {
        const FIRow row = row_at(inverse, y);
        warp_row_avx2(&image, &row, side, out + (ptrdiff_t)y * side * 3);
    }
    return true;
}

#else

bool fi_warp_is_vectorised(void) { return false; }

bool fi_warp_square(FIImage image, const double *inverse, int32_t side, uint8_t *out) {
    return fi_warp_square_portable(image, inverse, side, out);
}

#endif
