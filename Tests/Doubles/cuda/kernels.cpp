#include "state.h"

// Host functions for kernels that tests and the GPU check use. Each does what the PTX of that name does.

template <typename Value> static Value argument(const fake_cuda_launch *launch, size_t index) {
    return *static_cast<Value *>(launch->parameters[index]);
}

/// y[i] = a·x[i] + y[i] for i < n, as far as the grid's threads reach. Parameters: u64 x, u64 y, f32 a, u32 n.
static int saxpy(const fake_cuda_launch *launch) {
    uint64_t x = argument<uint64_t>(launch, 0), y = argument<uint64_t>(launch, 1);
    float a = argument<float>(launch, 2);
    uint64_t n = argument<uint32_t>(launch, 3);
    uint64_t threads = uint64_t(launch->grid[0]) * launch->block[0];
    if (n > threads) n = threads;
    if (!launch->is_valid(x, n * sizeof(float)) || !launch->is_valid(y, n * sizeof(float))) return ILLEGAL_ADDRESS;
    const float *from = reinterpret_cast<const float *>(uintptr_t(x));
    float *to = reinterpret_cast<float *>(uintptr_t(y));
    for (uint64_t i = 0; i < n; i++) to[i] = a * from[i] + to[i];
    return SUCCESS;
}

/// Reads from address 0, and so breaks the context.
static int fault(const fake_cuda_launch *) {
    return ILLEGAL_ADDRESS;
}

void register_builtin_kernels(State &state) {
    state.kernels["saxpy"] = saxpy;
    state.kernels["fault"] = fault;
}
