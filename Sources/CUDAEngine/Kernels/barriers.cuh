// Barriers in shared memory (mbarrier), through which copies and warps hand buffers to each other.
#pragma once
#include "operands.cuh"

__device__ __forceinline__ void initialise_barrier(uint32 barrier, int arrivals) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals));
}

/// Makes initialised barriers known to the copy engine and to the cluster; a block barrier must follow.
__device__ __forceinline__ void publish_barriers() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}

__device__ __forceinline__ void arrive(uint32 barrier) {
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

/// Arrives, and holds the phase open until `bytes` more bytes were copied.
__device__ __forceinline__ void arrive_and_expect(uint32 barrier, int bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}

/// Returns when the phase of this parity has ended. A fresh barrier passes for parity 1.
__device__ __forceinline__ void wait_for_phase(uint32 barrier, uint32 parity) {
    uint32 done;
    do {
        asm volatile("{\n"
                     ".reg .pred passed;\n"
                     "mbarrier.try_wait.parity.shared::cta.b64 passed, [%1], %2;\n"
                     "selp.u32 %0, 1, 0, passed;\n"
                     "}"
                     : "=r"(done)
                     : "r"(barrier), "r"(parity)
                     : "memory");
    } while (done == 0);
}

/// The 128 threads of a warpgroup wait for each other; `group` 0…3.
__device__ __forceinline__ void synchronise_group(int group) {
    asm volatile("bar.sync %0, 128;" ::"r"(group + 1) : "memory");
}

/// A ring of `slots` buffers, and the parity of its barriers as it goes round.
template <int slots>
struct Ring {
    int slot = 0;
    uint32 parity = 0;

    __device__ __forceinline__ void advance() {
        if (++slot == slots) {
            slot = 0;
            parity ^= 1;
        }
    }
};
