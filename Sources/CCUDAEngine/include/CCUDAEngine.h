#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Loops over a network's weights, which run over tens of millions of numbers. Matrices are [outputs, inputs, area], row-major.

/// Multiplies each of `outputs` rows of `columns` weights by its factor.
void cce_scale_outputs(float *weights, size_t outputs, size_t columns, const float *factors);

/// Multiplies the `area` weights for each input of each output by the input's factor.
void cce_scale_inputs(float *weights, size_t outputs, size_t inputs, size_t area, const float *factors);

/// Adds to each output's sum its weights times the inputs' addends, at places whose mask is 1 and not where it is 0.
void cce_masked_sums(
    const float *weights, size_t outputs, size_t inputs, size_t area, const float *addends, const float *mask,
    double *sums);

/// Exchanges rows and columns of a row-major matrix.
void cce_transpose(const float *matrix, size_t rows, size_t columns, float *target);

/// The largest magnitude; not a number if one of the values isn't.
float cce_largest(const float *values, size_t count);

// Packed weights, to be stored as float16 or float32. Places that aren't written must be zero already.

/// Rows: [outputs][depth], tap after tap, `padded_inputs` numbers for each.
void cce_pack_rows(
    const float *weights, size_t outputs, size_t inputs, size_t area, size_t padded_inputs, size_t depth,
    float *packed);

/// The numbers of packed rows as [tap][inputs][outputs].
void cce_unpack_rows(
    const float *packed, size_t outputs, size_t inputs, size_t area, size_t depth, float *weights);

/// [tap][padded_channels], of weights [channels][tap].
void cce_pack_depthwise(const float *weights, size_t channels, size_t area, size_t padded_channels, float *packed);

/// Blocks of 64 outputs × 64 inputs, swizzled as Hopper's tensor cores read them. Outputs and inputs are multiples of 64.
void cce_pack_blocks(
    const float *weights, size_t outputs, size_t inputs, size_t area, size_t first_step, float *packed);

/// The numbers of packed blocks as [tap][inputs][outputs].
void cce_unpack_blocks(
    const float *packed, size_t outputs, size_t inputs, size_t area, size_t first_step, float *weights);

void cce_halves_to_floats(const uint16_t *halves, size_t count, float *floats);
void cce_floats_to_halves(const float *floats, size_t count, uint16_t *halves);

// The interpreter's arithmetic, one face at a time. Images are [height][width][channels]; padded ones have a frame of zeros.

/// A window's product over one image, with float32 sums.
typedef struct cce_layer {
    size_t in_height, in_width, in_channels;
    size_t out_height, out_width, out_channels;
    size_t size, stride, padding;
    size_t padded_width;                // in_width + 2 * padding
    const float *weights;               // [tap][in_channels][out_channels], and 32 numbers behind it that may be read
    const float *bias;                  // [out_channels], or [9][out_channels]
    const float *_Nullable slopes;      // [out_channels]
    const float *_Nullable addends;     // [out_height][out_width][out_channels], part of the sums
    int32_t border;                     // whether there are nine biases
    int32_t float32_output;             // whether output and residual are float32 instead of float16
} cce_layer;

/// An image of float16, or with `float32` of float32.
void cce_pad_image(
    const void *image, int32_t float32, size_t height, size_t width, size_t channels, size_t padding, float *padded);

/// Bytes, less their channel's mean; rounded to float16, unless `float32`.
void cce_pad_bytes(
    const uint8_t *image, int32_t float32, size_t height, size_t width, size_t padding, const float *mean,
    float *padded);

void cce_convolve(
    const cce_layer *layer, const float *padded, const void *_Nullable residual, void *output);

/// With weights [tap][channels].
void cce_convolve_depthwise(
    const cce_layer *layer, const float *padded, const void *_Nullable residual, void *output);

// The kernels' sources.

typedef struct cce_source {
    const char *name; // the file's
    const char *text;
} cce_source;

size_t cce_source_count(void);
cce_source cce_source_at(size_t index);

// NVRTC, NVIDIA's runtime compiler.

/// NVRTC's result for too little memory.
#define CCE_OUT_OF_MEMORY 1

/// The functions of a loaded libnvrtc; they stay valid as long as the library stays loaded.
typedef struct cce_nvrtc cce_nvrtc;

size_t cce_nvrtc_symbol_count(void);
/// The name of the function with that index.
const char *cce_nvrtc_symbol_at(size_t index);
cce_nvrtc *_Nullable cce_nvrtc_create(void);
void cce_nvrtc_set(cce_nvrtc *nvrtc, size_t index, void *address);
void cce_nvrtc_free(cce_nvrtc *_Nullable nvrtc);
/// Results are NVRTC's own; 0 is success.
int32_t cce_nvrtc_version(const cce_nvrtc *nvrtc, int32_t *major, int32_t *minor);
const char *_Nullable cce_nvrtc_error(const cce_nvrtc *nvrtc, int32_t result);

/// What a compilation gave; the caller frees it, whatever the result was.
typedef struct cce_compiled {
    uint8_t *_Nullable cubin;
    size_t cubin_size;
    char *_Nullable log;
} cce_compiled;

/// Compiles one program. `headers` and `header_names` are texts, `header_count` of each.
int32_t cce_nvrtc_compile(
    const cce_nvrtc *nvrtc, const char *source, const char *name, size_t header_count,
    const char *_Nonnull const *_Nullable headers, const char *_Nonnull const *_Nullable header_names,
    size_t option_count, const char *_Nonnull const *_Nullable options, cce_compiled *compiled);
void cce_compiled_free(cce_compiled *compiled);

#pragma clang assume_nonnull end
