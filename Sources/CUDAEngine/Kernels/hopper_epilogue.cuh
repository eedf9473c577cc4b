// The epilogue of the Hopper convolutions: a thread's sums belong to two channels, `channel` and `channel + 8`, and to
// the pixels 8·octet + 2·(lane % 4) and the next.
#pragma once
#include "epilogue.cuh"
#include "hopper_geometry.cuh"

/// Biases and slopes of a thread's two channels.
struct ChannelPair {
    const float* table;
    float bias[2];
    float slope[2] = {};

    __device__ __forceinline__ ChannelPair(const float* biases, const float* slopes, int channel)
        : table(biases + channel) {
        constexpr int middle = has_border ? 4 * C_OUT : 0;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            bias[i] = __ldg(table + middle + 8 * i);
            if (has_prelu) slope[i] = __ldg(slopes + channel + 8 * i);
        }
    }

    /// One value of channel `which`; `pixel` counts along the tile's rows, which lie `pitch` apart.
    __device__ __forceinline__ float finish(float sum, int which, int pixel, int first_row) const {
        float added = bias[which];
        if (has_border) {
            const int y = first_row + pixel / pitch, x = pixel % pitch;
            const int row_class = border_class<3, STRIDE, 1, OUT_HEIGHT * STRIDE>(y);
            const int column_class = border_class<3, STRIDE, 1, OUT_WIDTH * STRIDE>(x);
            // Volatile, so that the loads stay where they are needed: hoisted, they would spill the sums.
            asm volatile("ld.global.nc.f32 %0, [%1];"
                         : "=f"(added)
                         : "l"(table + (3 * row_class + column_class) * C_OUT + 8 * which));
        }
        return activate(sum + added, slope[which]);
    }

    /// The four sums of an octet in the order of the registers: two pixels of the first channel, two of the second.
    __device__ __forceinline__ void finish_octet(
        const float* sums, float (&values)[4], int octet, int lane, int first_row) const {
        int pixel = octet * 8 + lane % 4 * 2;
        // Opaque: the classes of all pixels would be worked out ahead of the loop over items, and spill the sums.
        if (has_border) asm volatile("" : "+r"(pixel));
#pragma unroll
        for (int i = 0; i < 4; i++) values[i] = finish(sums[i], i / 2, pixel + i % 2, first_row);
    }
};

/// Stores `count` (1 or 2) octets of a warp's 16 channels to rows of pixels: register 2·octet + i holds channels 8i….
template <int count>
__device__ __forceinline__ void store_transposed(uint32 address, const uint32* registers) {
    if (count == 2)
        asm volatile("stmatrix.sync.aligned.m8n8.x4.trans.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(address),
                     "r"(registers[0]), "r"(registers[1]), "r"(registers[2]), "r"(registers[3])
                     : "memory");
    else
        asm volatile("stmatrix.sync.aligned.m8n8.x2.trans.shared.b16 [%0], {%1, %2};" ::"r"(address),
                     "r"(registers[0]), "r"(registers[1])
                     : "memory");
}

template <int count>
__device__ __forceinline__ void load_transposed(uint32 address, uint32* registers) {
    if (count == 2)
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                     : "=r"(registers[0]), "=r"(registers[1]), "=r"(registers[2]), "=r"(registers[3])
                     : "r"(address)
                     : "memory");
    else
        asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
                     : "=r"(registers[0]), "=r"(registers[1])
                     : "r"(address)
                     : "memory");
}

/// The address that a lane gives to `store_transposed` and `load_transposed`: 16 channels of warp `quarter` (0…3) of
/// the group, pixels from 8·octet, in rows of 64 channels under the 128-byte swizzle.
template <int count>
__device__ __forceinline__ uint32 transposed_address(uint32 buffer, int octet, int quarter, int lane) {
    const int matrix = lane / 8, row = lane % 8;
    const int pixel = 8 * (octet + (count == 2 ? matrix / 2 : 0)) + row;
    return buffer + pixel * 128 + (((quarter * 2 + matrix % 2) ^ row) << 4);
}
