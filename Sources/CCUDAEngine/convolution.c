#include "CCUDAEngine.h"
#include "half.h"

// The interpreter's arithmetic: plain loops over vectors, since tests run without an optimiser.

typedef float lanes __attribute__((vector_size(64), aligned(4)));

enum { LANES = 16, PIXELS = 4, CHANNELS = 2 * LANES };

void cce_pad_image(
    const void *image, int32_t float32, size_t height, size_t width, size_t channels, size_t padding, float *padded) {
    const size_t row = (width + 2 * padding) * channels;
    memset(padded, 0, (height + 2 * padding) * row * sizeof *padded);
    for (size_t y = 0; y < height; y++) {
        float *target = padded + (y + padding) * row + padding * channels;
        const size_t start = y * width * channels;
        for (size_t place = 0; place < width * channels; place++) {
            target[place] = float32 ? ((const float *)image)[start + place]
                                    : float_of_half(((const uint16_t *)image)[start + place]);
        }
    }
}

void cce_pad_bytes(
    const uint8_t *image, int32_t float32, size_t height, size_t width, size_t padding, const float *mean,
    float *padded) {
    const size_t row = (width + 2 * padding) * 3;
    memset(padded, 0, (height + 2 * padding) * row * sizeof *padded);
    for (size_t y = 0; y < height; y++) {
        float *target = padded + (y + padding) * row + padding * 3;
        for (size_t place = 0; place < width * 3; place++) {
            const float value = (float)*image++ - mean[place % 3];
            target[place] = float32 ? value : float_of_half(half_of(value));
        }
    }
}

/// Sums of CHANNELS channels at PIXELS places, whose windows start at `starts`.
#define SUM_BLOCK                                                                                                      \
    lanes sum00 = {0}, sum01 = {0}, sum10 = {0}, sum11 = {0}, sum20 = {0}, sum21 = {0}, sum30 = {0}, sum31 = {0};      \
    for (size_t row = 0; row < layer->size; row++) {                                                                   \
        for (size_t column = 0; column < layer->size; column++) {                                                      \
            const size_t shift = (row * layer->padded_width + column) * layer->in_channels;                            \
            const float *x0 = starts[0] + shift, *x1 = starts[1] + shift;                                              \
            const float *x2 = starts[2] + shift, *x3 = starts[3] + shift;                                              \
            const float *weights = layer->weights                                                                      \
                + (row * layer->size + column) * layer->in_channels * layer->out_channels + channel;                   \
            for (size_t input = 0; input < layer->in_channels; input++, weights += layer->out_channels) {              \
                const lanes first = *(const lanes *)weights, second = *(const lanes *)(weights + LANES);               \
                const float v0 = x0[input], v1 = x1[input], v2 = x2[input], v3 = x3[input];                            \
                sum00 += first * v0;                                                                                   \
                sum01 += second * v0;                                                                                  \
                sum10 += first * v1;                                                                                   \
                sum11 += second * v1;                                                                                  \
                sum20 += first * v2;                                                                                   \
                sum21 += second * v2;                                                                                  \
                sum30 += first * v3;                                                                                   \
                sum31 += second * v3;                                                                                  \
            }                                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    lanes *target = (lanes *)sums;                                                                                     \
    target[0] = sum00, target[1] = sum01, target[2] = sum10, target[3] = sum11;                                        \
    target[4] = sum20, target[5] = sum21, target[6] = sum30, target[7] = sum31;

typedef void sum_block(const cce_layer *layer, const float *const *starts, size_t channel, float *sums);

static void sum_block_plain(const cce_layer *layer, const float *const *starts, size_t channel, float *sums) {
    SUM_BLOCK
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void sum_block_avx2(
    const cce_layer *layer, const float *const *starts, size_t channel, float *sums) {
    SUM_BLOCK
}

static sum_block *best_sum_block(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? sum_block_avx2 : sum_block_plain;
}
#else
static sum_block *best_sum_block(void) { return sum_block_plain; }
#endif

/// The class of a row or column by which of the window's places lie on the image.
static size_t side(const cce_layer *layer, size_t place, size_t extent) {
    if (place * layer->stride < layer->padding) return 0;
    return place * layer->stride + layer->size > extent + layer->padding ? 2 : 1;
}

/// Bias, activation and residual of one output's sums, stored at its place.
static void store(
    const cce_layer *layer, const float *sums, size_t y, size_t x, size_t channel, size_t count,
    const void *residual, void *output) {
    const size_t kind =
        layer->border ? 3 * side(layer, y, layer->in_height) + side(layer, x, layer->in_width) : 0;
    const float *bias = layer->bias + kind * layer->out_channels;
    const size_t start = (y * layer->out_width + x) * layer->out_channels;
    for (size_t place = channel; place < channel + count; place++) {
        float value = sums[place - channel] + bias[place];
        if (layer->addends) value += layer->addends[start + place];
        if (layer->slopes && !(value > 0)) value *= layer->slopes[place];
        if (residual) {
            value += layer->float32_output ? ((const float *)residual)[start + place]
                                           : float_of_half(((const uint16_t *)residual)[start + place]);
        }
        if (layer->float32_output) {
            ((float *)output)[start + place] = value;
        } else {
            ((uint16_t *)output)[start + place] = half_of(value);
        }
    }
}

void cce_convolve(const cce_layer *layer, const float *padded, const void *residual, void *output) {
    sum_block *const sum = best_sum_block();
    float sums[PIXELS * CHANNELS];
    const size_t step = layer->stride * layer->in_channels;
    for (size_t y = 0; y < layer->out_height; y++) {
        const float *row = padded + y * layer->stride * layer->padded_width * layer->in_channels;
        for (size_t x = 0; x < layer->out_width; x += PIXELS) {
            const size_t pixels = layer->out_width - x < PIXELS ? layer->out_width - x : PIXELS;
            const float *starts[PIXELS];
            // Places beyond the row are computed like its last one and not stored.
            for (size_t p = 0; p < PIXELS; p++) starts[p] = row + (x + (p < pixels ? p : pixels - 1)) * step;
            for (size_t channel = 0; channel < layer->out_channels; channel += CHANNELS) {
                const size_t rest = layer->out_channels - channel;
                sum(layer, starts, channel, sums);
                for (size_t p = 0; p < pixels; p++) {
                    store(
                        layer, sums + p * CHANNELS, y, x + p, channel, rest < CHANNELS ? rest : CHANNELS, residual,
                        output);
                }
            }
        }
    }
}

void cce_convolve_depthwise(const cce_layer *layer, const float *padded, const void *residual, void *output) {
    const size_t channels = layer->out_channels;
    for (size_t y = 0; y < layer->out_height; y++) {
        for (size_t x = 0; x < layer->out_width; x++) {
            const float *start = padded + (y * layer->padded_width + x) * layer->stride * channels;
            for (size_t channel = 0; channel < channels; channel++) {
                float sum = 0;
                for (size_t tap = 0; tap < layer->size * layer->size; tap++) {
                    const size_t shift = tap / layer->size * layer->padded_width + tap % layer->size;
                    sum += start[shift * channels + channel] * layer->weights[tap * channels + channel];
                }
                store(layer, &sum, y, x, channel, 1, residual, output);
            }
        }
    }
}
