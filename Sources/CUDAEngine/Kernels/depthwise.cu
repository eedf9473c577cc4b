// Depthwise convolution: a filter for each channel. Bytes decide, so the tensor cores have no part in it: a thread
// keeps eight channels of one pixel, its 16-byte loads are shared with the neighbours' through the caches.
#include "epilogue.cuh"
#include "launch.cuh"

typedef ElementOf<ELEMENT_BYTES>::Type Element;

static_assert(CHANNELS % 8 == 0, "a thread works on eight channels");
static_assert(!has_float32_output, "the embedding comes from a dense product");
static_assert(OUT_HEIGHT == (IN_HEIGHT + 2 * PADDING - SIZE) / STRIDE + 1, "OUT_HEIGHT doesn't follow");
static_assert(OUT_WIDTH == (IN_WIDTH + 2 * PADDING - SIZE) / STRIDE + 1, "OUT_WIDTH doesn't follow");

extern "C" __global__ void __launch_bounds__(256) depthwise(const Operands operands) {
    constexpr int groups = CHANNELS / 8;
    trigger_dependents();
    const size_t index = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    const size_t pixel = index / groups;
    const int channel = static_cast<int>(index % groups) * 8;
    const int image = static_cast<int>(pixel / (OUT_HEIGHT * OUT_WIDTH));
    if (image >= operands.images) return;
    const int inside = static_cast<int>(pixel % (OUT_HEIGHT * OUT_WIDTH));
    const int y = inside / OUT_WIDTH;
    const int x = inside % OUT_WIDTH;

    const Element* input =
        static_cast<const Element*>(operands.input) + static_cast<size_t>(image) * IN_HEIGHT * IN_WIDTH * CHANNELS;
    const Element* weights = static_cast<const Element*>(operands.weights) + channel;
    float sums[8] = {};
    wait_for_inputs();
#pragma unroll
    for (int row = 0; row < SIZE; row++) {
        const int from_y = y * STRIDE - PADDING + row;
        if (from_y < 0 || from_y >= IN_HEIGHT) continue;
#pragma unroll
        for (int column = 0; column < SIZE; column++) {
            const int from_x = x * STRIDE - PADDING + column;
            if (from_x < 0 || from_x >= IN_WIDTH) continue;
            float values[8], factors[8];
            const int element = (from_y * IN_WIDTH + from_x) * CHANNELS + channel;
            read_eight(input + element, values);
            load_eight(weights + (row * SIZE + column) * CHANNELS, factors);
#pragma unroll
            for (int i = 0; i < 8; i++) sums[i] += values[i] * factors[i];
        }
    }
    const int bias = bias_offset<SIZE, STRIDE, PADDING, IN_HEIGHT, IN_WIDTH, CHANNELS>(y, x) + channel;
    finish_eight<Element>(
        sums, operands.bias + bias, operands.slope + channel, operands.residual, operands.output,
        pixel * CHANNELS + channel);
}
