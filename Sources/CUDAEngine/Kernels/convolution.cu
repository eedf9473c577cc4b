// Any dense convolution as an implicit matrix product on every GPU since sm_80, and the final fully connected layer.
//
//   output[pixel][channel] = Σₖ input window[pixel][k] · weights[channel][k],   k = (row, column, input channel)
//
// A block computes TILE_PIXELS × TILE_CHANNELS of it. Both operands come through a ring of STAGES shared-memory
// buffers, 64 products deep, filled by asynchronous 16-byte copies: 16 bytes are eight channels of one tap, so a chunk
// either lies inside the image or is padding as a whole. Rows of 128 bytes are swizzled (chunk xor row), which keeps
// both the copies and ldmatrix free of bank conflicts.
//
// With SPLITS > 1 the depth is cut too: every block leaves its part in the workspace, and the last to arrive adds the
// parts in their order, so the result doesn't depend on who was last.
#include "epilogue.cuh"
#include "fragments.cuh"
#include "launch.cuh"

constexpr int threads = 32 * WARPS_PIXELS * WARPS_CHANNELS;
constexpr int products = SIZE * SIZE * C_IN;
constexpr int depth = round_up(products, 64);
constexpr int steps = depth / 64;
constexpr int warp_pixels = TILE_PIXELS / WARPS_PIXELS;
constexpr int warp_channels = TILE_CHANNELS / WARPS_CHANNELS;
constexpr int stage_bytes = (TILE_PIXELS + TILE_CHANNELS) * 128;
/// Bytes from one pixel of the float32 tile that the epilogue reads to the next.
constexpr int staged_pixel = TILE_CHANNELS * 4 + 16;

static_assert(C_IN % 8 == 0 && C_OUT % 8 == 0, "channels come in eights");
static_assert(warp_pixels % 16 == 0 && warp_channels % 16 == 0, "a warp's tile is made of 16×16");
static_assert(TILE_PIXELS % WARPS_PIXELS == 0 && TILE_CHANNELS % WARPS_CHANNELS == 0, "tiles divide among warps");
static_assert(STAGES >= 2 && SPLITS >= 1 && SPLITS <= steps, "STAGES or SPLITS out of range");
static_assert(OUT_HEIGHT == (IN_HEIGHT + 2 * PADDING - SIZE) / STRIDE + 1, "OUT_HEIGHT doesn't follow");
static_assert(OUT_WIDTH == (IN_WIDTH + 2 * PADDING - SIZE) / STRIDE + 1, "OUT_WIDTH doesn't follow");

/// The rows of the pixel tile that a thread fills: it always copies the same chunk (`thread % 8`) of each.
struct PixelRows {
    static constexpr int rows_at_once = threads / 8;
    static constexpr int count = divide_up(TILE_PIXELS, rows_at_once);
    const uint16* window[count];
    int y[count];
    int x[count];

    __device__ __forceinline__ PixelRows(const uint16* input, int first_pixel, int pixels) {
#pragma unroll
        for (int i = 0; i < count; i++) {
            const int pixel = first_pixel + static_cast<int>(threadIdx.x) / 8 + i * rows_at_once;
            const int image = pixel / (OUT_HEIGHT * OUT_WIDTH);
            const int inside = pixel % (OUT_HEIGHT * OUT_WIDTH);
            // A pixel behind the last one gets a window far outside: all its chunks count as padding.
            y[i] = pixel < pixels ? inside / OUT_WIDTH * STRIDE - PADDING : -IN_HEIGHT - SIZE;
            x[i] = inside % OUT_WIDTH * STRIDE - PADDING;
            window[i] = input + ((static_cast<long long>(image) * IN_HEIGHT + y[i]) * IN_WIDTH + x[i]) * C_IN;
        }
    }

    __device__ __forceinline__ void copy(uint32 stage, int step, const uint16* input) const {
        const int chunk = threadIdx.x % 8;
        const int k = step * 64 + chunk * 8;
        const int tap = k / C_IN, channel = k % C_IN;
        const int row = tap / SIZE, column = tap % SIZE;
        const int offset = (row * IN_WIDTH + column) * C_IN + channel;
#pragma unroll
        for (int i = 0; i < count; i++) {
            const int tile_row = threadIdx.x / 8 + i * rows_at_once;
            if (TILE_PIXELS % rows_at_once != 0 && tile_row >= TILE_PIXELS) break;
            const bool valid = k < products && static_cast<uint32>(y[i] + row) < IN_HEIGHT &&
                static_cast<uint32>(x[i] + column) < IN_WIDTH;
            copy_or_zero(
                stage + tile_row * 128 + ((chunk ^ (tile_row & 7)) << 4), valid ? window[i] + offset : input, valid);
        }
    }
};

__device__ __forceinline__ void copy_weights(uint32 stage, int step, const uint16* weights, int first_channel) {
    constexpr int rows_at_once = threads / 8;
    const int chunk = threadIdx.x % 8;
#pragma unroll
    for (int i = 0; i < divide_up(TILE_CHANNELS, rows_at_once); i++) {
        const int tile_row = threadIdx.x / 8 + i * rows_at_once;
        if (TILE_CHANNELS % rows_at_once != 0 && tile_row >= TILE_CHANNELS) break;
        const int channel = first_channel + tile_row;
        const bool valid = channel < C_OUT;
        const uint16* from = weights + static_cast<size_t>(valid ? channel : 0) * depth + step * 64 + chunk * 8;
        copy_or_zero(stage + (TILE_PIXELS + tile_row) * 128 + ((chunk ^ (tile_row & 7)) << 4), from, valid);
    }
}

/// Asks for the weights of the later steps to be brought to the L2 cache, for which the kernel ahead leaves time. Only
/// the smallest tiles do: their time is that of reading the weights once.
__device__ __forceinline__ void prefetch_weights(int begin, int end, const uint16* weights, int first_channel) {
    if (TILE_PIXELS > 32) return;
    const int lines = end - begin;  // A step is one line of 128 bytes of each channel.
    for (int i = threadIdx.x; i < TILE_CHANNELS * lines; i += threads) {
        const int channel = first_channel + i / lines, step = begin + i % lines;
        if (channel < C_OUT)
            asm volatile("prefetch.global.L2 [%0];" ::"l"(weights + static_cast<size_t>(channel) * depth + step * 64));
    }
}

/// This warp's part of the tile.
struct Sums {
    static constexpr int high = warp_pixels / 16, wide = warp_channels / 8;
    float value[high][wide][4];

    __device__ __forceinline__ void clear() {
#pragma unroll
        for (int i = 0; i < high; i++)
#pragma unroll
            for (int j = 0; j < wide; j++)
#pragma unroll
                for (int e = 0; e < 4; e++) value[i][j][e] = 0.f;
    }

    /// Adds the 64 products of one stage.
    __device__ __forceinline__ void add(uint32 stage, int warp_row, int warp_column, int lane) {
        const uint32 pixels = stage + (warp_row + lane % 16) * 128;
        const uint32 channels = stage + (TILE_PIXELS + warp_column + lane % 8 + lane / 16 * 8) * 128;
#pragma unroll
        for (int k = 0; k < 4; k++) {
            uint32 a[high][4], b[wide / 2][4];
#pragma unroll
            for (int i = 0; i < high; i++)
                load_matrices(a[i], pixels + i * 16 * 128 + (((2 * k + lane / 16) ^ (lane & 7)) << 4));
#pragma unroll
            for (int j = 0; j < wide / 2; j++)
                load_matrices(b[j], channels + j * 16 * 128 + (((2 * k + lane / 8 % 2) ^ (lane & 7)) << 4));
#pragma unroll
            for (int i = 0; i < high; i++)
#pragma unroll
                for (int j = 0; j < wide; j++)
                    multiply(value[i][j], a[i], b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1]);
        }
    }

    __device__ __forceinline__ void stage(uint8* memory, int warp_row, int warp_column, int lane) const {
#pragma unroll
        for (int i = 0; i < high; i++)
#pragma unroll
            for (int j = 0; j < wide; j++)
#pragma unroll
                for (int part = 0; part < 2; part++) {
                    const int pixel = warp_row + i * 16 + part * 8 + lane / 4;
                    const int channel = warp_column + j * 8 + lane % 4 * 2;
                    *reinterpret_cast<float2*>(memory + pixel * staged_pixel + channel * 4) =
                        make_float2(value[i][j][2 * part], value[i][j][2 * part + 1]);
                }
    }
};

__device__ __forceinline__ void read_staged(const uint8* memory, int pixel, int octet, float (&values)[8]) {
    const float4* from = reinterpret_cast<const float4*>(memory + pixel * staged_pixel + octet * 32);
    values[0] = from[0].x, values[1] = from[0].y, values[2] = from[0].z, values[3] = from[0].w;
    values[4] = from[1].x, values[5] = from[1].y, values[6] = from[1].z, values[7] = from[1].w;
}

/// Leaves this block's part in the workspace; true in the block that came last, which finds all parts there.
__device__ __forceinline__ bool leave_part(const uint8* staged, float* parts, uint32* counter) {
    constexpr int octets = TILE_CHANNELS / 8;
    __shared__ uint32 arrived;
    float* part = parts + static_cast<size_t>(blockIdx.z) * (TILE_PIXELS * TILE_CHANNELS);
    for (int i = threadIdx.x; i < TILE_PIXELS * octets; i += threads) {
        float values[8];
        read_staged(staged, i / octets, i % octets, values);
        float4* to = reinterpret_cast<float4*>(part + i * 8);
        __stcg(to, make_float4(values[0], values[1], values[2], values[3]));
        __stcg(to + 1, make_float4(values[4], values[5], values[6], values[7]));
    }
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        arrived = atomicAdd(counter, 1u);
        // Nobody else of this launch comes after the last one: the counter is ready for the next launch.
        if (arrived == SPLITS - 1) *counter = 0;
    }
    __syncthreads();
    if (arrived != SPLITS - 1) return false;
    __threadfence();
    return true;
}

extern "C" __global__ void __launch_bounds__(threads, 1) convolution(const Operands operands) {
    extern __shared__ __align__(128) uint8 memory[];
    const uint32 ring = shared_address(memory);
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int warp_row = warp / WARPS_CHANNELS * warp_pixels, warp_column = warp % WARPS_CHANNELS * warp_channels;
    const int pixels = operands.images * (OUT_HEIGHT * OUT_WIDTH);
    const int first_pixel = blockIdx.x * TILE_PIXELS, first_channel = blockIdx.y * TILE_CHANNELS;
    const int begin = blockIdx.z * steps / SPLITS, end = (blockIdx.z + 1) * steps / SPLITS;
    const uint16* input = static_cast<const uint16*>(operands.input);
    const uint16* weights = static_cast<const uint16*>(operands.weights);
    trigger_dependents();

    // The first weights don't depend on the kernel before: they are under way while it ends.
#pragma unroll
    for (int i = 0; i < STAGES - 1; i++)
        if (begin + i < end) copy_weights(ring + i * stage_bytes, begin + i, weights, first_channel);
    prefetch_weights(begin + STAGES - 1, end, weights, first_channel);
    wait_for_inputs();
    const PixelRows rows(input, first_pixel, pixels);
#pragma unroll
    for (int i = 0; i < STAGES - 1; i++) {
        if (begin + i < end) rows.copy(ring + i * stage_bytes, begin + i, input);
        commit_copies();
    }

    Sums sums;
    sums.clear();
    int reading = 0, filling = STAGES - 1;
    for (int step = begin; step < end; step++) {
        wait_for_copies<STAGES - 2>();
        __syncthreads();
        const int ahead = step + STAGES - 1;
        if (ahead < end) {
            copy_weights(ring + filling * stage_bytes, ahead, weights, first_channel);
            rows.copy(ring + filling * stage_bytes, ahead, input);
        }
        commit_copies();
        sums.add(ring + reading * stage_bytes, warp_row, warp_column, lane);
        reading = reading + 1 == STAGES ? 0 : reading + 1;
        filling = filling + 1 == STAGES ? 0 : filling + 1;
    }
    wait_for_copies<0>();
    __syncthreads();
    sums.stage(memory, warp_row, warp_column, lane);
    __syncthreads();

    constexpr int octets = TILE_CHANNELS / 8;
    const int tile = blockIdx.y * gridDim.x + blockIdx.x;
    const float* parts = nullptr;
    if (SPLITS > 1) {
        float* own = operands.workspace + static_cast<size_t>(tile) * SPLITS * (TILE_PIXELS * TILE_CHANNELS);
        if (!leave_part(memory, own, operands.counters + tile)) return;
        parts = own;
    }
    for (int i = threadIdx.x; i < TILE_PIXELS * octets; i += threads) {
        const int pixel = first_pixel + i / octets, channel = first_channel + i % octets * 8;
        if (pixel >= pixels || channel >= C_OUT) continue;
        float values[8];
        if (SPLITS == 1) {
            read_staged(memory, i / octets, i % octets, values);
        } else {
#pragma unroll
            for (int e = 0; e < 8; e++) values[e] = 0.f;
            for (int split = 0; split < SPLITS; split++) {
                const float4* from =
                    reinterpret_cast<const float4*>(parts + static_cast<size_t>(split) * TILE_PIXELS * TILE_CHANNELS) +
                    i * 2;
                const float4 low = __ldcg(from), high = __ldcg(from + 1);
                values[0] += low.x, values[1] += low.y, values[2] += low.z, values[3] += low.w;
                values[4] += high.x, values[5] += high.y, values[6] += high.z, values[7] += high.w;
            }
        }
        const int inside = pixel % (OUT_HEIGHT * OUT_WIDTH);
        const int bias = bias_offset<SIZE, STRIDE, PADDING, IN_HEIGHT, IN_WIDTH, C_OUT>(
                             inside / OUT_WIDTH, inside % OUT_WIDTH) +
            channel;
        finish_eight<uint16>(
            values, operands.bias + bias, operands.slope + channel, operands.residual, operands.output,
            static_cast<size_t>(pixel) * C_OUT + channel);
    }
}
