// What happens to a sum before it is stored: bias (by border class, if asked for), PReLU, residual.
#pragma once
#include "numbers.cuh"

/// 0, 1 or 2: whether the first, none or the last tap of a window falls outside of an axis.
///
/// With padding, a BatchNorm before the convolution adds nothing through the taps that fall outside, so its shift
/// becomes a bias that depends on this.
template <int size, int stride, int padding, int extent>
__device__ __forceinline__ int border_class(int position) {
    const int first = position * stride - padding;
    return first < 0 ? 0 : (first + size > extent ? 2 : 1);
}

/// Where the bias of an output pixel begins in the table of biases.
template <int size, int stride, int padding, int height, int width, int channels>
__device__ __forceinline__ int bias_offset(int y, int x) {
    if (!has_border) return 0;
    return (3 * border_class<size, stride, padding, height>(y) + border_class<size, stride, padding, width>(x)) *
        channels;
}

__device__ __forceinline__ float activate(float value, float slope) {
    return has_prelu && value < 0.f ? value * slope : value;
}

/// The epilogue of eight neighbouring channels of a pixel. `element` is their offset in the output tensor, `bias` and
/// `slope` point at the first channel's. Residual and output are made of `Element`.
template <typename Element>
__device__ __forceinline__ void finish_eight(
    float (&values)[8], const float* bias, const float* slope, const void* residual, void* output, size_t element) {
    float biases[8];
    float slopes[8] = {};
    load_eight(bias, biases);
    if (has_prelu) load_eight(slope, slopes);
#pragma unroll
    for (int i = 0; i < 8; i++) values[i] = activate(values[i] + biases[i], slopes[i]);
    if (has_residual) {
        float added[8];
        read_eight(static_cast<const Element*>(residual) + element, added);
#pragma unroll
        for (int i = 0; i < 8; i++) values[i] += added[i];
    }
    if (has_float32_output) {
        write_eight(static_cast<float*>(output) + element, values);
    } else {
        write_eight(static_cast<Element*>(output) + element, values);
    }
}
