// 3×3 convolutions on Hopper for batches that fill the chip: a persistent block, its weights and inputs streamed.
//
// One warp copies weights, one copies inputs (and residuals), one to four warpgroups multiply and store. The rings
// between them are the only synchronisation: a warpgroup keeps two steps of products in flight and gives back a buffer
// when the step after it was queued. The next tile's loads run under this tile's epilogue.
#include "barriers.cuh"
#include "bulk.cuh"
#include "hopper_epilogue.cuh"
#include "launch.cuh"
#include "wgmma.cuh"

constexpr int boxes = (JOINED ? 1 : tiles) * phases;
/// JOINED: the block's tiles lie below each other in one image and share a box.
constexpr int loaded_rows = JOINED ? box_height + (tiles - 1) * TILE_ROWS : box_height;
constexpr int box_bytes = loaded_rows * pitch * 128;
constexpr int tile_offset = JOINED ? TILE_ROWS * pitch * 128 : 0;
constexpr int reach_bytes = ((JOINED ? (tiles - 1) * TILE_ROWS * pitch : 0) + columns + halo_reach) * 128;
constexpr int box_buffer = round_up(larger(box_bytes, reach_bytes), 1024);
constexpr int staged_tile = round_up(larger(TILE_ROWS * pitch, columns) * 128, 1024);

constexpr int weight_slots = RESIDENT ? 1 : WEIGHT_STAGES;
constexpr int inputs_at = WEIGHT_STAGES * step_bytes;
constexpr int staged_at = inputs_at + INPUT_STAGES * boxes * box_buffer;
constexpr int barriers_at = staged_at + groups * SUBTILES * staged_tile;
constexpr int consumers = groups * 128;
constexpr int threads = consumers + 64;

static_assert(!JOINED || (STRIDE == 1 && tiles_per_image % tiles == 0), "joined tiles lie in one image");
static_assert(!RESIDENT || (channel_blocks == 1 && WEIGHT_STAGES == steps), "resident weights are all weights");
static_assert(loaded_rows * STRIDE <= 256, "a box has at most 256 rows");
static_assert(SHARED_BYTES >= barriers_at + 2048 && SHARED_BYTES <= shared_limit, "SHARED_BYTES out of range");

/// The barriers of a block: a buffer is full when its bytes arrived, empty when its readers are done.
struct Barriers {
    uint32 first;

    __device__ __forceinline__ uint32 weights_full(int slot) const { return first + 8 * slot; }
    __device__ __forceinline__ uint32 weights_empty(int slot) const { return weights_full(weight_slots + slot); }
    __device__ __forceinline__ uint32 input_full(int slot) const { return weights_empty(weight_slots + slot); }
    __device__ __forceinline__ uint32 input_empty(int slot) const { return input_full(INPUT_STAGES + slot); }
    __device__ __forceinline__ uint32 residual_full(int group) const { return input_empty(INPUT_STAGES + group); }
    __device__ __forceinline__ uint32 residual_empty(int group) const { return residual_full(groups + group); }

    __device__ __forceinline__ void initialise() const {
        for (int i = 0; i < weight_slots; i++) {
            initialise_barrier(weights_full(i), 1);
            initialise_barrier(weights_empty(i), groups);
        }
        for (int i = 0; i < INPUT_STAGES; i++) {
            initialise_barrier(input_full(i), 1);
            initialise_barrier(input_empty(i), groups);
        }
        for (int i = 0; i < groups; i++) {
            initialise_barrier(residual_full(i), 1);
            initialise_barrier(residual_empty(i), 1);
        }
        publish_barriers();
    }
};

/// The work of a block, one item a round: a block of channels of a run of tiles.
struct Item {
    int channel_block;
    int first_tile;

    __device__ __forceinline__ explicit Item(int index)
        : channel_block(index % channel_blocks), first_tile(index / channel_blocks * tiles) {}

    static __device__ __forceinline__ int count(int images) {
        return divide_up(images * tiles_per_image, tiles) * channel_blocks;
    }
};

__device__ void copy_weights(const HopperOperands& operands, uint32 memory, const Barriers& barriers, int items) {
    const uint8* weights = reinterpret_cast<const uint8*>(operands.weights);
    if (RESIDENT) {
        arrive_and_expect(barriers.weights_full(0), steps * step_bytes);
        for (int step = 0; step < steps; step++)
            copy_block(memory + step * step_bytes, weights + step * step_bytes, step_bytes, barriers.weights_full(0));
        return;
    }
    Ring<weight_slots> ring;
    for (int index = blockIdx.x; index < items; index += gridDim.x) {
        const Item item(index);
        for (int step = 0; step < steps; step++) {
            wait_for_phase(barriers.weights_empty(ring.slot), ring.parity ^ 1);
            arrive_and_expect(barriers.weights_full(ring.slot), step_bytes);
            copy_block(
                memory + ring.slot * step_bytes, weights + (step * channel_blocks + item.channel_block) * step_bytes,
                step_bytes, barriers.weights_full(ring.slot));
            ring.advance();
        }
    }
}

__device__ __forceinline__ void copy_residuals(
    const HopperOperands& operands, uint32 memory, const Barriers& barriers, const Item& item, uint32 parity) {
    for (int group = 0; group < groups; group++) {
        wait_for_phase(barriers.residual_empty(group), parity ^ 1);
        arrive_and_expect(barriers.residual_full(group), SUBTILES * TILE_ROWS * pitch * 128);
        const int channel = item.channel_block * block_channels + group % GROUPS_CHANNELS * 64;
        for (int i = 0; i < SUBTILES; i++) {
            const Tile tile(item.first_tile + group / GROUPS_CHANNELS * SUBTILES + i);
            copy_box(
                memory + staged_at + (group * SUBTILES + i) * staged_tile, operands.residual,
                barriers.residual_full(group), channel, 0, tile.first_row, tile.image);
        }
    }
}

__device__ void copy_inputs(const HopperOperands& operands, uint32 memory, const Barriers& barriers, int items) {
    Ring<INPUT_STAGES> ring;
    uint32 residual_parity = 0;
    wait_for_inputs();
    for (int index = blockIdx.x; index < items; index += gridDim.x) {
        const Item item(index);
        for (int chunk = 0; chunk < chunks; chunk++) {
            wait_for_phase(barriers.input_empty(ring.slot), ring.parity ^ 1);
            const uint32 full = barriers.input_full(ring.slot);
            const uint32 slot = memory + inputs_at + ring.slot * boxes * box_buffer;
            if (chunk < input_chunks) {
                arrive_and_expect(full, boxes * box_bytes);
                for (int box = 0; box < boxes; box++) {
                    const Tile tile(item.first_tile + box / phases);
                    copy_box(
                        slot + box * box_buffer, operands.input, full, chunk * 64, box_start(0, box % 2),
                        box_start(tile.first_row, box / 2 % 2), tile.image);
                }
            } else {
                arrive_and_expect(full, tiles * shortcut_box_bytes);
                for (int i = 0; i < tiles; i++) {
                    const Tile tile(item.first_tile + i);
                    copy_box(
                        slot + i * phases * box_buffer, operands.shortcut, full, (chunk - input_chunks) * 64, 0,
                        2 * tile.first_row, tile.image);
                }
            }
            ring.advance();
            if (has_residual && chunk == 0) copy_residuals(operands, memory, barriers, item, residual_parity);
        }
        residual_parity ^= 1;
    }
}

/// A warpgroup: 64 channels × SUBTILES tiles.
struct Consumer {
    const HopperOperands& operands;
    uint32 memory;
    Barriers barriers;
    /// Handed in: the compiler must know it to be the same for all lanes, to keep descriptors in uniform registers.
    int group;
    int quarter = threadIdx.x / 32 % 4;
    int lane = threadIdx.x % 32;
    bool leader = threadIdx.x % 128 == 0;
    Ring<weight_slots> weights;
    Ring<INPUT_STAGES> inputs;
    uint32 residual_parity = 0;
    float sums[SUBTILES][4 * OCTETS];

    /// The products of one step: 64 deep, SUBTILES tiles.
    __device__ __forceinline__ void queue_step(uint64 a, uint64 b, bool first) {
        constexpr int between = (JOINED ? tile_offset : phases * box_buffer) / 16;
        begin_products();
#pragma unroll
        for (int k = 0; k < 4; k++)
#pragma unroll
            for (int i = 0; i < SUBTILES; i++)
                multiply_rows(sums[i], a + 2 * k, b + i * between + 2 * k, !first || k != 0);
        commit_products();
    }

    __device__ __forceinline__ uint64 weights_of(int resident_step) const {
        const int slot = RESIDENT ? resident_step : weights.slot;
        return describe_rows(memory + slot * step_bytes + group % GROUPS_CHANNELS * 8192);
    }

    __device__ __forceinline__ void multiply() {
        const int pixel_group = group / GROUPS_CHANNELS;
        const uint32 own = pixel_group * SUBTILES * (JOINED ? tile_offset : phases * box_buffer);
        int used_weights = -1, used_input = -1;
        // With a single buffer, the next chunk can't come before all products of this one are done.
        auto end_chunk = [&] {
            if (INPUT_STAGES == 1) {
                wait_for_products<0>();
                if (leader) arrive(barriers.input_empty(inputs.slot));
            }
            used_input = inputs.slot;
            inputs.advance();
        };
        auto step = [&](uint64 b, int number, bool first_of_chunk) {
            if (!RESIDENT) wait_for_phase(barriers.weights_full(weights.slot), weights.parity);
            queue_step(weights_of(number), b, number == 0);
            if (RESIDENT && !first_of_chunk) return;
            wait_for_products<1>();
            if (leader) {
                if (!RESIDENT && used_weights >= 0) arrive(barriers.weights_empty(used_weights));
                if (INPUT_STAGES > 1 && first_of_chunk && used_input >= 0) arrive(barriers.input_empty(used_input));
            }
            if (!RESIDENT) {
                used_weights = weights.slot;
                weights.advance();
            }
        };
        for (int chunk = 0; chunk < input_chunks; chunk++) {
            wait_for_phase(barriers.input_full(inputs.slot), inputs.parity);
            const uint64 window = describe_rows(memory + inputs_at + inputs.slot * boxes * box_buffer + own);
#pragma unroll
            for (int tap = 0; tap < 9; tap++) {
                const int phase = 2 * tap_phase(tap / 3) + tap_phase(tap % 3);
                const int shift = tap_shift(tap / 3) * pitch + tap_shift(tap % 3);
                step(window + phase * (box_buffer / 16) + shift * 8, chunk * 9 + tap, tap == 0);
            }
            end_chunk();
        }
#pragma unroll 1
        for (int chunk = 0; chunk < shortcut_chunks; chunk++) {
            wait_for_phase(barriers.input_full(inputs.slot), inputs.parity);
            step(
                describe_rows(memory + inputs_at + inputs.slot * boxes * box_buffer + own), 9 * input_chunks + chunk,
                true);
            end_chunk();
        }
        wait_for_products<0>();
        if (leader) {
            if (!RESIDENT) arrive(barriers.weights_empty(used_weights));
            if (INPUT_STAGES > 1) arrive(barriers.input_empty(used_input));
        }
    }

    /// `count` octets of one tile, from registers to the staged tile, adding the residual that lies there.
    template <int count>
    __device__ __forceinline__ void stage(
        const float* sum, uint32 buffer, int octet, const ChannelPair& channels, int first_row) {
        const uint32 address = transposed_address<count>(buffer, octet, quarter, lane);
        uint32 registers[2 * count];
        if (has_residual) load_transposed<count>(address, registers);
#pragma unroll
        for (int i = 0; i < count; i++) {
            float values[4];
            channels.finish_octet(sum + 4 * (octet + i), values, octet + i, lane, first_row);
#pragma unroll
            for (int part = 0; part < 2; part++) {
                float2 pair = make_float2(values[2 * part], values[2 * part + 1]);
                if (has_residual) {
                    const float2 added = unpack_halves(registers[2 * i + part]);
                    pair.x += added.x;
                    pair.y += added.y;
                }
                registers[2 * i + part] = pack_halves(pair.x, pair.y);
            }
        }
        store_transposed<count>(address, registers);
    }

    __device__ __forceinline__ void store(const Item& item, const ChannelPair& channels) {
        if (has_residual) {
            wait_for_phase(barriers.residual_full(group), residual_parity);
            residual_parity ^= 1;
        } else {
            if (leader) wait_for_reads_of_stores();
            synchronise_group(group);
        }
        const int first_tile = item.first_tile + group / GROUPS_CHANNELS * SUBTILES;
        const uint32 staged = memory + staged_at + group * SUBTILES * staged_tile;
#pragma unroll
        for (int i = 0; i < SUBTILES; i++) {
            const int first_row = Tile(first_tile + i).first_row;
#pragma unroll
            for (int octet = 0; octet + 1 < OCTETS; octet += 2)
                stage<2>(sums[i], staged + i * staged_tile, octet, channels, first_row);
            if (OCTETS % 2 != 0) stage<1>(sums[i], staged + i * staged_tile, OCTETS - 1, channels, first_row);
        }
        publish_shared_writes();
        synchronise_group(group);
        if (!leader) return;
        const int channel = item.channel_block * block_channels + group % GROUPS_CHANNELS * 64;
        for (int i = 0; i < SUBTILES; i++) {
            const Tile tile(first_tile + i);
            store_box(operands.output, staged + i * staged_tile, channel, 0, tile.first_row, tile.image);
        }
        commit_stores();
        if (has_residual) {
            wait_for_reads_of_stores();
            arrive(barriers.residual_empty(group));
        }
    }

    __device__ __forceinline__ void run(int items) {
        if (RESIDENT) wait_for_phase(barriers.weights_full(0), 0);
        for (int index = blockIdx.x; index < items; index += gridDim.x) {
            const Item item(index);
            const int channel = item.channel_block * block_channels + group % GROUPS_CHANNELS * 64 + quarter * 16;
            const ChannelPair channels(operands.bias, operands.slope, channel + lane / 4);
            multiply();
            store(item, channels);
        }
        if (leader) wait_for_stores();
    }
};

/// The windows reach a little behind the loaded box. What they find there only meets garbage columns, which the store
/// clips; it is zero, so that no kernel reads memory that nobody wrote.
__device__ __forceinline__ void clear_slack(uint8* memory) {
    constexpr int begin = box_bytes / 16, end = box_buffer / 16;
    for (int box = 0; box < INPUT_STAGES * boxes; box++)
        for (int i = begin + threadIdx.x; i < end; i += threads)
            reinterpret_cast<uint4*>(memory + inputs_at + box * box_buffer)[i] = make_uint4(0, 0, 0, 0);
    publish_shared_writes();
}

extern "C" __global__ void __launch_bounds__(threads, 1)
    hopper_convolution(const __grid_constant__ HopperOperands operands) {
    uint8* memory = aligned_memory();
    const uint32 base = shared_address(memory);
    const Barriers barriers{base + barriers_at};
    const int items = Item::count(operands.images);
    // The same for all lanes, and known to be: roles are whole warps.
    const int warp = __shfl_sync(0xFFFFFFFF, threadIdx.x / 32, 0);
    if (threadIdx.x == 0) barriers.initialise();
    clear_slack(memory);
    __syncthreads();
    trigger_dependents();
    if (warp == consumers / 32) {
        if (threadIdx.x % 32 == 0) copy_weights(operands, base, barriers, items);
    } else if (warp == consumers / 32 + 1) {
        if (threadIdx.x % 32 == 0) {
            prefetch_map(operands.input);
            prefetch_map(operands.output);
            copy_inputs(operands, base, barriers, items);
        }
    } else {
        Consumer consumer{operands, base, barriers, warp / 4};
        consumer.run(items);
    }
}
