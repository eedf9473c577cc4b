// 3×3 convolutions on Hopper for small batches, where latency is everything: the sum is split over a cluster of blocks.
//
// Each block has room for all it needs: it asks for all its weights at once, before the kernel ahead has ended, then for
// its inputs, multiplies as they arrive, and sends parts of its sums to the blocks of the cluster that own them through
// distributed shared memory. Every block then adds the parts of its share in the order of the ranks and stores them.
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
constexpr int octets = SUBTILES * OCTETS;
constexpr int share = divide_up(octets, SPLITS);

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
};

__device__ void copy_operands(const HopperOperands& operands, const Part& part, uint32 memory, uint32 barriers) {
    const uint32 input_barriers = barriers + 8 * own_steps;
    for (int i = 0; i < own_steps; i++) initialise_barrier(barriers + 8 * i, 1);
    for (int i = 0; i < own_chunks; i++) initialise_barrier(input_barriers + 8 * i, 1);
    publish_barriers();
    publish_shared_writes();
    trigger_dependents();
    const uint8* weights = reinterpret_cast<const uint8*>(operands.weights);
    for (int step = part.first_step; step < part.end_step; step++) {
        const int slot = step - part.first_step;
        arrive_and_expect(barriers + 8 * slot, step_bytes);
        copy_block(
            memory + slot * step_bytes, weights + (step * channel_blocks + part.channel_block) * step_bytes, step_bytes,
            barriers + 8 * slot);
    }
    wait_for_inputs();
    for (int chunk = part.first_chunk; chunk < part.end_chunk; chunk++) {
        const int slot = chunk - part.first_chunk;
        const uint32 full = input_barriers + 8 * slot;
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
    int group = threadIdx.x / 128;
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

    __device__ __forceinline__ void multiply(uint32 barriers) {
        constexpr int between = phases * box_buffer;
        int waited = -1;
        for (int step = part.first_step; step < part.end_step; step++) {
            const int chunk = chunk_of(step), slot = step - part.first_step;
            const int tap = step < 9 * input_chunks ? step % 9 : 0;
            const int row = tap / 3, column = tap % 3;
            if (chunk != waited) wait_for_phase(barriers + 8 * (own_steps + chunk - part.first_chunk), 0);
            waited = chunk;
            wait_for_phase(barriers + 8 * slot, 0);
            int phase = 2 * tap_phase(row) + tap_phase(column), shift = tap_shift(row) * pitch + tap_shift(column);
            if (step >= 9 * input_chunks) phase = 0, shift = 0;
            const uint32 own = ((chunk - part.first_chunk) * tiles + group / GROUPS_CHANNELS * SUBTILES) * between;
            const uint64 a = describe_rows(base + slot * step_bytes + group % GROUPS_CHANNELS * 8192);
            const uint64 b = describe_rows(base + inputs_at + own + phase * box_buffer) + shift * 8;
            begin_products();
#pragma unroll
            for (int k = 0; k < 4; k++)
#pragma unroll
                for (int i = 0; i < SUBTILES; i++)
                    multiply_rows(
                        sums[i], a + 2 * k, b + i * (between / 16) + 2 * k, step != part.first_step || k != 0);
            commit_products();
        }
        wait_for_products<0>();
    }

    /// Sends every octet to the rank that owns it, where it lands in the place of the sender.
    __device__ __forceinline__ void send_parts() const {
#pragma unroll
        for (int octet = 0; octet < octets; octet++) {
            const float* sum = &sums[octet / OCTETS][octet % OCTETS * 4];
            const uint32 place =
                base + parts_at + ((part.rank * share + octet % share) * consumers + threadIdx.x) * 16;
            asm volatile("{\n"
                         ".reg .b32 remote;\n"
                         "mapa.shared::cluster.u32 remote, %0, %1;\n"
                         "st.shared::cluster.v4.f32 [remote], {%2, %3, %4, %5};\n"
                         "}" ::"r"(place),
                         "r"(octet / share), "f"(sum[0]), "f"(sum[1]), "f"(sum[2]), "f"(sum[3])
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

__device__ __forceinline__ void cluster_arrive() {
    if (SPLITS > 1) asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
}

__device__ __forceinline__ void cluster_wait() {
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
    const uint32 base = shared_address(memory), barriers = base + barriers_at;
    const Part part;
    const int warp = __shfl_sync(0xFFFFFFFF, threadIdx.x / 32, 0);
    const bool consumes = warp < consumers / 32;
    if (threadIdx.x == consumers) copy_operands(operands, part, base, barriers);
    if (consumes) clear_slack(memory);
    __syncthreads();
    cluster_arrive();  // The peers run: from the matching wait on, their shared memory can be written.
    if (consumes) {
        Consumer consumer{operands, part, memory, base};
        const int channel = consumer.first_channel() + consumer.quarter * 16 + consumer.lane / 4;
        const ChannelPair channels(operands.bias, operands.slope, channel);
        wait_for_inputs();
        consumer.prepare_stores();
        consumer.multiply(barriers);
        cluster_wait();
        if (SPLITS > 1) consumer.send_parts();
        __syncwarp();
        cluster_arrive();
        cluster_wait();
        consumer.store(channels);
    } else {
        __syncwarp();
        cluster_wait();
        cluster_arrive();
        cluster_wait();
    }
}
