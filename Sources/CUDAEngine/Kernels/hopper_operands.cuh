// What a kernel of the Hopper family is given, and how its shared memory begins.
#pragma once
#include "operands.cuh"

/// A CUtensorMap, encoded by the host.
struct alignas(64) TensorMap {
    uint64 words[16];
};

/// The only argument of a Hopper kernel; CONTRACT.md has the offsets.
struct alignas(64) HopperOperands {
    TensorMap input;
    TensorMap output;
    TensorMap residual;
    TensorMap shortcut;
    const uint16* weights;
    const float* bias;
    const float* slope;
    uint16* output_tensor;
    const uint16* residual_tensor;
    int images;
};
static_assert(sizeof(HopperOperands) == 576, "the host writes 576 bytes");

/// The largest dynamic shared memory of a block.
constexpr int shared_limit = 232448;

__device__ __forceinline__ uint32 shared_address(const void* pointer) {
    return static_cast<uint32>(__cvta_generic_to_shared(pointer));
}

/// The dynamic shared memory from its first multiple of 1024, which the 128-byte swizzle needs.
__device__ __forceinline__ uint8* aligned_memory() {
    extern __shared__ uint8 memory[];
    return reinterpret_cast<uint8*>((reinterpret_cast<uint64>(memory) + 1023) & ~static_cast<uint64>(1023));
}
