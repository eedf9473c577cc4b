#include "CFaceImages.h"

#include <math.h>
#include <string.h>

size_t fi_downscale_scratch(int32_t source_width) { return (size_t)source_width * 3; }

/// The share of source sample `index` that lies in [start, end).
static inline float share(int32_t index, double start, double end) {
    const double from = start > index ? start : index;
    const double to = end < index + 1.0 ? end : index + 1.0;
    return (float)(to - from);
}

static int32_t last_covered(double end, int32_t count) {
    // Rounding may put the end of the last area a hair beyond the last sample.
    const int32_t last = (int32_t)ceil(end) - 1;
    return last < count ? last : count - 1;
}

static void add_row(float *restrict sum, const uint8_t *restrict row, size_t count, float weight) {
    for (size_t i = 0; i < count; i++) sum[i] += weight * (float)row[i];
}

static void shrink_row(const float *sum, int32_t source_width, uint8_t *out, int32_t width, double step, float norm) {
    for (int32_t x = 0; x < width; x++) {
        const double start = x * step, end = (x + 1) * step;
        const int32_t first = (int32_t)start, last = last_covered(end, source_width);
        float total[3] = {0, 0, 0};
        for (int32_t column = first; column <= last; column++) {
            const float weight = column == first || column == last ? share(column, start, end) : 1.0f;
            const float *pixel = sum + (size_t)column * 3;
            total[0] += weight * pixel[0];
            total[1] += weight * pixel[1];
            total[2] += weight * pixel[2];
        }
        for (int channel = 0; channel < 3; channel++) {
            const float value = total[channel] * norm + 0.5f;
            out[x * 3 + channel] = (uint8_t)(value < 255.0f ? value : 255.0f);
        }
    }
}

void fi_downscale_area(
    FIImage image, uint8_t *out, int32_t width, int32_t height, ptrdiff_t out_row_bytes, float *scratch) {
    const double step_x = (double)image.width / width, step_y = (double)image.height / height;
    const float norm = (float)(1.0 / (step_x * step_y));
    const size_t samples = (size_t)image.width * 3;
    for (int32_t y = 0; y < height; y++) {
        const double start = y * step_y, end = (y + 1) * step_y;
        const int32_t last = last_covered(end, image.height);
        memset(scratch, 0, samples * sizeof *scratch);
        for (int32_t row = (int32_t)start; row <= last; row++) {
            add_row(scratch, image.pixels + (ptrdiff_t)row * image.row_bytes, samples, share(row, start, end));
        }
        shrink_row(scratch, image.width, out + (ptrdiff_t)y * out_row_bytes, width, step_x, norm);
    }
}
