// The first layer: uint8 BGR faces, normalised on the way in, through a 3×3 convolution with padding 1.
//
// A block keeps the input rows of TILE_ROWS output rows in shared memory as float16, zeros around them. The 27 products
// of a pixel are padded to the depth of two matrix instructions, and a warp takes 16 pixels at a time. The output is 40
// times as large as the input, so writing it is the floor: every store is 16 bytes of a full line.
#include "epilogue.cuh"
#include "fragments.cuh"
#include "launch.cuh"

static_assert(C_OUT % 8 == 0 && C_OUT <= 128, "the stem keeps all its weights in registers");
static_assert(IN_WIDTH % 4 == 0, "rows are read in words");
static_assert(OUT_HEIGHT == (IN_HEIGHT - 1) / STRIDE + 1 && OUT_WIDTH == (IN_WIDTH - 1) / STRIDE + 1, "wrong output");
static_assert(!has_residual && !has_float32_output, "the stem has no residual and stores float16");

constexpr int threads = 256;
constexpr int warps = threads / 32;
constexpr int input_rows = (TILE_ROWS - 1) * STRIDE + 3;
/// Elements from one row of the tile to the next: a pixel of zeros on both sides, and what the padded products read.
constexpr int pitch = round_up((IN_WIDTH + 2) * 3 + 2, 8);
constexpr int octets = C_OUT / 8;
/// The extra 16 bytes put the eight pixels that a store instruction touches into different banks.
constexpr int staged_pixel = C_OUT * 2 + 16;

extern "C" __global__ void __launch_bounds__(threads, 1) stem(const Operands operands) {
    __shared__ uint16 tile[input_rows * pitch];
    __shared__ __align__(16) uint8 staged[warps][16 * staged_pixel];
    const int thread = threadIdx.x, warp = thread / 32, lane = thread % 32;
    const int group = lane / 4, pair = lane % 4;
    const int image = blockIdx.y, first_row = blockIdx.x * TILE_ROWS;
    trigger_dependents();

    const uint16* weights = static_cast<const uint16*>(operands.weights);
    uint32 factors[2][octets][2];
#pragma unroll
    for (int step = 0; step < 2; step++)
#pragma unroll
        for (int octet = 0; octet < octets; octet++)
#pragma unroll
            for (int half = 0; half < 2; half++)
                factors[step][octet][half] = __ldg(reinterpret_cast<const uint32*>(
                    weights + (octet * 8 + group) * 32 + step * 16 + half * 8 + 2 * pair));
    wait_for_inputs();

    constexpr int words = IN_WIDTH * 3 / 4;
    const uint8* faces =
        static_cast<const uint8*>(operands.input) + static_cast<size_t>(image) * IN_HEIGHT * IN_WIDTH * 3;
    const float means[3] = {MEAN_B, MEAN_G, MEAN_R};
    for (int i = thread; i < input_rows * words; i += threads) {
        const int row = i / words, word = i % words, y = first_row * STRIDE - 1 + row;
        const bool inside = y >= 0 && y < IN_HEIGHT;
        const uint32 bytes = inside ? __ldg(reinterpret_cast<const uint32*>(faces + y * IN_WIDTH * 3) + word) : 0;
        const int phase = word % 3;
#pragma unroll
        for (int byte = 0; byte < 4; byte++) {
            const int channel = (phase + byte) % 3;
            const float mean = channel == 0 ? means[0] : channel == 1 ? means[1] : means[2];
            const float value = static_cast<float>(bytes >> (8 * byte) & 255) - mean;
            tile[row * pitch + 3 + 4 * word + byte] = inside ? to_half(value) : 0;
        }
    }
    for (int i = thread; i < input_rows * (pitch - IN_WIDTH * 3); i += threads) {
        const int row = i / (pitch - IN_WIDTH * 3), edge = i % (pitch - IN_WIDTH * 3);
        tile[row * pitch + (edge < 3 ? edge : IN_WIDTH * 3 + edge)] = 0;
    }

    // Where the eight products of this lane lie, relative to their pixel. The padded ones have zero weights: any
    // finite value does.
    int offsets[8];
#pragma unroll
    for (int i = 0; i < 8; i++) {
        const int k = i / 2 * 8 + 2 * pair + i % 2;
        offsets[i] = k < 27 ? k / 9 * pitch + k % 9 : 0;
    }
    __syncthreads();

    const int rows = smaller(TILE_ROWS, OUT_HEIGHT - first_row);
    const int pixels = rows * OUT_WIDTH;
    uint8* stage = staged[warp];
    uint16* output = static_cast<uint16*>(operands.output) +
        (static_cast<size_t>(image) * OUT_HEIGHT + first_row) * OUT_WIDTH * C_OUT;
    for (int first = warp * 16; first < pixels; first += warps * 16) {
        const uint16* windows[2];
        const float* biases[2];
#pragma unroll
        for (int i = 0; i < 2; i++) {
            const int pixel = smaller(first + group + 8 * i, pixels - 1);
            const int y = pixel / OUT_WIDTH, x = pixel % OUT_WIDTH;
            windows[i] = tile + y * STRIDE * pitch + x * STRIDE * 3;
            biases[i] = operands.bias + bias_offset<3, STRIDE, 1, IN_HEIGHT, IN_WIDTH, C_OUT>(first_row + y, x);
        }
        uint32 values[2][4];
#pragma unroll
        for (int step = 0; step < 2; step++)
#pragma unroll
            for (int part = 0; part < 4; part++) {
                const int k = step * 4 + part / 2 * 2;
                const uint16* window = windows[part % 2];
                values[step][part] = window[offsets[k]] | static_cast<uint32>(window[offsets[k + 1]]) << 16;
            }
#pragma unroll
        for (int octet = 0; octet < octets; octet++) {
            const int channel = octet * 8 + 2 * pair;
            float sum[4] = {};
#pragma unroll
            for (int step = 0; step < 2; step++)
                multiply(sum, values[step], factors[step][octet][0], factors[step][octet][1]);
            const float2 slopes = has_prelu ? __ldg(reinterpret_cast<const float2*>(operands.slope + channel))
                                            : make_float2(0.f, 0.f);
#pragma unroll
            for (int i = 0; i < 2; i++) {
                const float2 bias = __ldg(reinterpret_cast<const float2*>(biases[i] + channel));
                *reinterpret_cast<uint32*>(stage + (group + 8 * i) * staged_pixel + channel * 2) = pack_halves(
                    activate(sum[2 * i] + bias.x, slopes.x), activate(sum[2 * i + 1] + bias.y, slopes.y));
            }
        }
        __syncwarp();
        for (int i = lane; i < 16 * octets; i += 32) {
            const int pixel = i / octets, octet = i % octets;
            if (first + pixel < pixels)
                *reinterpret_cast<uint4*>(output + static_cast<size_t>(first + pixel) * C_OUT + octet * 8) =
                    *reinterpret_cast<const uint4*>(stage + pixel * staged_pixel + octet * 16);
        }
        __syncwarp();
    }
}
