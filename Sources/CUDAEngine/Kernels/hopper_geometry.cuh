// The geometry that both Hopper convolutions share: pixels, boxes and steps.
//
// The product is transposed: rows of the matrix instruction are output channels, its columns are pixels, so 64 channels
// fill it, a thread needs the biases of two channels only, and a tile may be any number of pixels.
//
// A tile is TILE_ROWS whole rows of an image. Its input is loaded once for each 64 channels, with a halo of a row above
// and below and ONE column of zeros on the left: rows lie P = OUT_WIDTH + 1 pixels apart, so a row's right border is
// the next row's left one. All nine taps are then the same buffer, shifted by whole rows of 128 bytes. The price is one
// column of garbage in the result, which the store clips. Stride 2 loads four boxes, one for each parity of row and
// column; a tap picks its box.
#pragma once
#include "hopper_operands.cuh"

constexpr int pitch = OUT_WIDTH + 1;
constexpr int columns = 8 * OCTETS;
constexpr int groups = GROUPS_CHANNELS * GROUPS_PIXELS;
constexpr int tiles = GROUPS_PIXELS * SUBTILES;
constexpr int tiles_per_image = divide_up(OUT_HEIGHT, TILE_ROWS);
constexpr int block_channels = 64 * GROUPS_CHANNELS;
constexpr int channel_blocks = C_OUT / block_channels;
constexpr int input_chunks = C_IN / 64;
constexpr int shortcut_chunks = C_SHORTCUT / 64;
constexpr int chunks = input_chunks + shortcut_chunks;
constexpr int steps = 9 * input_chunks + shortcut_chunks;
/// The weights of a step for this block's channels.
constexpr int step_bytes = GROUPS_CHANNELS * 8192;
constexpr int box_height = STRIDE == 1 ? TILE_ROWS + 2 : TILE_ROWS + 1;
constexpr int phases = STRIDE == 1 ? 1 : 4;
/// Rows of a box's buffer behind the first that the shifted windows reach.
constexpr int halo_reach = STRIDE == 1 ? 2 * pitch + 2 : pitch + 1;
constexpr int shortcut_box_bytes = TILE_ROWS * pitch * 128;

static_assert(C_IN % 64 == 0 && C_OUT % block_channels == 0 && C_SHORTCUT % 64 == 0, "channels come in blocks of 64");
static_assert(STRIDE == 1 || STRIDE == 2, "STRIDE is 1 or 2");
static_assert(C_SHORTCUT == 0 || STRIDE == 2, "only a strided convolution has a fused shortcut");
static_assert(columns >= TILE_ROWS * pitch - 1, "OCTETS doesn't cover a tile");
static_assert(groups >= 1 && groups <= 4, "one to four warpgroups");
static_assert(OUT_WIDTH >= 2 && OUT_HEIGHT >= 2 && STRIDE * pitch <= 256, "image too small or too wide");
static_assert(!has_float32_output, "Hopper convolutions store float16");

/// A tile of the batch: `index` counts the tiles of all images.
struct Tile {
    int image;
    int first_row;

    __device__ __forceinline__ explicit Tile(int index)
        : image(index / tiles_per_image), first_row(index % tiles_per_image * TILE_ROWS) {}
};

/// Where the input box of one phase begins, on an axis where the tile begins at output `first`. Phase 0 holds the even
/// inputs, phase 1 the odd ones that begin with the padding.
__device__ __forceinline__ int box_start(int first, int phase) {
    return STRIDE == 1 ? first - 1 : 2 * first - phase;
}

/// Which phase an axis' tap reads (stride 2: outputs y read inputs 2y − 1, 2y, 2y + 1), and how far it is shifted
/// there.
__host__ __device__ constexpr int tap_phase(int tap) { return STRIDE == 1 ? 0 : (tap == 1 ? 0 : 1); }
__host__ __device__ constexpr int tap_shift(int tap) { return STRIDE == 1 ? tap : (tap == 2 ? 1 : 0); }
