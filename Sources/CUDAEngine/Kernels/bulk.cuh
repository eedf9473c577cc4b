// Bulk copies by the copy engine, between global and shared memory.
#pragma once
#include "hopper_operands.cuh"

__device__ __forceinline__ void prefetch_map(const TensorMap& map) {
    asm volatile("prefetch.tensormap [%0];" ::"l"(&map) : "memory");
}

/// Copies contiguous bytes (a multiple of 16) to shared memory; the barrier counts them.
__device__ __forceinline__ void copy_block(uint32 to, const void* from, int bytes, uint32 barrier) {
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(to),
                 "l"(from), "r"(bytes), "r"(barrier)
                 : "memory");
}

/// Copies the map's box, its first element at (channel, x, y, image), to shared memory. What lies outside of the tensor
/// arrives as zeros, and is counted.
__device__ __forceinline__ void copy_box(
    uint32 to, const TensorMap& map, uint32 barrier, int channel, int x, int y, int image) {
    asm volatile(
        "cp.async.bulk.tensor.4d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], "
        "[%1, {%3, %4, %5, %6}], [%2];" ::"r"(to),
        "l"(&map), "r"(barrier), "r"(channel), "r"(x), "r"(y), "r"(image)
        : "memory");
}

/// Stores the map's box; what lies outside of the tensor is left out.
__device__ __forceinline__ void store_box(const TensorMap& map, uint32 from, int channel, int x, int y, int image) {
    asm volatile(
        "cp.async.bulk.tensor.4d.global.shared::cta.tile.bulk_group [%0, {%2, %3, %4, %5}], [%1];" ::"l"(&map),
        "r"(from), "r"(channel), "r"(x), "r"(y), "r"(image)
        : "memory");
}

__device__ __forceinline__ void commit_stores() { asm volatile("cp.async.bulk.commit_group;" ::: "memory"); }

/// Returns when this thread's stores have read their shared memory.
__device__ __forceinline__ void wait_for_reads_of_stores() {
    asm volatile("cp.async.bulk.wait_group.read 0;" ::: "memory");
}

/// Returns when this thread's stores have arrived.
__device__ __forceinline__ void wait_for_stores() { asm volatile("cp.async.bulk.wait_group 0;" ::: "memory"); }

/// Lets the copy engine and the tensor cores see what this thread wrote to shared memory.
__device__ __forceinline__ void publish_shared_writes() {
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}
