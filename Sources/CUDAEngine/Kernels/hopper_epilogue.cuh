// The epilogue of the Hopper convolutions: a thread's sums belong to two channels, `channel` and `channel + 8`, and to
// the pixels 8·octet + 2·(lane % 4) and the next.
#pragma once
#include "epilogue.cuh"
#include "hopper_geometry.cuh"

/// Biases and slopes of a thread's two channels.
struct ChannelPair {
    /// Tiles of one row keep the biases of all three row classes; larger tiles need the registers for their sums.
    static constexpr bool keeps_rows = has_border && TILE_ROWS == 1;
    const float* table;
    /// For pixels away from the left and right border, by the row's border class; without BORDER the first is for all.
    float bias[3][2];
    float slope[2] = {};

    __device__ __forceinline__ ChannelPair(const float* biases, const float* slopes, int channel)
        : table(biases + channel) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            if (has_prelu) slope[i] = __ldg(slopes + channel + 8 * i);
            if (!has_border) bias[0][i] = __ldg(table + 8 * i);
#pragma unroll
            for (int row = 0; row < 3; row++)
                if (keeps_rows) bias[row][i] = __ldg(table + (3 * row + 1) * C_OUT + 8 * i);
        }
    }

    /// The bias of channel `which` for a border class.
    __device__ __forceinline__ float border_bias(int which, int row_class, int column_class) const {
        float value;
        // Volatile, so that the loads stay where they are needed: hoisted, they would spill the sums.
        asm volatile("ld.global.nc.f32 %0, [%1];"
                     : "=f"(value)
                     : "l"(table + (3 * row_class + column_class) * C_OUT + 8 * which));
        return value;
    }

    /// The bias of channel `which` for one pixel; `pixel` counts along the tile's rows, which lie `pitch` apart.
    __device__ __forceinline__ float pixel_bias(int which, int pixel, int first_row) const {
        return border_bias(
            which, border_class<3, STRIDE, 1, OUT_HEIGHT * STRIDE>(first_row + pixel / pitch),
            border_class<3, STRIDE, 1, OUT_WIDTH * STRIDE>(pixel % pitch));
    }

    /// The bias of channel `which` in the inner columns of a row.
    __device__ __forceinline__ float row_bias(int which, int y) const {
        const int row_class = border_class<3, STRIDE, 1, OUT_HEIGHT * STRIDE>(y);
        if (!keeps_rows) return border_bias(which, row_class, 1);
        return row_class == 1 ? bias[1][which] : (row_class == 0 ? bias[0][which] : bias[2][which]);
    }

    /// The four sums of an octet in the order of the registers: two pixels of the first channel, two of the second.
    __device__ __forceinline__ void finish_octet(
        const float* sums, float (&values)[4], int octet, int lane, int first_row) const {
        float added[4];
        const int row = octet * 8 / pitch, column = octet * 8 % pitch;
        if (!has_border) {
#pragma unroll
            for (int i = 0; i < 4; i++) added[i] = bias[0][i / 2];
        } else if (column >= 1 && column + 7 <= OUT_WIDTH - 2) {
#pragma unroll
            for (int which = 0; which < 2; which++)
                added[2 * which] = added[2 * which + 1] = row_bias(which, first_row + row);
        } else {
            int pixel = octet * 8 + lane % 4 * 2;
#pragma unroll
            for (int i = 0; i < 2; i++) {
                // Opaque: the classes of all pixels would be worked out ahead of the loop over items, and spill the
                // sums.
                asm volatile("" : "+r"(pixel));
                added[i] = pixel_bias(0, pixel, first_row);
                added[2 + i] = pixel_bias(1, pixel, first_row);
                pixel++;
            }
        }
#pragma unroll
        for (int i = 0; i < 4; i++) values[i] = activate(sums[i] + added[i], slope[i / 2]);
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
