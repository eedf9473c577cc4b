// Any dense convolution in float32 throughout: the uint8 stem, the layers, and the final fully connected one.
//
//   output[pixel][channel] = Σₖ input window[pixel][k] · weights[channel][k],   k = (row, column, input channel)
//
// It is there to tell rounding from a fault, so it is plain: no tensor cores, one fused multiply-add after the other in
// the order of k. That order is the same for every tile, and SPLITS depends on the layer alone: a face gets the same
// bits in every batch.
//
// A block of 256 threads computes TILE_PIXELS × TILE_CHANNELS, 16 products deep at a time from two shared-memory
// buffers: while one is multiplied, the numbers for the other come from memory to registers.
#include "epilogue.cuh"
#include "launch.cuh"

constexpr int threads = 256;
constexpr int products = SIZE * SIZE * C_IN;
constexpr int step_depth = 16;
/// The packed rows' length: the stem's as its float16 kernel has it.
constexpr int depth = round_up(products, FACES ? 32 : 64);
constexpr int steps = divide_up(products, step_depth);

static_assert(FACES ? C_IN == 3 : C_IN % 4 == 0, "channels come in fours, those of faces in threes");
static_assert(C_OUT % 8 == 0, "channels come in eights");
static_assert(!has_float32_output || !has_residual, "the embedding has no residual");
static_assert(SPLITS >= 1 && SPLITS <= steps, "SPLITS out of range");
static_assert(OUT_HEIGHT == (IN_HEIGHT + 2 * PADDING - SIZE) / STRIDE + 1, "OUT_HEIGHT doesn't follow");
static_assert(OUT_WIDTH == (IN_WIDTH + 2 * PADDING - SIZE) / STRIDE + 1, "OUT_WIDTH doesn't follow");

/// Neighbouring numbers, moved at once.
template <int count>
struct alignas(4 * count) Floats {
    float value[count];
};

/// How 16 threads share an axis of the tile: each has groups of `width` neighbours, the groups 16 · `width` apart.
template <int tile>
struct Axis {
    static constexpr int count = tile / 16;
    static constexpr int width = smaller(count, 4);
    static constexpr int groups = count / width;
    static_assert(tile == 32 || tile == 64 || tile == 128, "a tile of another size");

    static __device__ __forceinline__ int place(int rank, int i) {
        return i / width * (16 * width) + rank * width + i % width;
    }

    /// This thread's numbers of a row of the buffer.
    static __device__ __forceinline__ void read(const float* row, int rank, float (&values)[count]) {
#pragma unroll
        for (int group = 0; group < groups; group++) {
            const auto some = *reinterpret_cast<const Floats<width>*>(row + place(rank, group * width));
#pragma unroll
            for (int i = 0; i < width; i++) values[group * width + i] = some.value[i];
        }
    }
};
using Pixels = Axis<TILE_PIXELS>;
using Channels = Axis<TILE_CHANNELS>;

/// Four neighbouring products' numbers for each of the rows that a thread brings: `thread / 4 + 64 · i`.
template <int tile>
struct Brought {
    static constexpr int count = divide_up(tile, 64);
    float value[count][4];

    /// Transposed: a row of the buffer holds one k for all pixels or channels.
    __device__ __forceinline__ void store(float* buffer) const {
        const int k = threadIdx.x % 4 * 4;
#pragma unroll
        for (int i = 0; i < count; i++) {
            const int row = threadIdx.x / 4 + 64 * i;
            if (tile % 64 != 0 && row >= tile) break;
#pragma unroll
            for (int j = 0; j < 4; j++) buffer[(k + j) * (tile + 4) + row] = value[i][j];
        }
    }
};

/// The windows of the pixels that a thread brings.
struct PixelRows {
    static constexpr int count = Brought<TILE_PIXELS>::count;
    long long window[count];
    int y[count];
    int x[count];

    __device__ __forceinline__ PixelRows(int first_pixel, int pixels) {
#pragma unroll
        for (int i = 0; i < count; i++) {
            const int pixel = first_pixel + static_cast<int>(threadIdx.x) / 4 + 64 * i;
            const int image = pixel / (OUT_HEIGHT * OUT_WIDTH);
            const int inside = pixel % (OUT_HEIGHT * OUT_WIDTH);
            // A pixel behind the last one gets a window far outside: all of it counts as padding.
            y[i] = pixel < pixels ? inside / OUT_WIDTH * STRIDE - PADDING : -IN_HEIGHT - SIZE;
            x[i] = inside % OUT_WIDTH * STRIDE - PADDING;
            window[i] = ((static_cast<long long>(image) * IN_HEIGHT + y[i]) * IN_WIDTH + x[i]) * C_IN;
        }
    }

    __device__ __forceinline__ bool is_inside(int i, int row, int column) const {
        return static_cast<uint32>(y[i] + row) < IN_HEIGHT && static_cast<uint32>(x[i] + column) < IN_WIDTH;
    }

    /// A byte of a face, less the mean; zero in the padding.
    __device__ __forceinline__ float pixel_value(const void* input, int i, int k) const {
        const int tap = k / C_IN, row = tap / SIZE, column = tap % SIZE;
        if (k >= products || !is_inside(i, row, column)) return 0.f;
        const int offset = (row * IN_WIDTH + column) * C_IN + k % C_IN;
        return static_cast<float>(static_cast<const uint8*>(input)[window[i] + offset]) - (MEAN);
    }

    __device__ __forceinline__ void bring(const void* input, int step, Brought<TILE_PIXELS>& brought) const {
        const int k = step * step_depth + threadIdx.x % 4 * 4;
        const int tap = k / C_IN, row = tap / SIZE, column = tap % SIZE;
        const int offset = (row * IN_WIDTH + column) * C_IN + k % C_IN;
#pragma unroll
        for (int i = 0; i < count; i++) {
            if (FACES) {
#pragma unroll
                for (int j = 0; j < 4; j++) brought.value[i][j] = pixel_value(input, i, k + j);
                continue;
            }
            float4 four = make_float4(0.f, 0.f, 0.f, 0.f);
            if (k < products && is_inside(i, row, column))
                four = *reinterpret_cast<const float4*>(static_cast<const float*>(input) + window[i] + offset);
            brought.value[i][0] = four.x, brought.value[i][1] = four.y;
            brought.value[i][2] = four.z, brought.value[i][3] = four.w;
        }
    }
};

__device__ __forceinline__ void bring_weights(
    const float* weights, int first_channel, int step, Brought<TILE_CHANNELS>& brought) {
    const int k = step * step_depth + threadIdx.x % 4 * 4;
#pragma unroll
    for (int i = 0; i < Brought<TILE_CHANNELS>::count; i++) {
        const int channel = first_channel + static_cast<int>(threadIdx.x) / 4 + 64 * i;
        float4 four = make_float4(0.f, 0.f, 0.f, 0.f);
        if (channel < C_OUT)
            four = __ldg(reinterpret_cast<const float4*>(weights + static_cast<size_t>(channel) * depth + k));
        brought.value[i][0] = four.x, brought.value[i][1] = four.y;
        brought.value[i][2] = four.z, brought.value[i][3] = four.w;
    }
}

typedef float Sums[Pixels::count][Channels::count];

/// Replaces a block's sums by those of all splits; true in the block that came last and has them.
__device__ __forceinline__ bool join_parts(Sums& sums, float* parts, uint32* counter) {
    __shared__ uint32 arrived;
    constexpr int part = TILE_PIXELS * TILE_CHANNELS;
    float* own = parts + static_cast<size_t>(blockIdx.z) * part;
#pragma unroll
    for (int i = 0; i < Pixels::count; i++)
#pragma unroll
        for (int j = 0; j < Channels::count; j++)
            __stcg(own + (i * Channels::count + j) * threads + threadIdx.x, sums[i][j]);
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
#pragma unroll
    for (int i = 0; i < Pixels::count; i++)
#pragma unroll
        for (int j = 0; j < Channels::count; j++) {
            float sum = 0.f;
            for (int split = 0; split < SPLITS; split++)
                sum += __ldcg(
                    parts + static_cast<size_t>(split) * part + (i * Channels::count + j) * threads + threadIdx.x);
            sums[i][j] = sum;
        }
    return true;
}

/// Bias, activation and residual of a thread's sums, and their way to memory.
__device__ __forceinline__ void finish(
    const Sums& sums, const Operands& operands, int first_pixel, int first_channel, int pixels, int row, int column) {
    using Some = Floats<Channels::width>;
#pragma unroll
    for (int i = 0; i < Pixels::count; i++) {
        const int pixel = first_pixel + Pixels::place(row, i);
        if (pixel >= pixels) continue;
        const int inside = pixel % (OUT_HEIGHT * OUT_WIDTH);
        const float* bias = operands.bias +
            bias_offset<SIZE, STRIDE, PADDING, IN_HEIGHT, IN_WIDTH, C_OUT>(inside / OUT_WIDTH, inside % OUT_WIDTH);
#pragma unroll
        for (int group = 0; group < Channels::groups; group++) {
            const int channel = first_channel + Channels::place(column, group * Channels::width);
            if (channel >= C_OUT) continue;
            const size_t element = static_cast<size_t>(pixel) * C_OUT + channel;
            Some values;
#pragma unroll
            for (int j = 0; j < Channels::width; j++) {
                const float slope = has_prelu ? __ldg(operands.slope + channel + j) : 0.f;
                values.value[j] = activate(sums[i][group * Channels::width + j] + __ldg(bias + channel + j), slope);
            }
            if (has_residual) {
                const Some added =
                    *reinterpret_cast<const Some*>(static_cast<const float*>(operands.residual) + element);
                // Not to be joined with the slope's product in one kernel and left apart in another.
#pragma unroll
                for (int j = 0; j < Channels::width; j++) values.value[j] = __fadd_rn(values.value[j], added.value[j]);
            }
            *reinterpret_cast<Some*>(static_cast<float*>(operands.output) + element) = values;
        }
    }
}

extern "C" __global__ void __launch_bounds__(threads) exact_convolution(const Operands operands) {
    __shared__ __align__(16) float pixel_buffers[2][step_depth * (TILE_PIXELS + 4)];
    __shared__ __align__(16) float channel_buffers[2][step_depth * (TILE_CHANNELS + 4)];
    const int pixels = operands.images * (OUT_HEIGHT * OUT_WIDTH);
    const int first_pixel = blockIdx.x * TILE_PIXELS, first_channel = blockIdx.y * TILE_CHANNELS;
    const int begin = blockIdx.z * steps / SPLITS, end = (blockIdx.z + 1) * steps / SPLITS;
    const int row = threadIdx.x / 16, column = threadIdx.x % 16;
    const float* weights = static_cast<const float*>(operands.weights);
    trigger_dependents();

    const PixelRows rows(first_pixel, pixels);
    Brought<TILE_CHANNELS> channels;
    Brought<TILE_PIXELS> windows;
    bring_weights(weights, first_channel, begin, channels);
    wait_for_inputs();
    rows.bring(operands.input, begin, windows);
    Sums sums = {};
    for (int step = begin; step < end; step++) {
        float* pixel_buffer = pixel_buffers[step % 2];
        float* channel_buffer = channel_buffers[step % 2];
        windows.store(pixel_buffer);
        channels.store(channel_buffer);
        __syncthreads();
        if (step + 1 < end) {
            bring_weights(weights, first_channel, step + 1, channels);
            rows.bring(operands.input, step + 1, windows);
        }
#pragma unroll
        for (int k = 0; k < step_depth; k++) {
            float a[Pixels::count], b[Channels::count];
            Pixels::read(pixel_buffer + k * (TILE_PIXELS + 4), row, a);
            Channels::read(channel_buffer + k * (TILE_CHANNELS + 4), column, b);
#pragma unroll
            for (int i = 0; i < Pixels::count; i++)
#pragma unroll
                for (int j = 0; j < Channels::count; j++) sums[i][j] = fmaf(a[i], b[j], sums[i][j]);
        }
    }
    if (SPLITS > 1) {
        const int tile = blockIdx.y * gridDim.x + blockIdx.x;
        float* parts = operands.workspace + static_cast<size_t>(tile) * SPLITS * (TILE_PIXELS * TILE_CHANNELS);
        if (!join_parts(sums, parts, operands.counters + tile)) return;
    }
    finish(sums, operands, first_pixel, first_channel, pixels, row, column);
}
