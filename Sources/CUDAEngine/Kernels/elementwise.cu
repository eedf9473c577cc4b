// y = act(x · scale + bias) + residual, channel by channel: for what no convolution could take into its epilogue.
// Bytes decide: each activation is read once and written once, eight channels a thread.
#include "epilogue.cuh"
#include "launch.cuh"

typedef ElementOf<ELEMENT_BYTES>::Type Element;

static_assert(CHANNELS % 8 == 0, "a thread works on eight channels");
static_assert(!has_border && !has_float32_output, "elementwise has neither borders nor a float32 output");

extern "C" __global__ void __launch_bounds__(256) elementwise(const Operands operands) {
    trigger_dependents();
    const size_t group = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (group >= static_cast<size_t>(operands.images) * PIXELS * (CHANNELS / 8)) return;
    const int channel = static_cast<int>(group % (CHANNELS / 8)) * 8;

    float values[8], scales[8];
    load_eight(static_cast<const float*>(operands.weights) + channel, scales);
    wait_for_inputs();
    read_eight(static_cast<const Element*>(operands.input) + group * 8, values);
#pragma unroll
    for (int i = 0; i < 8; i++) values[i] *= scales[i];
    finish_eight<Element>(
        values, operands.bias + channel, operands.slope + channel, operands.residual, operands.output, group * 8);
}
