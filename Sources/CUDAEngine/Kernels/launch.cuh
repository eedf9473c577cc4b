// Programmatic dependent launch: a kernel may start while the one before it in the stream still runs. Without the
// launch attribute, and before sm_90, both calls do nothing.
#pragma once

/// Lets the next kernel start: it will wait itself before it reads what this one writes.
__device__ __forceinline__ void trigger_dependents() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;");
#endif
}

/// Returns when the kernels before this one have finished and their writes are visible. Only weights, biases and slopes
/// may be read earlier, and nothing may be written.
__device__ __forceinline__ void wait_for_inputs() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}
