// float16 values as bits, two to a word, without the toolkit's headers; and eight numbers of either kind at a time.
#pragma once
#include "operands.cuh"

/// What activations and weights are made of: float16 as bits, or float32.
template <int bytes>
struct ElementOf;
template <>
struct ElementOf<2> {
    typedef uint16 Type;
};
template <>
struct ElementOf<4> {
    typedef float Type;
};

/// Two float16 in one word: the first in the low half.
__device__ __forceinline__ uint32 pack_halves(float first, float second) {
    uint32 word;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(second), "f"(first));
    return word;
}

__device__ __forceinline__ uint16 to_half(float value) {
    uint16 bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
}

__device__ __forceinline__ float2 unpack_halves(uint32 word) {
    float2 pair;
    asm("{\n"
        ".reg .b16 low, high;\n"
        "mov.b32 {low, high}, %2;\n"
        "cvt.f32.f16 %0, low;\n"
        "cvt.f32.f16 %1, high;\n"
        "}"
        : "=f"(pair.x), "=f"(pair.y)
        : "r"(word));
    return pair;
}

/// Eight float16 from 16 bytes.
__device__ __forceinline__ void unpack_eight(const uint4& bytes, float (&values)[8]) {
    const uint32 words[4] = {bytes.x, bytes.y, bytes.z, bytes.w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const float2 pair = unpack_halves(words[i]);
        values[2 * i] = pair.x;
        values[2 * i + 1] = pair.y;
    }
}

__device__ __forceinline__ uint4 pack_eight(const float (&values)[8]) {
    return make_uint4(
        pack_halves(values[0], values[1]), pack_halves(values[2], values[3]), pack_halves(values[4], values[5]),
        pack_halves(values[6], values[7]));
}

/// Eight float32 from 32 aligned bytes of constant data.
__device__ __forceinline__ void load_eight(const float* from, float (&values)[8]) {
    const float4 low = __ldg(reinterpret_cast<const float4*>(from));
    const float4 high = __ldg(reinterpret_cast<const float4*>(from) + 1);
    values[0] = low.x, values[1] = low.y, values[2] = low.z, values[3] = low.w;
    values[4] = high.x, values[5] = high.y, values[6] = high.z, values[7] = high.w;
}

/// Eight float16 from 16 aligned bytes of constant data.
__device__ __forceinline__ void load_eight(const uint16* from, float (&values)[8]) {
    unpack_eight(__ldg(reinterpret_cast<const uint4*>(from)), values);
}

/// Eight numbers that the kernel before may have written: no load of these may move ahead of `wait_for_inputs`.
__device__ __forceinline__ void read_eight(const uint16* from, float (&values)[8]) {
    unpack_eight(*reinterpret_cast<const uint4*>(from), values);
}

__device__ __forceinline__ void read_eight(const float* from, float (&values)[8]) {
    const float4 low = reinterpret_cast<const float4*>(from)[0], high = reinterpret_cast<const float4*>(from)[1];
    values[0] = low.x, values[1] = low.y, values[2] = low.z, values[3] = low.w;
    values[4] = high.x, values[5] = high.y, values[6] = high.z, values[7] = high.w;
}

__device__ __forceinline__ void write_eight(uint16* to, const float (&values)[8]) {
    *reinterpret_cast<uint4*>(to) = pack_eight(values);
}

__device__ __forceinline__ void write_eight(float* to, const float (&values)[8]) {
    reinterpret_cast<float4*>(to)[0] = make_float4(values[0], values[1], values[2], values[3]);
    reinterpret_cast<float4*>(to)[1] = make_float4(values[4], values[5], values[6], values[7]);
}
