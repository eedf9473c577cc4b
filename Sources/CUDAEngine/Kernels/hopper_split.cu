// 3×3 convolutions on Hopper for small batches, where latency is everything: the sum is split over a cluster of blocks.
//
// Each block has room for all it needs: it asks for all its weights at once, before the kernel ahead has ended, then
// for its inputs, multiplies as they arrive, and sends parts of its sums to the blocks of the cluster that own them
// through distributed shared memory. Every block then adds the parts of its share in the order of the ranks and stores
// them.
#include "barriers.cuh"
#include "bulk.cuh"
#include "hopper_epilogue.cuh"
#include "launch.cuh"
#include "wgmma.cuh"

constexpr int consumers = groups * 128;
constexpr int threads = consumers + 32;
constexpr int box_bytes = box_height * pitch * 128;
constexpr int box_buffer = round_up(larger(box_bytes, (columns + halo_reach) * 128), 1024);

__host__ __device__ constexpr int chunk_of(int step) {
    return step < 9 * input_chunks ? step / 9 : step - 8 * input_chunks;
}
__host__ __device__ constexpr int first_step_of(int rank) { return rank * steps / SPLITS; }
/// The most chunks that the steps of one rank touch.
__host__ __device__ constexpr int most_chunks() {
    int most = 0;
    for (int rank = 0; rank < SPLITS; rank++)
        most = larger(most, chunk_of(first_step_of(rank + 1) - 1) - chunk_of(first_step_of(rank)) + 1);
    return most;
}
constexpr int own_steps = divide_up(steps, SPLITS);
constexpr int own_chunks = most_chunks();

/// A warpgroup's octets of all subtiles, and how many of them a rank adds up and stores.
constexpr int all_octets = SUBTILES * OCTETS;
constexpr int share = divide_up(all_octets, SPLITS);

constexpr int inputs_at = own_steps * step_bytes;
constexpr int parts_at = inputs_at + own_chunks * tiles * phases * box_buffer;
constexpr int parts_bytes = SPLITS > 1 ? SPLITS * share * consumers * 16 : 0;
constexpr int staged_at = parts_at + parts_bytes;
constexpr int staged_bytes = share * 8 * 128;
constexpr int barriers_at = round_up(staged_at + groups * staged_bytes, 1024);

static_assert(SPLITS == 1 || SPLITS == 2 || SPLITS == 4 || SPLITS == 8, "a cluster has 1, 2, 4 or 8 blocks");
static_assert(SPLITS <= steps, "more blocks than steps");
static_assert(SHARED_BYTES >= barriers_at + 2048 && SHARED_BYTES <= shared_limit, "SHARED_BYTES out of range");

__device__ __forceinline__ int cluster_rank() {
    int rank = 0;
    if (SPLITS > 1) asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    return rank;
}

/// This block's part of the work.
struct Part {
    int rank = cluster_rank();
    int channel_block = static_cast<int>(blockIdx.x) / SPLITS % channel_blocks;
    int first_tile = static_cast<int>(blockIdx.x) / SPLITS / channel_blocks * tiles;
    int first_step = first_step_of(rank);
    int end_step = first_step_of(rank + 1);
    int first_chunk = chunk_of(first_step);
    int end_chunk = chunk_of(end_step - 1) + 1;
    /// The octets that this rank adds up.
    int octets = larger(0, smaller(share, all_octets - rank * share));
};

/// Each is used once: the weights of a step are here, the inputs of a chunk, the parts of all ranks.
struct Barriers {
    uint32 first;

    __device__ __forceinline__ uint32 weights(int slot) const { return first + 8 * slot; }
    __device__ __forceinline__ uint32 input(int slot) const { return weights(own_steps + slot); }
    __device__ __forceinline__ uint32 parts() const { return input(own_chunks); }

    __device__ __forceinline__ void initialise() const {
        for (int i = 0; i < own_steps + own_chunks + 1; i++) initialise_barrier(first + 8 * i, 1);
        publish_barriers();
    }
};

__device__ void copy_operands(
    const HopperOperands& operands, const Part& part, uint32 memory, const Barriers& barriers) {
    if (SPLITS > 1) arrive_and_expect(barriers.parts(), SPLITS * part.octets * consumers * 16);
    const uint8* weights = reinterpret_cast<const uint8*>(operands.weights);
    for (int step = part.first_step; step < part.end_step; step++) {
        const int slot = step - part.first_step;
        arrive_and_expect(barriers.weights(slot), step_bytes);
        copy_block(
            memory + slot * step_bytes, weights + (step * channel_blocks + part.channel_block) * step_bytes, step_bytes,
            barriers.weights(slot));
    }
    wait_for_inputs();
    for (int chunk = part.first_chunk; chunk < part.end_chunk; chunk++) {
        const int slot = chunk - part.first_chunk;
        const uint32 full = barriers.input(slot);
        const bool is_shortcut = chunk >= input_chunks;
        arrive_and_expect(full, tiles * (is_shortcut ? shortcut_box_bytes : phases * box_bytes));
        for (int i = 0; i < tiles; i++) {
            const Tile tile(part.first_tile + i);
            const uint32 buffer = memory + inputs_at + (slot * tiles + i) * phases * box_buffer;
            if (is_shortcut) {
                copy_box(
                    buffer, operands.shortcut, full, (chunk - input_chunks) * 64, 0, 2 * tile.first_row, tile.image);
                continue;
            }
            for (int phase = 0; phase < phases; phase++)
                copy_box(
                    buffer + phase * box_buffer, operands.input, full, chunk * 64, box_start(0, phase % 2),
                    box_start(tile.first_row, phase / 2), tile.image);
        }
    }
}

/// A warpgroup: 64 channels × SUBTILES tiles of this rank's steps, then its share of the cluster's sums.
struct Consumer {
    static constexpr int stores = divide_up(share * 64, 128);
    const HopperOperands& operands;
    const Part& part;
    uint8* memory;
    uint32 base;
    /// Handed in: the compiler must know it to be the same for all lanes, to keep descriptors in uniform registers.
    int group;
    int quarter = threadIdx.x / 32 % 4;
    int lane = threadIdx.x % 32;
    float sums[SUBTILES][4 * OCTETS];
    /// What this thread will store: 16 bytes each, −1 for none.
    long long element[stores];
    uint4 residual[stores];

    __device__ __forceinline__ int first_channel() const {
        return part.channel_block * block_channels + group % GROUPS_CHANNELS * 64;
    }

    __device__ __forceinline__ Tile tile_of(int subtile) const {
        return Tile(part.first_tile + group / GROUPS_CHANNELS * SUBTILES + subtile);
    }

    __device__ __forceinline__ void prepare_stores() {
#pragma unroll
        for (int i = 0; i < stores; i++) {
            const int index = threadIdx.x % 128 + 128 * i;
            const int pixel = part.rank * share * 8 + index / 8;
            const int subtile = pixel / columns, inside = pixel % columns;
            const Tile tile = tile_of(subtile);
            const int y = inside / pitch, x = inside % pitch;
            element[i] = -1;
            if (index >= share * 64 || subtile >= SUBTILES || y >= TILE_ROWS || x >= OUT_WIDTH) continue;
            if (tile.first_row + y >= OUT_HEIGHT || tile.image >= operands.images) continue;
            element[i] = ((static_cast<long long>(tile.image) * OUT_HEIGHT + tile.first_row + y) * OUT_WIDTH + x) *
                    C_OUT +
                first_channel() + index % 8 * 8;
            if (has_residual)
                residual[i] = *reinterpret_cast<const uint4*>(operands.residual_tensor + element[i]);
        }
    }

    /// Where the window of a step begins, in units of 16 bytes from the first input buffer.
    __device__ __forceinline__ int window_of(int step) const {
        const bool is_shortcut = step >= 9 * input_chunks;
        const int tap = is_shortcut ? 0 : step % 9, row = tap / 3, column = tap % 3;
        const int phase = is_shortcut ? 0 : 2 * tap_phase(row) + tap_phase(column);
        const int shift = is_shortcut ? 0 : tap_shift(row) * pitch + tap_shift(column);
        const int tile = (chunk_of(step) - part.first_chunk) * tiles + group / GROUPS_CHANNELS * SUBTILES;
        return (tile * phases + phase) * (box_buffer / 16) + shift * 8;
    }

    __device__ __forceinline__ void multiply(const Barriers& barriers) {
        constexpr int between = phases * box_buffer / 16;
        // Worked out while the inputs are under way: between the products there is no time for it.
        int windows[own_steps];
#pragma unroll
        for (int i = 0; i < own_steps; i++) windows[i] = window_of(smaller(part.first_step + i, steps - 1));
        const uint64 inputs = describe_rows(base + inputs_at);
        const uint64 weights = describe_rows(base + group % GROUPS_CHANNELS * 8192);
        int waited = -1;
#pragma unroll
        for (int i = 0; i < own_steps; i++) {
            const int step = part.first_step + i;
            // The shares of the ranks differ by a step at most.
            if (i == own_steps - 1 && step >= part.end_step) break;
            const int chunk = chunk_of(step) - part.first_chunk;
            if (chunk != waited) wait_for_phase(barriers.input(chunk), 0);
            waited = chunk;
            wait_for_phase(barriers.weights(i), 0);
            begin_products();
#pragma unroll
            for (int k = 0; k < 4; k++)
#pragma unroll
                for (int tile = 0; tile < SUBTILES; tile++)
                    multiply_rows(
                        sums[tile], weights + i * (step_bytes / 16) + 2 * k,
                        inputs + windows[i] + tile * between + 2 * k, i != 0 || k != 0);
            commit_products();
        }
        wait_for_products<0>();
    }

    /// Sends every octet to the rank that owns it, where it lands in the place of the sender and counts as arrived.
    __device__ __forceinline__ void send_parts(const Barriers& barriers) const {
#pragma unroll
        for (int octet = 0; octet < all_octets; octet++) {
            const float* sum = &sums[octet / OCTETS][octet % OCTETS * 4];
            const uint32 place =
                base + parts_at + ((part.rank * share + octet % share) * consumers + threadIdx.x) * 16;
            asm volatile("{\n"
                         ".reg .b32 place, barrier;\n"
                         "mapa.shared::cluster.u32 place, %0, %2;\n"
                         "mapa.shared::cluster.u32 barrier, %1, %2;\n"
                         "st.async.shared::cluster.mbarrier::complete_tx::bytes.v4.f32 [place], {%3, %4, %5, %6}, "
                         "[barrier];\n"
                         "}" ::"r"(place),
                         "r"(barriers.parts()), "r"(octet / share), "f"(sum[0]), "f"(sum[1]), "f"(sum[2]), "f"(sum[3])
                         : "memory");
        }
    }

    __device__ __forceinline__ void add_parts(int octet, float (&sum)[4]) const {
        sum[0] = sum[1] = sum[2] = sum[3] = 0.f;
#pragma unroll
        for (int rank = 0; rank < SPLITS; rank++) {
            const float4 part_sum = *reinterpret_cast<const float4*>(
                memory + parts_at + ((rank * share + octet) * consumers + threadIdx.x) * 16);
            sum[0] += part_sum.x, sum[1] += part_sum.y, sum[2] += part_sum.z, sum[3] += part_sum.w;
        }
    }

    __device__ __forceinline__ void store(const ChannelPair& channels) {
        uint8* staged = memory + staged_at + group * staged_bytes;
#pragma unroll
        for (int octet = 0; octet < share; octet++) {
            const int all = part.rank * share + octet;
            if (SPLITS > 1 && octet >= part.octets) break;
            const int subtile = all / OCTETS;
            float sum[4], values[4];
            if (SPLITS > 1) {
                add_parts(octet, sum);
            } else {
#pragma unroll
                for (int i = 0; i < 4; i++) sum[i] = sums[octet / OCTETS][octet % OCTETS * 4 + i];
            }
            channels.finish_octet(sum, values, all - subtile * OCTETS, lane, tile_of(subtile).first_row);
            const uint32 registers[2] = {pack_halves(values[0], values[1]), pack_halves(values[2], values[3])};
            store_transposed<1>(transposed_address<1>(shared_address(staged), octet, quarter, lane), registers);
        }
        synchronise_group(group);
#pragma unroll
        for (int i = 0; i < stores; i++) {
            if (element[i] < 0) continue;
            const int index = threadIdx.x % 128 + 128 * i, pixel = index / 8;
            uint4 bytes = *reinterpret_cast<const uint4*>(staged + pixel * 128 + ((index % 8 ^ pixel % 8) << 4));
            if (has_residual) {
                float values[8], added[8];
                unpack_eight(bytes, values);
                unpack_eight(residual[i], added);
#pragma unroll
                for (int e = 0; e < 8; e++) values[e] += added[e];
                bytes = pack_eight(values);
            }
            *reinterpret_cast<uint4*>(operands.output_tensor + element[i]) = bytes;
        }
    }
};

/// Begins to wait until all blocks of the cluster run and have their barriers ready.
__device__ __forceinline__ void announce_start() {
    if (SPLITS > 1) asm volatile("barrier.cluster.arrive.relaxed.aligned;" ::: "memory");
}

__device__ __forceinline__ void wait_for_starts() {
    if (SPLITS > 1) asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

/// As in `hopper_convolution`: what the windows reach behind their box is zero.
__device__ __forceinline__ void clear_slack(uint8* memory) {
    constexpr int begin = box_bytes / 16, end = box_buffer / 16;
    for (int box = 0; box < own_chunks * tiles * phases; box++)
        for (int i = begin + threadIdx.x; i < end; i += consumers)
            reinterpret_cast<uint4*>(memory + inputs_at + box * box_buffer)[i] = make_uint4(0, 0, 0, 0);
    publish_shared_writes();
}

extern "C" __global__ void __launch_bounds__(threads, 1) hopper_split(const __grid_constant__ HopperOperands operands) {
    uint8* memory = aligned_memory();
    const uint32 base = shared_address(memory);
    const Barriers barriers{base + barriers_at};
    const Part part;
    const int warp = __shfl_sync(0xFFFFFFFF, threadIdx.x / 32, 0);
    trigger_dependents();
    if (threadIdx.x == consumers) barriers.initialise();
    if (warp < consumers / 32) clear_slack(memory);
    __syncthreads();
    announce_start();
    if (warp < consumers / 32) {
        Consumer consumer{operands, part, memory, base, warp / 4};
        const int channel = consumer.first_channel() + consumer.quarter * 16 + consumer.lane / 4;
        const ChannelPair channels(operands.bias, operands.slope, channel);
        wait_for_starts();
        wait_for_inputs();
        consumer.prepare_stores();
        consumer.multiply(barriers);
        if (SPLITS > 1) {
            consumer.send_parts(barriers);
            wait_for_phase(barriers.parts(), 0);
        }
        consumer.store(channels);
    } else {
        if (threadIdx.x == consumers) copy_operands(operands, part, base, barriers);
        __syncwarp();
        wait_for_starts();
    }
}
